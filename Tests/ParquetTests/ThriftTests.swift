import Testing

@testable import Parquet

@Suite("Thrift's compact protocol")
struct ThriftTests {
    private func read<Value: ThriftValue>(_ bytes: [UInt8], as type: Value.Type = Value.self) throws -> Value {
        try bytes.withUnsafeBytes { bytes in
            var reader = ThriftReader(bytes)
            return try Value(from: &reader)
        }
    }

    private func written(_ value: some ThriftValue) -> [UInt8] {
        var writer = ThriftWriter()
        value.write(to: &writer)
        return writer.bytes
    }

    @Test func readsAPageHeaderByteByByte() throws {
        // Fields 1, 2, 3 (i32) and 5 (structure with fields 1…4), by deltas.
        let bytes: [UInt8] = [
            0x15, 0x00, 0x15, 0x10, 0x15, 0x12, 0x2C, 0x15, 0x06, 0x15, 0x00, 0x15, 0x06, 0x15, 0x06, 0x00, 0x00,
        ]
        let header = try read(bytes, as: PageHeader.self)
        #expect(header.type == .data)
        #expect(header.uncompressedSize == 8)
        #expect(header.compressedSize == 9)
        #expect(header.dataPage?.valueCount == 3)
        #expect(header.dataPage?.definitionLevelEncoding == .rle)
        #expect(written(header) == bytes)
    }

    @Test func passesOverFieldsOfLaterVersions() throws {
        // Field 1 is the key; field 9 a map of i32 to lists of Booleans; field 10 a double; field 300 a UUID.
        var bytes: [UInt8] = [0x18, 0x01, 0x6B]
        bytes += [0x8B, 0x01, 0x59, 0x02, 0x21, 0x01, 0x02]
        bytes += [0x17] + [UInt8](repeating: 1, count: 8)
        bytes += [0x0D, 0xD8, 0x04] + [UInt8](repeating: 7, count: 16)
        bytes += [0x00]
        #expect(try read(bytes, as: KeyValue.self) == KeyValue(key: "k", value: nil))
    }

    @Test func aFooterSurvivesWritingAndReading() throws {
        let chunk = ColumnChunk(
            fileOffset: 4,
            metadata: ColumnMetadata(
                type: .byteArray, encodings: [.plain, .rleDictionary], path: ["a", "b"], codec: .zstd,
                valueCount: 1 << 40,
                uncompressedSize: 12, compressedSize: 10, dataPageOffset: 4,
                statistics: ColumnStatistics(nullCount: 0, maxValue: [0x7A], minValue: [], isMaxValueExact: false),
                sizeStatistics: SizeStatistics(definitionLevelHistogram: [1, 2])))
        let footer = FileMetadata(
            version: 2,
            schema: [
                SchemaElement(name: "root", childCount: 1),
                SchemaElement(
                    type: .int64, repetition: .optional, name: "t", annotation: .timestamp(.nanoseconds, isUTC: true)),
            ],
            rowCount: -1, rowGroups: [RowGroup(columns: [chunk], byteCount: 12, rowCount: 3)],
            keyValues: (0..<20).map { KeyValue(key: "\($0)", value: nil) }, columnOrders: [.typeDefined, .totalOrder])
        #expect(try read(written(footer), as: FileMetadata.self) == footer)
    }

    @Test(arguments: Annotation.samples) func annotationsSurvive(_ annotation: Annotation) throws {
        #expect(try read(written(annotation), as: Annotation.self) == annotation)
    }

    @Test(arguments: [
        ([UInt8]([0x15]), "the metadata ends in the middle"),
        ([0x16, 0x00, 0x00], "field 1 has an unexpected type in the metadata"),
        ([0x00], "'type' is missing from the metadata"),
        ([0x1E], "type 14 is unknown in the metadata"),
        ([0x15, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], "a number of more than 32 bits in the metadata"),
        ([0x99, 0xFC, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F], "a list of 4294967295 elements in 0 bytes of metadata"),
    ])
    func refuses(_ bytes: [UInt8], _ message: String) {
        #expect(throws: ParquetError.corrupt(message)) { try read(bytes, as: PageHeader.self) }
    }

    @Test func refusesBottomlessNesting() {
        #expect(throws: ParquetError.corrupt("metadata is nested more than 32 deep")) {
            try read([UInt8](repeating: 0xFC, count: 100_000), as: KeyValue.self)
        }
    }
}

extension Annotation {
    static let samples: [Annotation] = [
        .string, .map, .list, .enum, .decimal(precision: 38, scale: 9), .date, .time(.milliseconds, isUTC: true),
        .time(.nanoseconds, isUTC: false), .timestamp(.microseconds, isUTC: false),
        .integer(bitWidth: 8, isSigned: false),
        .integer(bitWidth: 64, isSigned: true), .unknown, .json, .bson, .uuid, .float16, .variant, .geometry,
        .geography,
    ]
}
