import Files
import Foundation
import Tables
import Testing

@testable import Formats

struct JSONSourceTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        var names: [String] = ["a"]
        var types: [LogicalType]?
        let rows: [[Value]]
        var problems: [String] = []
        var declared: [ColumnName: LogicalType] = [:]
    }

    /// Whether a key's first row is in the sample or behind it: what stands twice is told alike.
    @Test(arguments: [0, 300 << 10]) func tellsRepeatedKeysWhateverTheHeadHolds(_ bytesBefore: Int) throws {
        let head = String(repeating: "{\"a\":1}\n", count: bytesBefore / 8)
        let found = try JSONReading(
            head + """
                {"a":2,"b":1,"b":2}
                {"a":2,"c":{"d":1,"e":{"f":1,"\\u0066":2}}}
                {"a":2,"c":{"d":1},"e":{"d":1}}
                {"a":{},"g":{"d":[{"h":1,"h":2}]}}
                """)
        let row = bytesBefore / 8
        #expect(
            found.problems == [
                "\(row) duplicate-key: the key b stands there twice",
                "\(row + 1) duplicate-key: the key c.e.f stands there twice",
            ])
    }

    static let cases = [
        Case(
            testDescription: "JSON's own types", text: #"{"i":1,"f":1.5,"b":true,"s":"x","n":null}"#,
            names: ["i", "f", "b", "s", "n"], types: [.int64, .float64, .boolean, .string, .string],
            rows: [[.integer(1), .float(1.5), .boolean(true), .text("x"), .missing]]),
        Case(
            testDescription: "dates and timestamps in texts",
            text: #"{"d":"2026-11-01","t":"2026-11-01T00:00:01Z","m":"2026-11-01"}"# + "\n"
                + #"{"d":"2026-11-02","t":"2026-11-01 00:00:02","m":"noon"}"#,
            names: ["d", "t", "m"], types: [.date, .timestamp, .string],
            rows: [
                [.date(days: 20758), .timestamp(microseconds: 1_793_491_201_000_000), .text("2026-11-01")],
                [.date(days: 20759), .timestamp(microseconds: 1_793_491_202_000_000), .text("noon")],
            ]),
        Case(
            testDescription: "spaces and tabs around times are passed over",
            text: #"{"d":" 2026-11-01 ","t":"2026-11-01 00:00:01\t","h":" 10:00 ","u":"\t1h ","s":" x "}"#,
            names: ["d", "t", "h", "u", "s"], types: [.date, .timestamp, .time, .duration, .string],
            rows: [
                [
                    .date(days: 20758), .timestamp(microseconds: 1_793_491_201_000_000),
                    .time(microseconds: 36_000_000_000), .duration(microseconds: 3_600_000_000), .text(" x "),
                ]
            ], declared: [ColumnName("h"): .time, ColumnName("u"): .duration]),
        Case(
            testDescription: "what is no duration is uncomparable", text: "{\"a\":\"1h\"}\n{\"a\":\"soon\"}\n{\"a\":5}",
            types: [.duration], rows: [[.duration(microseconds: 3_600_000_000)], [.text("soon")], [.text("5")]],
            declared: [ColumnName("a"): .duration]),
        Case(
            testDescription: "numbers in texts stay texts", text: #"{"a":"12"}"#, types: [.string],
            rows: [[.text("12")]]),
        Case(
            testDescription: "numbers among texts are texts as written",
            text: "{\"a\":\"x\"}\n{\"a\":1.50}\n{\"a\":true}",
            types: [.string], rows: [[.text("x")], [.text("1.50")], [.text("true")]]),
        Case(
            testDescription: "whole numbers and fractions are floats", text: "{\"a\":1}\n{\"a\":2.5}\n{\"a\":1e2}",
            types: [.float64], rows: [[.float(1)], [.float(2.5)], [.float(100)]]),
        Case(
            testDescription: "whole numbers beyond 64 bits are exact", text: "{\"a\":1}\n{\"a\":9223372036854775808}",
            types: [.decimal(precision: 38, scale: 0)],
            rows: [
                [.decimal(DecimalNumber(unscaled: 1))], [.decimal(DecimalNumber(unscaled: 9_223_372_036_854_775_808))],
            ]),
        Case(
            testDescription: "more digits than a decimal has are uncomparable",
            text: "{\"a\":1}\n{\"a\":123456789012345678901234567890123456789012345}", types: [.int64],
            rows: [[.integer(1)], [.text("123456789012345678901234567890123456789012345")]]),
        Case(
            testDescription: "a number beyond doubles is uncomparable", text: "{\"a\":1.5}\n{\"a\":1e400}",
            types: [.float64], rows: [[.float(1.5)], [.text("1e400")]]),
        Case(
            testDescription: "nested objects", text: #"{"user":{"geo":{"country":"DE"},"id":7}}"#,
            names: ["user.geo.country", "user.id"], rows: [[.text("DE"), .integer(7)]]),
        Case(
            testDescription: "columns in order of first appearance",
            text: "{\"b\":1}\n{\"a\":2,\"b\":3,\"c\":{\"d\":4}}",
            names: ["b", "a", "c.d"],
            rows: [[.integer(1), .missing, .missing], [.integer(3), .integer(2), .integer(4)]]),
        Case(
            testDescription: "arrays as their raw JSON", text: #"{"a":[1, {"b":[]}],"c":{}}"#, names: ["a", "c"],
            types: [.string, .string], rows: [[.text(#"[1, {"b":[]}]"#), .text("{}")]]),
        Case(
            testDescription: "an object here and a number there", text: "{\"a\":{\"b\":1}}\n{\"a\":2}\n{\"a\":null}",
            names: ["a", "a.b"], types: [.int64, .int64],
            rows: [[.text(#"{"b":1}"#), .integer(1)], [.integer(2), .missing], [.missing, .missing]]),
        Case(
            testDescription: "null and then an object", text: "{\"a\":null}\n{\"a\":{\"b\":1}}", names: ["a.b"],
            rows: [[.missing], [.integer(1)]]),
        Case(
            testDescription: "dots and backslashes in keys", text: #"{"a.b":1,"c\\d":2,"a":{"b":3}}"#,
            names: ["a\\.b", "c\\\\d", "a.b"], rows: [[.integer(1), .integer(2), .integer(3)]]),
        Case(
            testDescription: "keys spelled with escapes", text: "{\"a\":1}\n{\"\\u0061\":2}",
            rows: [[.integer(1)], [.integer(2)]]
        ),
        Case(
            testDescription: "absent, null and empty", text: "{\"a\":\"x\"}\n{}\n{\"a\":null}\n{\"a\":\"\"}",
            rows: [[.text("x")], [.missing], [.missing], [.text("")]]),
        Case(
            testDescription: "escapes", text: #"{"a":"\"\\\/\b\f\n\r\t\u0000\u00e9\ud83d\ude00"}"#,
            rows: [[.text("\"\\/\u{8}\u{C}\n\r\t\u{0}é😀")]]),
        Case(
            testDescription: "half of a surrogate pair", text: #"{"a":"x\ud800y"}"#, rows: [[.text("x\u{FFFD}y")]],
            problems: ["0 lone-surrogate: an escape is half of a surrogate pair, at byte 8"]),
        Case(
            testDescription: "a key twice", text: #"{"a":1,"b":{"c":2},"a":3,"b":{"d":4}}"#,
            names: ["a", "b.c", "b.d"],
            rows: [[.integer(3), .missing, .integer(4)]], problems: ["0 duplicate-key: the key a stands there twice"]),
        Case(
            testDescription: "an object twice, then something else",
            text: #"{"a":{"b":{"c":1}}}"# + "\n" + #"{"a":{"b":{"c":2},"b":{}}}"# + "\n"
                + #"{"a":{"b":{"c":3}},"a":null}"#
                + "\n" + #"{"a":{"b":{"c":4}},"a":{"b":{"c":5}}}"#,
            names: ["a.b", "a.b.c"],
            rows: [
                [.text(#"{"c":1}"#), .integer(1)], [.text("{}"), .missing], [.missing, .missing],
                [.text(#"{"c":5}"#), .integer(5)],
            ],
            problems: [
                "1 duplicate-key: the key a.b stands there twice", "2 duplicate-key: the key a stands there twice",
                "3 duplicate-key: the key a stands there twice",
            ]),
        Case(
            testDescription: "a key twice, null at last", text: #"{"a":1,"a":null}"#, rows: [[.missing]],
            problems: ["0 duplicate-key: the key a stands there twice"]),
        Case(
            testDescription: "invalid lines are rows",
            text: "{\"a\":1}\n{\"a\":2,}\n{\"a\" 3}\n{\"a\":04}\nnonsense\n{\"a\":5",
            rows: [[.integer(1)], [.missing], [.missing], [.missing], [.missing], [.missing]],
            problems: [
                "1 invalid-json: expected a key in quotes, at byte 8",
                "2 invalid-json: expected a colon behind the key, at byte 6",
                "3 invalid-json: a number is not written as JSON has it, at byte 7",
                "4 invalid-json: expected a value, at byte 1",
                "5 invalid-json: it ends in the middle, at byte 7",
            ]),
        Case(
            testDescription: "commas where none belong",
            text: "{\"a\":1,\"b\":2}\n{,\"a\":1}\n{\"a\":1\"b\":2}\n{\"a\":1,,\"b\":2}",
            names: ["a", "b"],
            rows: [[.integer(1), .integer(2)], [.missing, .missing], [.missing, .missing], [.missing, .missing]],
            problems: [
                "1 invalid-json: expected a key in quotes, at byte 2",
                "2 invalid-json: expected a comma or }, at byte 7",
                "3 invalid-json: expected a key in quotes, at byte 8",
            ]),
        Case(
            testDescription: "lines that are no objects", text: "{\"a\":1}\n[1]\n\"x\"\n7\nnull\ntrue",
            rows: [[.integer(1)], [.missing], [.missing], [.missing], [.missing], [.missing]],
            problems: [
                "1 not-an-object: the row is an array, not an object",
                "2 not-an-object: the row is a text, not an object",
                "3 not-an-object: the row is a number, not an object",
                "4 not-an-object: the row is null, not an object",
                "5 not-an-object: the row is a Boolean, not an object",
            ]),
        Case(
            testDescription: "two values in a line", text: "{\"a\":1}\n{\"a\":2} {\"a\":3}\n",
            rows: [[.integer(1)], [.missing]], problems: ["1 invalid-json: text behind the value, at byte 9"]),
        Case(
            testDescription: "blank lines, CRLF and a byte order mark",
            text: "\u{FEFF}\r\n \t\r\n{\"a\":1}\r\n\n{\"a\": 2 }\r\n  ", rows: [[.integer(1)], [.integer(2)]]),
        Case(
            testDescription: "an array", text: "\n [ {\"a\":1}, {\n  \"a\" : 2\n},{\"a\":\"],[\\\"\"} ]\n",
            types: [.string],
            rows: [[.text("1")], [.text("2")], [.text("],[\"")]]),
        Case(testDescription: "an empty array", text: " [ \n ] ", names: [], rows: []),
        Case(
            testDescription: "commas too many in an array", text: "[{\"a\":1},,{\"a\":2},]",
            rows: [[.integer(1)], [.missing], [.integer(2)], [.missing]],
            problems: [
                "1 invalid-json: it ends in the middle, at byte 1", "3 invalid-json: it ends in the middle, at byte 1",
            ]),
        Case(testDescription: "white space behind an array", text: "[{\"a\":1}] \n\n\t", rows: [[.integer(1)]]),
        Case(
            testDescription: "declared types win", text: #"{"a":1,"b":"2","c":1.25,"d":{"e":[]},"f":0}"#,
            names: ["a", "b", "c", "d", "d.e", "f", "g.h"],
            types: [
                .float64, .int64, .decimal(precision: 5, scale: 2), .string, .string, .boolean, .date,
            ],
            rows: [
                [
                    .float(1), .text("2"), .decimal(DecimalNumber(unscaled: 125, scale: 2)), .text(#"{"e":[]}"#),
                    .text("[]"),
                    .text("0"), .missing,
                ]
            ],
            declared: [
                "a": .float64, "b": .int64, "c": .decimal(precision: 5, scale: 2), "d": .string, "f": .boolean,
                "g.h": .date,
            ]),
        Case(
            testDescription: "no object where one is declared", text: "{\"a\":[]}\n{\"a\":{\"b\":1}}",
            names: ["a", "a.b"],
            rows: [[.text("[]"), .missing], [.text(#"{"b":1}"#), .integer(1)]], declared: ["a.b": .int64]),
        Case(
            testDescription: "only declared columns in an empty file", text: "", names: ["a", "b.c"], rows: [],
            declared: ["b.c": .string, "a": .int64]),
    ]

    @Test(arguments: cases) func reads(_ c: Case) throws {
        for chunk in [16, 1 << 20] {
            var options = JSONOptions()
            options.declaredTypes = c.declared
            options.chunkBytes = chunk
            let found = try JSONReading(c.text, options: options)
            #expect(found.names == c.names)
            if let types = c.types { #expect(found.types == types) }
            #expect(found.rows == c.rows)
            #expect(found.problems == c.problems)
            #expect(found.widenings.isEmpty)
        }
    }

    @Test func tellsWhereRowsBegin() throws {
        let lines = try JSONReading("\u{FEFF}{\"a\":1}\n\n  {\"a\":2}\r\nx\n")
        #expect(lines.offsets == [3, 12, 23])
        let array = try JSONReading("[ {\"a\":1},\n  {\"a\":2}]")
        #expect(array.offsets == [2, 13])
    }

    @Test func readsPackedFiles() throws {
        let zstd: [UInt8] = [
            0x28, 0xB5, 0x2F, 0xFD, 0x20, 0x08, 0x41, 0x00, 0x00, 0x7B, 0x22, 0x61, 0x22, 0x3A, 0x37, 0x7D, 0x0A,
        ]
        let file = try JSONFixture(zstd, name: "rows.jsonl.zst")
        let found = try JSONReading(JSONSource([file.path]))
        #expect(found.rows == [[.integer(7)]])
    }

    @Test func joinsFilesByPath() throws {
        let one = try JSONFixture("{\"a\":1}\n")
        let two = try JSONFixture("[{\"b\":\"x\",\"a\":2.5}]", name: "rows.json")
        let none = try JSONFixture("", name: "none.jsonl")
        let source = try JSONSource([one.path, none.path, two.path])
        let found = try JSONReading(source)
        #expect(found.names == ["a", "b"])
        #expect(found.types == [.float64, .string])
        #expect(found.rows == [[.float(1), .missing], [.float(2.5), .text("x")]])
        #expect(found.partitions == [0, 2])
        #expect(source.descriptions.map { $0.suffix(12) } == [": JSON Lines", ": JSON Lines", "a JSON array"])
    }

    @Test func datesMayBeWrittenWithEscapes() throws {
        let found = try JSONReading(#"{"a":"2026\u002d11-01","b":"2026-11-01T10:00\u003a00"}"#)
        #expect(found.rows == [[.date(days: 20_758), .timestamp(microseconds: 1_793_527_200_000_000)]])
    }

    /// Enough rows that what follows is behind the sample.
    static func behindSample(_ first: String, _ last: String) -> String {
        String(repeating: first + "\n", count: (1 << 18) / first.utf8.count + 1) + last + "\n"
    }

    static let widenings: [(String, String, LogicalType?)] = [
        (#"{"a":1}"#, #"{"a":1.5}"#, .float64),
        (#"{"a":1}"#, #"{"a":9223372036854775808}"#, .decimal(precision: 38, scale: 0)),
        (#"{"a":1}"#, #"{"a":999999999999999999999999999999999999999}"#, nil),
        (#"{"a":9223372036854775808}"#, #"{"a":999999999999999999999999999999999999999}"#, nil),
        (#"{"a":9223372036854775808}"#, #"{"a":1.25}"#, .decimal(precision: 38, scale: 2)),
        (#"{"a":null}"#, #"{"a":"2026-11-01"}"#, .date), (#"{"a":null}"#, #"{"a":"x"}"#, .string),
        (#"{"a":null}"#, #"{"a":true}"#, .boolean),
        (#"{"a":"2026-11-01"}"#, #"{"a":"2026-11-01T10:00:00Z"}"#, .timestamp),
        (#"{"a":1}"#, #"{"a":"1"}"#, nil),
        (#"{"a":1}"#, #"{"a":{"b":1}}"#, nil),
        (#"{"a":1.5}"#, #"{"a":1e999}"#, nil),
        (#"{"a":true}"#, #"{"a":1}"#, nil),
    ]

    @Test(arguments: widenings) func asksForWiderTypes(_ first: String, _ last: String, _ type: LogicalType?) throws {
        let file = try JSONFixture(Self.behindSample(first, last))
        let source = try JSONSource([file.path])
        let found = try JSONReading(source)
        #expect(found.widenings[0] == type)
        guard let type else { return }
        let wider = try #require(source.retyping([0: type], origin: .inferred))
        let again = try JSONReading(wider)
        #expect(wider.schema.fields[0].type == type)
        #expect(again.widenings.isEmpty)
        var options = JSONOptions()
        options.declaredTypes = ["a": source.schema.fields[0].type]
        let declared = try JSONSource([file.path], options: options)
        let uncomparable = try JSONReading(declared)
        #expect(uncomparable.widenings.isEmpty)
        guard case .text = uncomparable.rows.last?[0] else {
            Issue.record("a value of no declared type keeps its text")
            return
        }
        #expect(declared.retyping([0: type], origin: .inferred) == nil)
    }

    static let strays: [(String, [Value])] = [
        (
            "1",
            [.float(1.5), .decimal(DecimalNumber(unscaled: 12_345_678_901_234_567_890)), .text("x"), .boolean(true)]
        ),
        ("1.5", [.decimal(DecimalNumber(unscaled: 12_345_678_901_234_567_890)), .text("x"), .boolean(true)]),
        (
            "\"y\"",
            [.integer(1), .float(1.5), .decimal(DecimalNumber(unscaled: 12_345_678_901_234_567_890)), .boolean(true)]
        ),
        (
            "false",
            [.integer(1), .float(1.5), .decimal(DecimalNumber(unscaled: 12_345_678_901_234_567_890)), .text("x")]
        ),
    ]

    /// Values that are of another type than the guess are there as what they are, where somebody asks for them.
    @Test(arguments: strays) func keepsStrays(_ first: String, _ wanted: [Value]) throws {
        let values = ["1", "1.5", "12345678901234567890", "\"x\"", "true", "null"]
        var options = JSONOptions()
        options.sampleBytes = 64
        let head = String(repeating: "{\"a\":\(first)}\n", count: 20)
        let file = try JSONFixture(head + values.map { "{\"a\":\($0)}\n" }.joined())
        let source = try JSONSource([file.path], options: options)
        let worker = try source.open(Projection([0: [.values, .strays]]), ordinals: nil).makeWorker()
        let column = try #require(try worker.next()).column(0)
        var found: [Int: Value] = [:]
        for stray in column.strays {
            stray.rows.forEach { found[$0] = stray.column.value(at: $0) }
        }
        #expect(found.sorted { $0.key < $1.key }.map(\.value) == wanted)
        let plain = try source.open(Projection([0: .values]), ordinals: nil).makeWorker()
        #expect(try #require(try plain.next()).column(0).strays.isEmpty)
    }

    /// Where it is asked for, a batch's column is of the type that most of its values are of, and the next begins with it.
    @Test func fitsTypesToBatches() throws {
        var options = JSONOptions()
        options.sampleBytes = 64
        options.chunkBytes = 64
        func rows(_ value: String) -> String { String(repeating: "{\"a\":\(value)}\n", count: 20) }
        let text = rows("1") + rows("1.5") + rows("2") + rows("\"x\"") + rows("98765432109876543210") + rows("true")
        let file = try JSONFixture(text)
        let source = try JSONSource([file.path], options: options)
        let worker = try source.open(Projection([0: [.values, .strays, .fitted]]), ordinals: nil).makeWorker()
        var types: [LogicalType] = []
        while let column = try worker.next()?.column(0) {
            if types.last != column.type { types.append(column.type) }
            if column.uncomparable == nil { #expect(column.strays.isEmpty) }
        }
        #expect(types == [.int64, .float64, .string, .int64, .decimal(precision: 38, scale: 0), .boolean])
    }

    @Test func doesNotJudgeKeysBehindTheSample() throws {
        let found = try JSONReading(Self.behindSample(#"{"a":{"b":1}}"#, #"{"c":1,"c":2,"a":[{}]}"#))
        #expect(found.names == ["a.b"])
        #expect(found.rows.last == [.missing])
        #expect(found.problems.map { $0.drop { $0 != " " } } == [" duplicate-key: the key c stands there twice"])
    }

    /// Where every line is a row, the first one tells nothing of how the others are written.
    @Test(
        arguments: [
            [0xFF, 0xFE, 0x7B, 0], [0xFE, 0xFF], [0, 0, 0xFE, 0xFF], [0x1F, 0x8B], [0x28, 0xB5, 0x2F, 0xFD], [0x5B],
        ] as [[UInt8]])
    func aLineIsALineWhateverItBeginsWith(_ first: [UInt8]) throws {
        var options = JSONOptions()
        (options.readsLines, options.compression) = (true, Compression.none)
        let file = try JSONFixture(first + Array("\n{\"a\":1}\n{\"a\":2}\n".utf8))
        let found = try JSONReading(JSONSource([file.path], options: options))
        #expect(found.rows == [[.missing], [.integer(1)], [.integer(2)]])
        #expect(found.kinds.map { $0.contains(.invalidJSON) } == [true, false, false])
    }

    /// Rows of which one has an object where the other has a text, and what is read of them.
    static let mixtures: [(rows: [String], names: [String], last: [Value])] = [
        ([#"{"id":1,"a":{"b":1}}"#, #"{"id":2,"a":"x"}"#], ["id", "a.b"], [.integer(2), .missing]),
        ([#"{"id":2,"a":"x"}"#, #"{"id":1,"a":{"b":1}}"#], ["id", "a"], [.integer(1), .text(#"{"b":1}"#)]),
    ]

    @Test(arguments: mixtures) func valuesInPlaceOfObjectsMakeNoRowMalformed(
        _ rows: [String], _ names: [String], _ last: [Value]
    ) throws {
        let found = try JSONReading(Self.behindSample(rows[0], rows[1]))
        #expect(found.names == names)
        #expect(found.rows.last == last)
        #expect(found.problems.isEmpty)
    }

    @Test func numbersAreNoTexts() throws {
        let rows = [#"{"a":1}"#, #"{"a":"1"}"#, #"{"a":true}"#, #"{"a":[1]}"#]
        let file = try JSONFixture(rows.joined(separator: "\n"))
        let source = try JSONSource([file.path])
        let batch = try #require(try source.open(Projection([0: .values]), ordinals: nil).makeWorker().next())
        #expect(batch.column(0).type == .string)
        #expect(batch.column(0).uncomparable == Bitmap(count: 4, setting: [0, 2]))
        var options = JSONOptions()
        options.declaredTypes = ["a": .string]
        let declared = try JSONSource([file.path], options: options)
        let other = try #require(try declared.open(Projection([0: .values]), ordinals: nil).makeWorker().next())
        #expect(other.column(0).uncomparable == nil)
    }

    @Test func tellsOneRepeatedKeyAmongMany() throws {
        let keys = (0..<5_000).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
        let head = String(repeating: "{\"a\":1}\n", count: 40_000)
        let found = try JSONReading(head + "{\(keys)}\n{\(keys),\"k77\":1}\n{\"k77\":1}")
        #expect(found.problems == ["40001 duplicate-key: the key k77 stands there twice"])
    }

    @Test func refusesRowsThatAreTooLong() throws {
        for text in ["{\"a\":1}\n{\"a\":\"0123456789012345\"}\n{}", "[{\"a\":1},{\"a\":\"0123456789012345\"},{}]"] {
            for chunk in [16, 100] {
                var options = JSONOptions()
                options.chunkBytes = chunk
                options.maximumRowBytes = 20
                let file = try JSONFixture(text)
                let source = try JSONSource([file.path], options: options)
                let error = #expect(throws: SourceError.self) { try JSONReading(source) }
                let offset = text.hasPrefix("[") ? 9 : 8
                #expect(error?.message == "the row at byte offset \(offset) is longer than 20 bytes")
                #expect(error?.byteOffset == Int64(offset))
                #expect(error?.code == "row-too-long")
                #expect(error?.partition == 0)
            }
        }
        var options = JSONOptions()
        options.maximumRowBytes = 1 << 18
        let endless = try JSONFixture("{\"a\":\"" + String(repeating: "x", count: 1 << 20))
        #expect(throws: SourceError.self) { try JSONSource([endless.path], options: options) }
    }

    @Test func looksBehindTheSampleForAFirstRow() throws {
        let text = String(repeating: "x", count: 1 << 19)
        let found = try JSONReading("{\"a\":\"\(text)\"}\n{\"b\":1}\n")
        #expect(found.names == ["a", "b"])
        #expect(found.rows.count == 2)
    }

    @Test func reportsWhatIsNoUTF8() throws {
        let bytes = Array("{\"a\":\"x\"}\n{\"a\":\"".utf8) + [0xFF] + Array("\"}\n{\"a\":\"é\"}".utf8)
        let file = try JSONFixture(bytes)
        let found = try JSONReading(JSONSource([file.path]))
        #expect(found.problems == ["1 invalid-utf8: byte offset 16 is no UTF-8"])
        #expect(found.rows == [[.text("x")], [.text("\u{FFFD}")], [.text("é")]])
        let utf16 = try JSONFixture([0xFF, 0xFE, 0x7B, 0x00])
        let error = #expect(throws: SourceError.self) { try JSONSource([utf16.path]) }
        #expect(error?.code == "utf-16")
    }

    @Test func takesListedTextsForMissing() throws {
        var options = JSONOptions()
        options.missingValues = ["NA", "-999"]
        let found = try JSONReading(
            "{\"a\":1,\"b\":\"NA\"}\n{\"a\":-999,\"b\":\"x\"}\n{\"a\":\"NA\"}", options: options)
        #expect(found.types == [.int64, .string])
        #expect(found.rows == [[.integer(1), .missing], [.missing, .text("x")], [.missing, .missing]])
    }

    @Test func flattensSoManyLevels() throws {
        var options = JSONOptions()
        options.flattenedLevels = 1
        let found = try JSONReading(#"{"a":{"b":{"c":1}},"d":2}"#, options: options)
        #expect(found.names == ["a", "d"])
        #expect(found.rows == [[.text(#"{"b":{"c":1}}"#), .integer(2)]])
    }

    @Test func refusesToNestEndlessly() throws {
        func nested(_ depth: Int) -> String {
            "{\"a\":" + String(repeating: "[", count: depth - 1) + String(repeating: "]", count: depth - 1) + "}"
        }
        let found = try JSONReading(nested(1_000) + "\n" + nested(1_001))
        #expect(found.problems == ["1 invalid-json: nested more than 1000 deep, at byte 1005"])
        var options = JSONOptions()
        options.declaredTypes = [ColumnName((0..<3_000).map { _ in "a" }.joined(separator: ".")): .int64]
        let objects = String(repeating: "{\"a\":", count: 2_000) + "1" + String(repeating: "}", count: 2_000)
        #expect(try JSONReading(objects, options: options).kinds == [[.invalidJSON]])
    }

    @Test func doesNotSlowDownWithRepeatedKeys() throws {
        let keys = (0..<5_000).map { "\"k\($0)\":1" }.joined(separator: ",")
        let repeated = String(repeating: "\"a\":{\"k1\":2},", count: 100_000)
        let found = try JSONReading("{\"a\":{\(keys)}}\n{\(repeated)\"a\":{\"k2\":3}}\n")
        #expect(found.names.count == 5_000)
        #expect(found.rows[1].filter { !$0.isMissing } == [.integer(3)])
        #expect(found.kinds == [[], [.duplicateKey]])
    }

    @Test func namesPathsAndReadsTheNames() {
        for keys in [
            ["a"], ["a", "b"], ["a.b", "c"], ["\\"], ["a\\", ".b"], ["", ""], ["`x`", "naïve"], ["a\\.b"],
        ] {
            #expect(JSONPath.keys(JSONPath.name(keys)) == keys)
        }
        #expect(JSONPath.name(["a.b", "c\\d"]) == "a\\.b.c\\\\d")
        #expect(JSONPath.keys("c\\d") == ["c\\d"])
    }

    @Test func readsTheWantedBatchesOnly() throws {
        let file = try JSONFixture((0..<100).map { "{\"a\":\($0)}\n" }.joined())
        var options = JSONOptions()
        options.chunkBytes = 64
        let source = try JSONSource([file.path], options: options)
        let worker = try source.open(Projection([0: .values]), ordinals: [1, 3]).makeWorker()
        var ordinals: [Int] = []
        while let batch = try worker.next() { ordinals.append(batch.ordinal) }
        #expect(ordinals == [1, 3])
    }
}
