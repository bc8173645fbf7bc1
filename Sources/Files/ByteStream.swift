public import Tables

/// Bytes that come one after another.
///
/// Not safe for use by several threads at once.
public protocol ByteStream: AnyObject {
    /// Fills a part of the buffer; 0 at the end. Never more than the buffer holds.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int

    /// Whether the next read would wait for somebody to write; what came so far is better worked on.
    var isPaused: Bool { get }
}

/// Bytes that came together.
public struct StreamBlock: Sendable {
    public var bytes: [UInt8]
    /// Whether the stream is known to end behind them.
    public let isAtEnd: Bool
    /// What stopped the reading behind them.
    public let error: SourceError?
}

extension ByteStream {
    public var isPaused: Bool { false }

    /// Fills the buffer as far as there are bytes.
    public func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
        var filled = 0
        while filled < buffer.count {
            let count = try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
            if count == 0 { break }
            filled += count
        }
        return filled
    }

    /// The bytes of `first` and those behind them, until there are `size`, nothing more comes, or the stream pauses.
    ///
    /// There is room for `spare` more in the array. With an error come the bytes before it.
    public func block(after first: [UInt8], upTo size: Int, spare: Int = 0) -> StreamBlock {
        var failure: SourceError?
        var isAtEnd = false
        let bytes = [UInt8](unsafeUninitializedCapacity: max(size, first.count) + spare) { buffer, count in
            _ = buffer.initialize(from: first)
            count = first.count
            do throws(SourceError) {
                while count < size, count == first.count || !isPaused {
                    let free = UnsafeMutableRawBufferPointer(
                        rebasing: UnsafeMutableRawBufferPointer(buffer)[count..<size])
                    let read = try read(into: free)
                    isAtEnd = read == 0
                    if isAtEnd { break }
                    count += read
                }
            } catch { failure = error }
        }
        return StreamBlock(bytes: bytes, isAtEnd: isAtEnd, error: failure)
    }

    /// Passes over bytes.
    public func skip(_ count: Int) throws(SourceError) {
        var rest = count
        var scratch = [UInt8](repeating: 0, count: min(max(count, 1), 65_536))
        while rest > 0 {
            let wanted = min(rest, scratch.count)
            var result: Result<Int, SourceError> = .success(0)
            scratch.withUnsafeMutableBytes { buffer in
                let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted])
                do throws(SourceError) { result = .success(try read(into: part)) } catch { result = .failure(error) }
            }
            let count = try result.get()
            if count == 0 { return }
            rest -= count
        }
    }
}
