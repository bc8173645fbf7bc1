import Files
import Tables

/// A stretch of a file in memory, moved along as pages are read.
///
/// Not safe for use by several threads at once.
final class FileWindow {
    private let input: InputFile
    /// Where the file's data ends and its footer begins.
    private let end: Int64
    private let buffer = PageBuffer()
    private var start: Int64 = 0
    private var count = 0

    init(_ input: InputFile, end: Int64) {
        self.input = input
        self.end = end
    }

    /// Bytes from an offset on: at least `wanted`, or as many as there are before the end.
    ///
    /// Reads as far as `hint` where it has to read. What it returns is good until the next call.
    func bytes(
        at offset: Int64, _ wanted: Int, hint: Int64
    ) throws(ParquetError) -> UnsafeRawBufferPointer {
        guard offset >= 0, offset <= end else {
            throw ParquetError(.corrupt, "a page lies outside of the file's data", byteOffset: offset)
        }
        let available = Int(min(Int64(wanted), end - offset))
        let inside = offset - start
        if inside >= 0, inside <= count, Int64(count) - inside >= available {
            return UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer.bytes)[Int(inside)..<count])
        }
        let kept = inside >= 0 && inside < count ? count - Int(inside) : 0
        if kept > 0, let base = buffer.bytes.baseAddress { base.copyMemory(from: base + Int(inside), byteCount: kept) }
        let total = max(available, Int(min(max(hint - offset, 0), end - offset, 1 << 18)))
        let room = buffer.reserve(total, keeping: kept)
        start = offset
        count = kept
        while count < total {
            let part = UnsafeMutableRawBufferPointer(rebasing: room[count...])
            let found: Int
            do throws(SourceError) { found = try input.read(into: part, at: offset + Int64(count)) } catch {
                throw ParquetError(error)
            }
            guard found > 0 else {
                throw ParquetError(.truncated, "the file ends in the middle of a page", byteOffset: offset)
            }
            count += found
        }
        return UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer.bytes)[..<count])
    }
}
