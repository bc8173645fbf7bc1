import Files
import Tables

/// Reads deletion vectors: which rows of a data file don't count.
enum DeletionVector {
    /// The rows of a descriptor's vector, checked against its checksum and its count.
    static func read(_ descriptor: DeletionVectorDescriptor, table: String) throws(DeltaError) -> RowSet {
        let place: String
        let bytes: [UInt8]
        if let path = try descriptor.path(table: table) {
            place = path
            bytes = try contents(of: path, descriptor)
        } else {
            place = table
            guard let decoded = Z85.decode(descriptor.pathOrInline), decoded.count >= descriptor.sizeInBytes else {
                throw DeltaError(.corrupt, "an inline deletion vector can't be decoded", place: place)
            }
            // The text stands for a multiple of four bytes.
            bytes = Array(decoded.prefix(Int(descriptor.sizeInBytes)))
        }
        let rows: RowSet
        do throws(RoaringReader.Damage) { rows = try RoaringReader.rows(bytes) } catch {
            throw DeltaError(.corrupt, "a deletion vector is damaged: \(error.reason)", place: place)
        }
        guard Int64(rows.count) == descriptor.cardinality else {
            throw DeltaError(
                .corrupt, "a deletion vector has \(rows.count) rows, and the log says \(descriptor.cardinality)",
                place: place)
        }
        return rows
    }

    /// The vector's bytes in its file: behind their length, before their checksum, both big-endian.
    private static func contents(
        of path: String, _ descriptor: DeletionVectorDescriptor
    ) throws(DeltaError) -> [UInt8] {
        do throws(SourceError) {
            let file = try InputFile(path: path, packing: Compression.none)
            let offset = Int64(descriptor.offset ?? 1)
            let size = Int(descriptor.sizeInBytes)
            guard offset + Int64(size) + 8 <= file.byteCount else {
                throw SourceError(code: "truncated", message: "a deletion vector ends early", place: path)
            }
            guard try file.bytes(at: 0, count: 1) == [1] else {
                throw SourceError(
                    code: "unsupported-feature", message: "the deletion vector's file is of an unknown version",
                    place: path)
            }
            let bytes = try file.bytes(at: offset, count: size + 8)
            let stated = bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            let vector = Array(bytes[4..<4 + size])
            let checksum = bytes.suffix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            guard stated == size, checksum == CRC32.checksum(vector) else {
                throw SourceError(
                    code: "corrupt",
                    message: "a deletion vector doesn't match its \(stated == size ? "checksum" : "length")",
                    place: path)
            }
            return vector
        } catch { throw DeltaError(error) }
    }
}

extension InputFile {
    /// Bytes as they lie in the file; those that there are, where it ends early.
    func bytes(at offset: Int64, count: Int) throws(SourceError) -> [UInt8] {
        var failure: SourceError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = 0
            do throws(SourceError) {
                while filled < count {
                    let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                    let part = try read(into: rest, at: offset + Int64(filled))
                    if part == 0 { break }
                    filled += part
                }
            } catch { failure = error }
        }
        if let failure { throw failure }
        return bytes
    }
}
