import Tables
import Testing

@testable import Delta

@Suite struct SchemaTests {
    static let text = """
        {"type":"struct","fields":[\
        {"name":"b","type":"byte","nullable":false,"metadata":{"comment":"é \\"q\\"","n":[1,{"x":null}]}},\
        {"name":"a b","type":"decimal(12,2)","nullable":true,"metadata":{}},\
        {"name":"l","type":{"type":"array","elementType":{"type":"struct","fields":[{"name":"x","type":"short","nullable":true,\
        "metadata":{}}]},"containsNull":false},"nullable":true,"metadata":{}},\
        {"name":"m","type":{"type":"map","keyType":"string","valueType":"timestamp_ntz","valueContainsNull":true},"nullable":true,\
        "metadata":{}}]}
        """

    @Test func keepsWhatItReads() throws {
        let schema = try DeltaSchema(text: Self.text, place: "t")
        #expect(schema.json.text() == Self.text)
        #expect(
            schema.logical
                == Schema([
                    Field("b", .int64, isNullable: false), Field("a b", .decimal(precision: 12, scale: 2)),
                    Field("l", .list(.structure([Field("x", .int64)]))),
                    Field("m", .map(key: .string, value: .timestamp)),
                ]))
        #expect(schema.allFields.map(\.name) == ["b", "a b", "l", "x", "m"])
    }

    static let refused = [
        "", "{}", #""long""#, #"{"type":"struct"}"#, #"{"type":"struct","fields":[{"name":"a"}]}"#,
        #"{"type":"struct","fields":[{"name":"a","type":"decimal(39,2)"}]}"#,
        #"{"type":"struct","fields":[{"name":"a","type":"decimal(3,4)"}]}"#,
        #"{"type":"struct","fields":[{"name":"a","type":{"type":"array"}}]}"#,
        #"{"type":"struct","fields":[{"name":"a","type":"long"},{"name":"a","type":"long"}]}"#,
    ]

    @Test(arguments: refused) func refuses(_ text: String) {
        #expect(throws: DeltaError.self) { try DeltaSchema(text: text, place: "t") }
    }

    static let values: [(String?, DeltaType, Value?)] = [
        (nil, .long, .missing), ("", .string, .missing), ("x/y é", .string, .text("x/y é")),
        ("-128", .byte, .integer(-128)), ("128", .byte, nil), ("1.5", .integer, nil),
        ("9223372036854775807", .long, .integer(Int128(Int64.max))), ("true", .boolean, .boolean(true)),
        ("1.50", .decimal(precision: 5, scale: 2), .decimal(DecimalNumber(unscaled: 150, scale: 2))),
        ("1000", .decimal(precision: 5, scale: 2), nil), ("2024-02-29", .date, .date(days: 19_782)),
        ("2023-02-29", .date, nil), ("2024-2-9", .date, .date(days: 19_762)), ("24-02-09", .date, nil),
        ("2024-002-9", .date, nil), ("2024-2-", .date, nil), ("2024-+2-9", .date, nil),
        ("+10000-01-01", .date, .date(days: 2_932_897)),
        ("-290308-12-21 19:59:05.224192", .timestampNtz, .timestamp(microseconds: .min)),
        ("2024-01-01 00:00:00.000001", .timestampNtz, .timestamp(microseconds: 1_704_067_200_000_001)),
        ("2024-01-01T02:00:00+02:00", .timestamp, .timestamp(microseconds: 1_704_067_200_000_000)),
        ("1.5e3", .double, .float(1_500)),
    ]

    @Test(arguments: values) func typesPartitionValues(_ text: String?, _ type: DeltaType, _ value: Value?) {
        #expect(PartitionText.value(text, type) == value)
        guard let value, let text, !text.isEmpty else { return }
        let written = PartitionText.text(value, type)
        #expect(PartitionText.value(written, type) == value)
    }

    @Test func writesTimestampsWithSixDigits() {
        let value = Value.timestamp(microseconds: 1_704_067_200_500_000)
        #expect(PartitionText.text(value, .timestamp) == "2024-01-01T00:00:00.500000Z")
        #expect(PartitionText.text(value, .timestampNtz) == "2024-01-01 00:00:00.500000")
        #expect(PartitionText.text(.timestamp(microseconds: -1), .timestamp) == "1969-12-31T23:59:59.999999Z")
    }

    /// The first and the last day that has a text, and those beside them.
    @Test func knowsWhichTimesMakePartitions() {
        let (first, last) = (-719_528, 2_932_896)
        let days = Column(.date, [first - 1, first, last, last + 1].map { .date(days: $0) } + [.missing])
        #expect(days.unpartitionable == Bitmap(count: 5, setting: [0, 3]))
        let day = CivilTime.microsecondsPerDay
        let times = [Int64.min, Int64(first) * day - 1, Int64(first) * day, Int64(last + 1) * day - 1, .max]
        let ticks = Column(.timestamp, times.map { .timestamp(microseconds: $0) })
        #expect(ticks.unpartitionable == Bitmap(count: 5, setting: [0, 1, 4]))
        for (column, type) in [(days, DeltaType.date), (ticks, .timestamp), (ticks, .timestampNtz)] {
            for row in 0..<column.count {
                let value = column.value(at: row)
                let text = PartitionText.text(value, type)
                #expect(PartitionText.value(text, type) == value)
                #expect(PartitionText.isPortable(text, type) == !(column.unpartitionable?[row] ?? false), "\(value)")
            }
        }
        #expect(Column(.date, [.date(days: 0), .missing]).unpartitionable == nil)
        #expect(Column(.string, [.text("")]).unpartitionable == nil)
    }

    static let paths: [(String, String?)] = [
        ("a.parquet", "/t/a.parquet"), ("p=a%2520b/x%25.parquet", "/t/p=a%20b/x%.parquet"),
        ("/abs/a%20b", "/abs/a b"), ("file:///abs/a", "/abs/a"), ("file:/abs/a", "/abs/a"),
        ("file://localhost/abs/a", "/abs/a"), ("file://host/abs", nil), ("s3://bucket/a", nil),
        ("p=10:20/a", "/t/p=10:20/a"), ("a%", "/t/a%"), ("a%zz", "/t/a%zz"), ("", nil), ("a%00b", nil),
        ("a..b/..c", "/t/a..b/..c"), ("../x", nil), ("a/../x", nil), ("%2e%2e/x", nil), ("..", nil),
        ("/abs/../x", "/abs/../x"),
    ]

    @Test(arguments: paths) func resolvesPaths(_ path: String, _ wanted: String?) {
        #expect((try? DataPath.resolve(path, table: "/t")) == wanted)
    }

    @Test func encodesFolders() {
        let folder = DataPath.folder("a b", "x/y%é=\u{1}")
        #expect(folder == "a%20b=x%2Fy%25é%3D%01")
        #expect(DataPath.decoded(DataPath.encoded(folder)) == folder)
        #expect(DataPath.folder("p", nil) == "p=__HIVE_DEFAULT_PARTITION__")
    }

    /// A name on disk has 255 bytes.
    @Test func cutsFoldersOfLongValues() {
        let (fitting, long) = (String(repeating: "x", count: 253), String(repeating: "x", count: 254))
        #expect(DataPath.folder("p", fitting) == "p=\(fitting)")
        let cut = DataPath.folder("p", long)
        #expect(cut == "p=\(String(repeating: "x", count: 220))-\(Hash128(long).hexadecimal)")
        #expect(DataPath.folder("p", long + "y") != cut)
        for (name, value) in [
            (long, "v"), ("p", String(repeating: "é", count: 200)), (long, String(repeating: " ", count: 90)),
        ] {
            let folder = DataPath.folder(name, value)
            #expect((100...255).contains(folder.utf8.count), "\(folder)")
            #expect(folder.split(separator: "=").count == 2)
        }
    }

    @Test func readsStatistics() throws {
        let schema = DeltaSchema([
            DeltaField("i", .long), DeltaField("f", .double), DeltaField("s", .string), DeltaField("t", .timestamp),
            DeltaField("d", .decimal(precision: 10, scale: 2)), DeltaField("wide", .decimal(precision: 38, scale: 2)),
        ])
        let text = """
            {"numRecords":5,"minValues":{"i":-3,"f":0.5,"s":"a","t":"2024-01-01T00:00:00.001Z","d":1.5,"wide":1.5},\
            "maxValues":{"i":9007199254740993,"f":2,"s":"b","t":"2024-01-01T00:00:00.001Z","d":2,"wide":2},\
            "nullCount":{"i":0,"f":1,"s":4}}
            """
        let file = AddFile(path: "a", partitionValues: [:], size: 1, modificationTime: 0, stats: text)
        let found = try #require(FileStatistics(text: text, of: file, schema: schema, mapping: .none))
        #expect(found.rowCount == 5)
        typealias Column = FileStatistics.Column
        #expect(
            found.columns["i"]
                == Column(missing: 0, least: .integer(-3), greatest: .integer(9_007_199_254_740_993), isExact: true))
        // NaN is missing here, and the log doesn't count it.
        #expect(found.columns["f"] == Column(missing: nil, least: .float(0.5), greatest: .float(2), isExact: false))
        #expect(found.columns["s"] == Column(missing: 4, least: .text("a"), greatest: .text("b"), isExact: false))
        #expect(
            found.columns["t"]
                == Column(
                    missing: nil, least: .timestamp(microseconds: 1_704_067_200_001_000),
                    greatest: .timestamp(microseconds: 1_704_067_200_001_999), isExact: false))
        #expect(found.columns["wide"] == nil)
        let parted = AddFile(
            path: "a", partitionValues: ["s": "x", "i": nil], size: 1, modificationTime: 0, stats: text)
        let constant = try #require(FileStatistics(text: text, of: parted, schema: schema, mapping: .none))
        #expect(constant.columns["s"] == Column(missing: 0, least: .text("x"), greatest: .text("x"), isExact: true))
        #expect(constant.columns["i"] == Column(missing: 5, least: nil, greatest: nil, isExact: true))
        let vector = DeletionVectorDescriptor(
            storage: .inline, pathOrInline: "", offset: nil, sizeInBytes: 0, cardinality: 1)
        let partly = AddFile(
            path: "a", partitionValues: [:], size: 1, modificationTime: 0, stats: text, deletionVector: vector)
        let loose = try #require(FileStatistics(text: text, of: partly, schema: schema, mapping: .none))
        #expect(loose.columns["i"]?.isExact == false)
        #expect(loose.columns["i"]?.missing == nil)
    }

    static let doubtful: [(least: String, greatest: String, type: DeltaType)] = [
        ("50", "1", .long), ("1.5", "1", .double), ("2", "1.99", .decimal(precision: 10, scale: 2)),
        (#""b""#, #""a""#, .string), ("true", "false", .boolean), (#""2024-01-02""#, #""2024-01-01""#, .date),
        (#""2024-01-01T00:00:00.001Z""#, #""2024-01-01T00:00:00.000Z""#, .timestamp),
        // Of another type, on either side.
        (#""1""#, "2", .long), ("1", "2.5", .long), ("1", "300", .byte), ("-40000", "1", .short), ("1", "NaN", .double),
        ("1", #""NaN""#, .double), (#""-Infinity""#, "1", .double), ("1", "2", .string),
        (#""soon""#, #""2024-01-01""#, .date),
        ("0", "1", .boolean), ("[1]", "2", .long),
    ]

    /// A writer whose bounds can't be right is believed in none of them.
    @Test(arguments: doubtful) func takesNoDoubtfulBounds(_ test: (least: String, greatest: String, type: DeltaType)) {
        let schema = DeltaSchema([DeltaField("v", test.type), DeltaField("w", .long)])
        let text = """
            {"numRecords":5,"minValues":{"v":\(test.least),"w":1},"maxValues":{"v":\(test.greatest),"w":1},\
            "nullCount":{"v":1,"w":5}}
            """
        let file = AddFile(path: "a", partitionValues: [:], size: 1, modificationTime: 0, stats: text)
        // What is no JSON at all tells nothing of the file.
        guard let found = FileStatistics(text: text, of: file, schema: schema, mapping: .none) else {
            #expect(test.greatest == "NaN")
            return
        }
        #expect(found.columns["v"]?.least == nil && found.columns["v"]?.greatest == nil)
        // Values, and no row with one.
        #expect(found.columns["w"] == nil)
    }

    @Test(arguments: [
        ("b", true), ("", true), (String(repeating: "x", count: 31), true), (String(repeating: "x", count: 32), false),
        (String(repeating: "x", count: 40), false), (String(repeating: "x", count: 32) + "\u{7F}", true),
        (String(repeating: "x", count: 32) + "\u{10FFFF}", true),
        (String(repeating: "x", count: 32) + "\u{FFFD}", false),
        ("x\u{FFFD}", false), (String(repeating: "😀", count: 16), false),
    ])
    func takesNoTextForABoundThatMayHaveBeenCut(_ text: String, _ isBound: Bool) throws {
        let schema = DeltaSchema([DeltaField("s", .string)])
        let statistics = JSON.object([
            .init("numRecords", .integer(1)), .init("minValues", .object([.init("s", .string(""))])),
            .init("maxValues", .object([.init("s", .string(text))])),
            .init("nullCount", .object([.init("s", .integer(0))])),
        ]).text()
        let file = AddFile(path: "a", partitionValues: [:], size: 1, modificationTime: 0, stats: statistics)
        let found = try #require(FileStatistics(text: statistics, of: file, schema: schema, mapping: .none))
        #expect(
            found.columns["s"]
                == FileStatistics.Column(
                    missing: 0, least: .text(""), greatest: isBound ? .text(text) : nil, isExact: false))
    }
}
