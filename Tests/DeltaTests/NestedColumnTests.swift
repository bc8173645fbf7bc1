import Files
import Parquet
import Tables
import TestSupport
import Testing

@testable import Delta

/// Nested columns are the table's, whichever schema a file of theirs was written with, and stay what they are when files are put together.
@Suite struct NestedColumnTests {
    private let folder: Scratch
    private var path: String { folder.directory + "/t" }

    init() throws { folder = try Scratch() }

    /// A table with a file for each of some rows, which are written as a schema has them that may be another one.
    private func table(_ fields: [DeltaField], _ files: [(schema: [SchemaNode], rows: [ParquetValue])]) throws
        -> DeltaTable
    {
        let table = try DeltaTable.create(path, schema: DeltaSchema(fields), now: WrittenTable.now)
        try table.append(files)
        return table
    }

    private func rows(_ table: DeltaTable) throws -> [[String?]] { try ReadRows(table.snapshot()).rows }

    private func optimize(_ table: DeltaTable) throws -> OptimizeResult { try table.optimize(now: WrittenTable.now) }

    /// A structure of members by their names.
    private static func structure(_ members: KeyValuePairs<String, ParquetValue>) -> ParquetValue {
        .structure(members.map { .init(name: $0.key, value: $0.value) })
    }

    /// The values of a column inside of a nested one.
    private func leaf(_ name: String, of table: DeltaTable) throws -> [Value] {
        let source = try DeltaSource(table.snapshot())
        let place = try #require(source.schema.index(of: name))
        let worker = try source.open(Projection([place: [.values, .text]]), ordinals: nil).makeWorker()
        var values: [Value] = []
        while let batch = try worker.next() {
            values += (0..<batch.rowCount).map { batch.column(place).value(at: $0) }
        }
        return values
    }

