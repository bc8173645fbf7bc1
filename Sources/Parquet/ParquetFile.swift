public import Files
public import Tables

/// A Parquet file: its footer, read and checked, and where its pages are.
public final class ParquetFile: Sendable {
    /// As it was named.
    public let name: String
    public let byteCount: Int64
    /// Microseconds since 1970-01-01T00:00:00Z; `nil` for what came through a pipe.
    public let modified: Int64?
    private let bytes: FileBytes
    public let metadata: FileMetadata
    public let schema: ParquetSchema
    /// What nested fields are shown as; `nil` where they are shown as they are stored.
    let shownSchema: ParquetSchema?
    /// Where the footer begins: no page lies behind it.
    let dataEnd: Int64

    static let magic: [UInt8] = Array("PAR1".utf8)
    private static let encryptedMagic: [UInt8] = Array("PARE".utf8)

    /// Reads the footer: 64 KiB from the end of the file, or as much as it takes.
    ///
    /// Without `staysOpen` the file is closed then, and opened again for as long as somebody reads its pages; what can't be
    /// opened twice stays open.
    public init(_ input: InputFile, staysOpen: Bool = true) throws(SourceError) {
        name = input.name
        byteCount = input.byteCount
        modified = input.modified
        bytes = FileBytes(input, staysOpen: staysOpen)
        do throws(ParquetError) {
            (metadata, dataEnd) = try Self.footer(of: input)
            schema = try ParquetSchema(metadata.schema)
            shownSchema = nil
            try Self.check(metadata, schema, byteCount: input.byteCount)
            rowCount = metadata.rowGroups.reduce(0) { $0.addingReportingOverflow($1.rowCount).partialValue }
        } catch {
            throw error.located(in: input.name)
        }
    }

    /// The same file with a schema of the same shape, its nested fields shown as those of another one.
    init(_ file: ParquetFile, schema: ParquetSchema, shownSchema: ParquetSchema?) {
        name = file.name
        byteCount = file.byteCount
        modified = file.modified
        bytes = file.bytes
        metadata = file.metadata
        dataEnd = file.dataEnd
        rowCount = file.rowCount
        self.schema = schema
        self.shownSchema = shownSchema
    }

    /// Rows of all row groups; the footer's own total is wrong in some files.
    public let rowCount: Int64

    /// The file to read pages from; whoever reads holds it, all that read at once share it.
    ///
    /// A file that is opened again and isn't as it was is an error.
    func input() throws(ParquetError) -> InputFile {
        do throws(SourceError) { return try bytes.input() } catch { throw ParquetError(error) }
    }

    /// Refuses what was read of the file where somebody wrote to it since: see ``FileWitness``.
    func checkUnchanged() throws(SourceError) { try bytes.checkUnchanged() }

    private static func footer(of input: InputFile) throws(ParquetError) -> (FileMetadata, dataEnd: Int64) {
        let size = input.byteCount
        guard size > 0 else { throw ParquetError(.notParquet, "the file is empty") }
        let head = try bytes(of: input, at: 0, Int(min(size, 4)))
        let tailCount = Int(min(size, 1 << 16))
        let tail = try bytes(of: input, at: size - Int64(tailCount), tailCount)
        guard head != encryptedMagic, Array(tail.suffix(4)) != encryptedMagic else {
            throw ParquetError(.encrypted, "the footer is encrypted")
        }
        guard tail.suffix(4).elementsEqual(magic) else {
            guard head == magic else {
                throw ParquetError(
                    .notParquet,
                    packing(head).map {
                        "the file is packed with \($0): a Parquet file is read as it was written, its pages packed"
                    }
                        ?? "it is no Parquet file: it neither begins nor ends with PAR1")
            }
            throw ParquetError(
                .truncated, "the file begins as Parquet and doesn't end so: it has no footer", byteOffset: size)
        }
        guard size >= 12 else { throw ParquetError(.corrupt, "\(size) bytes are too few for a footer") }
        let length = tail.withUnsafeBytes {
            Int64(UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: $0.count - 8, as: UInt32.self)))
        }
        guard length > 0, length <= size - 12 else {
            throw ParquetError(
                .corrupt, "the footer's length is \(length) in a file of \(size) bytes", byteOffset: size - 8)
        }
        let start = size - 8 - length
        let footer =
            length + 8 <= Int64(tailCount)
            ? Array(tail[(tailCount - 8 - Int(length))..<(tailCount - 8)])
            : try bytes(of: input, at: start, Int(length))
        var result: Result<FileMetadata, ParquetError> = .failure(.corrupt("the footer is empty"))
        footer.withUnsafeBytes { bytes in
            var reader = ThriftReader(bytes)
            do throws(ParquetError) { result = .success(try FileMetadata(from: &reader)) } catch {
                result = .failure(error.adding(column: nil, byteOffset: start + Int64(reader.position)))
            }
        }
        return (try result.get(), start)
    }

    /// What a file is packed with as a whole, by its first bytes.
    private static func packing(_ head: [UInt8]) -> String? {
        if head.starts(with: [0x1F, 0x8B]) { return "gzip" }
        return head.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) ? "Zstandard" : nil
    }

    /// What every reader relies on: a chunk a leaf, of the leaf's type, and counts that are none below zero.
    private static func check(
        _ metadata: FileMetadata, _ schema: ParquetSchema, byteCount: Int64
    ) throws(ParquetError) {
        // A page has fewer than 2³¹ values and takes 16 bytes at least: more rows can't be in the file, whoever counts them.
        let most = Int64(Int32.max).multipliedReportingOverflow(by: byteCount / 16 + 1)
        for group in metadata.rowGroups {
            guard group.rowCount >= 0, most.overflow || group.rowCount <= most.partialValue else {
                throw .corrupt("a row group of \(group.rowCount) rows in a file of \(byteCount) bytes")
            }
            guard group.columns.count == schema.leaves.count else {
                throw .corrupt("a row group has \(group.columns.count) columns, the schema \(schema.leaves.count)")
            }
            for (chunk, leaf) in zip(group.columns, schema.leaves) {
                guard let found = chunk.metadata, found.type != leaf.type else { continue }
                throw ParquetError(
                    .corrupt, "the schema says \(leaf.type.name), a row group \(found.type.name)",
                    column: leaf.dottedPath)
            }
        }
        let (_, overflow) = metadata.rowGroups.reduce((Int64(0), false)) { total, group in
            let (sum, overflow) = total.0.addingReportingOverflow(group.rowCount)
            return (sum, total.1 || overflow)
        }
        guard !overflow else { throw .corrupt("the row groups have more than 2⁶³ rows") }
    }

    /// Exactly so many bytes of a file.
    static func bytes(of input: InputFile, at offset: Int64, _ count: Int) throws(ParquetError) -> [UInt8] {
        var result: Result<Void, ParquetError> = .success(())
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            let room = UnsafeMutableRawBufferPointer(buffer)
            while filled < count {
                do throws(SourceError) {
                    let part = UnsafeMutableRawBufferPointer(rebasing: room[filled..<count])
                    let found = try input.read(into: part, at: offset + Int64(filled))
                    guard found > 0 else {
                        result = .failure(ParquetError(.truncated, "the file ends too early", byteOffset: offset))
                        return
                    }
                    filled += found
                } catch {
                    result = .failure(ParquetError(error))
                    return
                }
            }
        }
        try result.get()
        return bytes
    }
}
