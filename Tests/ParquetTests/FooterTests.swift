import Files
import Tables
import Testing

@testable import Parquet

@Suite("Footers")
struct FooterTests {
    private static let small = HandmadeFile(
        SchemaElement(type: .int32, repetition: .required, name: "a"), rowCount: 1,
        pages: [.first(count: 1, .plain, levels: [], [7, 0, 0, 0])])

    private func refusal(_ bytes: [UInt8]) throws -> SourceError? {
        let file = try TemporaryFile(bytes)
        do throws(SourceError) {
            let opened = try ParquetFile(InputFile(path: file.path, packing: Compression.none))
            _ = try opened.rows().next()
            return nil
        } catch {
            #expect(error.place == file.path)
            return error
        }
    }

    @Test func refusesWhatIsNoParquet() throws {
        #expect(try refusal([])?.code == "not-parquet")
        let error = try refusal(Array("id,name\n1,a\n".utf8))
        #expect(error?.code == "not-parquet")
        #expect(error?.message == "it is no Parquet file: it neither begins nor ends with PAR1")
    }

    @Test(arguments: [("gzip", [0x1F, 0x8B, 8, 0]), ("Zstandard", [0x28, 0xB5, 0x2F, 0xFD])] as [(String, [UInt8])])
    func refusesWhatIsPackedAsAWhole(_ name: String, _ head: [UInt8]) throws {
        let packed = try refusal(head + Self.small.bytes.dropLast(1))
        #expect(packed?.code == "not-parquet")
        #expect(
            packed?.message
                == "the file is packed with \(name): a Parquet file is read as it was written, its pages packed")
    }

    @Test func refusesWhatEndsEarly() throws {
        let error = try refusal(Array(Self.small.bytes.dropLast(9)))
        #expect(error?.code == "truncated")
        #expect(error?.message == "the file begins as Parquet and doesn't end so: it has no footer")
        #expect(error?.hint == "let whoever writes it finish, then run again")
    }

    @Test(arguments: [UInt32(0), 4_000_000_000, 1_000]) func refusesALengthThatIsNone(_ length: UInt32) throws {
        var bytes = Self.small.bytes
        let count = bytes.count
        bytes.replaceSubrange((count - 8)..<(count - 4), with: withUnsafeBytes(of: length.littleEndian) { Array($0) })
        let error = try refusal(bytes)
        #expect(error?.code == "corrupt")
        #expect(error?.message == "the footer's length is \(length) in a file of \(count) bytes")
        #expect(error?.byteOffset == Int64(count - 8))
    }

    @Test func refusesEncryption() throws {
        var bytes = Self.small.bytes
        bytes.replaceSubrange((bytes.count - 4)..., with: Array("PARE".utf8))
        let error = try refusal(bytes)
        #expect(error?.code == "encrypted")
        #expect(error?.message == "the footer is encrypted")
    }

    @Test func refusesAnEncryptedColumnOnlyWhereItIsRead() throws {
        var footer = try Self.footer(of: Self.small.bytes)
        footer.rowGroups[0].columns[0].cryptoMetadata = OpaqueStruct()
        footer.encryptionAlgorithm = OpaqueStruct()
        let error = try refusal(Self.replacing(footer, in: Self.small.bytes))
        #expect(error?.code == "encrypted")
        #expect(error?.message == "column 'a': it is encrypted")
    }

    /// What can't be read of one column is no obstacle to the others.
    @Test(
        arguments: [
            (CompressionCodec.snappy, true, "encrypted", "column 'a': it is encrypted"),
            (.lzo, false, "unsupported", "column 'a': codec LZO is not read"),
        ])
    func leavesTheOthersWhereAColumnCanNotBeRead(
        _ codec: CompressionCodec, _ isEncrypted: Bool, _ code: String, _ message: String
    ) throws {
        let chunk = HandmadeFile.Chunk(
            valueCount: 1, pages: [.first(count: 1, .plain, levels: [], [7, 0, 0, 0])])
        let bytes = HandmadeFile(
            schema: [
                SchemaElement(name: "schema", childCount: 2),
                SchemaElement(type: .int32, repetition: .required, name: "a"),
                SchemaElement(type: .int32, repetition: .required, name: "b"),
            ], rowCount: 1, chunks: [chunk, chunk]
        ).bytes
        var footer = try Self.footer(of: bytes)
        if isEncrypted { footer.rowGroups[0].columns[0].cryptoMetadata = OpaqueStruct() }
        footer.rowGroups[0].columns[0].metadata?.codec = codec
        let file = try TemporaryFile(Self.replacing(footer, in: bytes))
        let source = try ParquetSource([file.path])
        #expect(source.refusal(ofColumn: 0)?.summary == "\(file.path): \(message) [\(code)]")
        #expect(source.refusal(ofColumn: 1) == nil)
        let batches = try BatchComparison.batches(of: source, Projection([1: .values]))
        #expect(batches.map { $0.column(1).value(at: 0) } == [.integer(7)])
    }

    @Test func refusesColumnsThatTheSchemaLacks() throws {
        var footer = try Self.footer(of: Self.small.bytes)
        footer.rowGroups[0].columns.append(footer.rowGroups[0].columns[0])
        #expect(
            try refusal(Self.replacing(footer, in: Self.small.bytes))?.message
                == "a row group has 2 columns, the schema 1")
    }

    @Test func refusesMoreRowsThanBytesCanHold() throws {
        var footer = try Self.footer(of: Self.small.bytes)
        footer.rowGroups[0].rowCount = 1 << 60
        let error = try refusal(Self.replacing(footer, in: Self.small.bytes))
        #expect(error?.code == "corrupt")
        #expect(error?.message.hasPrefix("a row group of 1152921504606846976 rows in a file of ") == true)
    }

    @Test func refusesALongNameInThePathsOfManyColumns() throws {
        let group = SchemaElement(
            repetition: .optional, name: String(repeating: "x", count: 100_000), childCount: 1_000)
        let leaf = SchemaElement(type: .int32, repetition: .optional, name: "a")
        var file = Self.small
        file.schema = [SchemaElement(name: "schema", childCount: 1), group] + Array(repeating: leaf, count: 1_000)
        let error = try refusal(file.bytes)
        #expect(error?.code == "too-large")
        #expect(error?.message == "the paths of the schema's columns take more than 32 MiB")
    }

    @Test func checksChecksums() throws {
        var file = Self.small
        file.hasChecksums = true
        #expect(try refusal(file.bytes) == nil)
        var bytes = file.bytes
        let place = try #require(bytes.indices.first { bytes[$0] == 7 && bytes[$0 + 1] == 0 && bytes[$0 + 3] == 0 })
        bytes[place] = 8
        let error = try refusal(bytes)
        #expect(error?.code == "corrupt")
        #expect(error?.message.contains("a page's checksum is ") == true)
    }

    @Test func refusesWhatOnlyATrapPacksSoTightly() throws {
        var file = Self.small
        file.chunks[0].codec = .zstd
        var bytes = file.bytes
        // The page's announced size: two bytes of ZigZag become 2³⁰.
        let place = try #require(bytes.indices.first { bytes[$0] == 0x15 && bytes[$0 + 1] == 0x08 })
        bytes.replaceSubrange((place + 1)...(place + 1), with: [0x80, 0x80, 0x80, 0x80, 0x08])
        let error = try refusal(bytes)
        #expect(error?.code == "too-large")
    }

    private static func footer(of bytes: [UInt8]) throws -> FileMetadata {
        try bytes.withUnsafeBytes { bytes in
            let length = Int(bytes.loadUnaligned(fromByteOffset: bytes.count - 8, as: UInt32.self))
            var reader = ThriftReader(bytes, from: bytes.count - 8 - length)
            return try FileMetadata(from: &reader)
        }
    }

    private static func replacing(_ footer: FileMetadata, in bytes: [UInt8]) -> [UInt8] {
        let length = bytes.suffix(8).prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        var writer = ThriftWriter()
        footer.write(to: &writer)
        let size = withUnsafeBytes(of: UInt32(writer.bytes.count).littleEndian) { Array($0) }
        return bytes.dropLast(8 + length) + writer.bytes + size + ParquetFile.magic
    }
}