    /// Fields that a file lacks are missing, those that the table hasn't are left out, order and case are the table's.
    @Test func haveTheFieldsOfTheTable() throws {
        let point = DeltaType.structure([DeltaField("x", .long), DeltaField("y", .string)])
        let fields = [
            DeltaField("s", point), DeltaField("l", .array(point, containsNull: true)),
            DeltaField("m", .map(.string, point, valueContainsNull: true)),
        ]
        func file(_ inner: [SchemaNode], _ value: ParquetValue) -> (schema: [SchemaNode], rows: [ParquetValue]) {
            (
                [
                    .structure("s", inner), .list("l", of: .structure("element", inner)),
                    .map("m", key: .leaf("key", .string, isNullable: false), value: .structure("value", inner)),
                ],
                [
                    Self.structure([
                        "s": value, "l": .list([value, .null]), "m": .map([.init(key: .text("k"), value: value)]),
                    ])
                ]
            )
        }
        let (x, y) = (SchemaNode.leaf("x", .int64), SchemaNode.leaf("y", .string))
        let gone = SchemaNode.list("gone", of: .leaf("element", .string))
        let table = try table(
            fields,
            [
                file([x], Self.structure(["x": .int64(1)])),
                file([x, y], Self.structure(["x": .int64(1), "y": .null])),
                file([y, x], Self.structure(["y": .null, "x": .int64(1)])),
                file(
                    [gone, .leaf("X", .int64)],
                    Self.structure(["gone": .list([.text("a"), .text("b")]), "X": .int64(1)])),
                // Nothing that the table has.
                file([gone], Self.structure(["gone": .list([])])),
            ])
        let known = [#"{"x":1,"y":null}"#, #"[{"x":1,"y":null},null]"#, #"{"k":{"x":1,"y":null}}"#]
        let unknown = [#"{"x":null,"y":null}"#, #"[{"x":null,"y":null},null]"#, #"{"k":{"x":null,"y":null}}"#]
        let wanted = ([known, known, known, known, unknown] as [[String]]).map { $0.map { Optional($0) } }
        let leaves: [Value] = [.integer(1), .integer(1), .integer(1), .integer(1), .missing]
        #expect(try rows(table) == wanted)
        #expect(try leaf("s.x", of: table) == leaves)
        #expect(try leaf("s.y", of: table) == [Value](repeating: .missing, count: 5))
        let outlines = try DeltaSource(table.snapshot()).outlines
        #expect(outlines.map { $0.columns[1]?.missingCount } == [0, 0, 0, 0, 1])
        #expect(outlines.map { $0.columns[2]?.missingCount } == [1, 1, 1, 1, 1])
        let result = try optimize(table)
        #expect((result.removedFiles, result.addedFiles, result.failures) == (5, 1, []))
        #expect(try rows(table) == wanted)
        #expect(try leaf("s.x", of: table) == leaves)
    }

    /// Types that became wider after a file was written.
    @Test func haveTheTypesOfTheTable() throws {
        let fields = [
            DeltaField(
                "s",
                .structure([
                    DeltaField("d", .decimal(precision: 10, scale: 3)), DeltaField("f", .double),
                    DeltaField("t", .timestampNtz), DeltaField("n", .decimal(precision: 5, scale: 1)),
                    DeltaField("u", .timestamp), DeltaField("b", .string),
                ]))
        ]
        let stored = SchemaNode.structure(
            "s",
            [
                .leaf("d", .decimal(precision: 5, scale: 1)), .leaf("f", .float), .leaf("t", .date), .leaf("n", .int32),
                .leaf("u", .timestamp(.nanoseconds, isUTC: false)), .leaf("b", .binary),
            ])
        let value = Self.structure([
            "d": .decimal(unscaled: 15, scale: 1), "f": .float(0.1), "t": .date(days: 19_723), "n": .int64(7),
            "u": .timestamp(ticks: -1, unit: .nanoseconds, isUTC: false), "b": .binary(Array("é".utf8)),
        ])
        let file = ([stored], [Self.structure(["s": value])])
        let table = try table(fields, [file, file])
        let text =
            #"{"d":1.500,"f":0.10000000149011612,"t":"2024-01-01T00:00:00","n":7.0,"u":"1969-12-31T23:59:59.999999Z","b":"é"}"#
        #expect(try rows(table) == [[text], [text]])
        #expect(try optimize(table).addedFiles == 1)
        #expect(try rows(table) == [[text], [text]])
    }

    @Test func refuseOtherTypes() throws {
        let fields = [DeltaField("s", .structure([DeltaField("x", .long)]))]
        let file = (
            [SchemaNode.structure("s", [.leaf("x", .string)])],
            [Self.structure(["s": Self.structure(["x": .text("1")])])]
        )
        let table = try table(fields, [file])
        let error = #expect(throws: SourceError.self) { try rows(table) }
        #expect(error?.code == "schema-mismatch")
        #expect(error?.message == "the column \"s\" is struct<x: int64>, and the file has struct<x: string>")
        #expect(error?.place == path + "/f0.parquet")
    }

    /// What a type has no place for is shown as it is stored, and copied nowhere.
    @Test func keepValuesThatDoNotFit() throws {
        let type = DeltaType.structure([DeltaField("f", .float), DeltaField("n", .decimal(precision: 3, scale: 1))])
        let stored = SchemaNode.structure("s", [.leaf("f", .double), .leaf("n", .int64)])
        let file = (
            [stored],
            [
                Self.structure(["s": Self.structure(["f": .double(0.5), "n": .int64(99)])]),
                Self.structure(["s": Self.structure(["f": .double(0.1), "n": .int64(1_000)])]),
            ]
        )
        let table = try table([DeltaField("s", type)], [file, file])
        let once: [[String?]] = [[#"{"f":0.5,"n":99.0}"#], [#"{"f":0.1,"n":1000}"#]]
        #expect(try rows(table) == once + once)
        let result = try optimize(table)
        #expect(result.version == nil)
        #expect(
            result.failures == [
                DeltaError(
                    .schemaMismatch,
                    "the file f0.parquet was left as it is: column 's', row 2: the value is none of the column's type",
                    place: path, hint: "send the row to quarantine, or have such values written as missing")
            ])
    }

    /// Milliseconds can be of years that no column has.
    @Test(arguments: [true, false]) func tellInstantsOutOfRange(_ isOfTable: Bool) throws {
        let stored = SchemaNode.list(
            "l", of: .leaf("element", .timestamp(isOfTable ? .microseconds : .milliseconds, isUTC: true)))
        let unit: TimeUnit = isOfTable ? .microseconds : .milliseconds
        let rows = [Int64(0), 1 << 62].map { ticks in
            Self.structure(["l": .list([.timestamp(ticks: ticks, unit: unit, isUTC: true)])])
        }
        let table = try table(
            [DeltaField("l", .array(.timestamp, containsNull: true))], [([stored], rows)])
        let worker = try DeltaSource(table.snapshot()).open(Projection([0: [.values, .text]]), ordinals: nil)
            .makeWorker()
        let column = try #require(try worker.next()).column(0)
        #expect(column.uncomparable.map { [$0[0], $0[1]] } == (isOfTable ? nil : [false, true]))
    }

    /// Days and instants of any year, as far as their types reach.
    @Test func keepTimesOfAllYears() throws {
        let fields = [
            DeltaField("d", .array(.date, containsNull: true)),
            DeltaField("s", .structure([DeltaField("t", .timestamp), DeltaField("n", .timestampNtz)])),
        ]
        let days: [Int32] = [.min, -719_529, -719_528, 2_932_896, 2_932_897, .max]
        let ticks: [Int64] = [.min, -62_167_219_200_000_001, 253_402_300_800_000_000, .max]
        let file = (
            DeltaSchema(fields).fields.map(\.stored),
            ticks.map { ticks in
                Self.structure([
                    "d": .list(days.map { .date(days: $0) }),
                    "s": Self.structure([
                        "t": .timestamp(ticks: ticks, unit: .microseconds, isUTC: true),
                        "n": .timestamp(ticks: ticks, unit: .microseconds, isUTC: false),
                    ]),
                ])
            }
        )
        let table = try table(fields, [file, file])
        let dates =
            #"["-5877641-06-23","-0001-12-31","0000-01-01","9999-12-31","+10000-01-01","+5881580-07-11"]"#
        let times = [
            "-290308-12-21T19:59:05.224192", "-0001-12-31T23:59:59.999999", "+10000-01-01T00:00:00",
            "+294247-01-10T04:00:54.775807",
        ]
        let once: [[String?]] = times.map { [dates, #"{"t":"\#($0)Z","n":"\#($0)"}"#] }
        #expect(try rows(table) == once + once)
        let result = try optimize(table)
        #expect((result.addedFiles, result.failures) == (1, []))
        #expect(try rows(table) == once + once)
        let reader = try ParquetFile(
            InputFile(
                path: DataPath.resolve(#require(table.snapshot().files.first).path, table: path),
                packing: Compression.none)
        ).rows()
        let values = (file.1 + file.1).map { row in ["d", "s"].map { row[$0] ?? .null } }
        #expect(try reader.next() == values)
    }
}
