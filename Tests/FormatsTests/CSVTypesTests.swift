import Foundation
import Tables
import TestSupport
import Testing

@testable import Formats

/// From text to values of a declared type, and what types are guessed.
@Suite struct CSVTypesTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// A type, and cells with what they are read as; a question mark stands before an uncomparable one.
    private static let zeros = String(repeating: "0", count: 500)

    static let cells: [(String, [(String, String)])] = [
        (
            "int64",
            [
                ("0", "0"), ("-0", "0"), ("+5", "5"), (" 7 ", "7"), ("\t7", "7"), ("007", "7"),
                ("9223372036854775807", "9223372036854775807"),
                ("-9223372036854775808", "-9223372036854775808"), ("9223372036854775808", "?"),
                ("-9223372036854775809", "?"),
                ("00000000000000000000000000000001", "1"), ("99999999999999999999", "?"),
                ("999999999999999999", "999999999999999999"),
                ("1.0", "?"), ("1e3", "?"), ("1_000", "?"), ("1 000", "?"), ("0x1A", "?"), ("-", "?"), ("+", "?"),
                ("", "missing"), (" ", "?"), ("--1", "?"),
                ("1-", "?"), ("nan", "?"), ("١", "?"), ("1\u{0}", "?"),
            ]
        ),
        (
            "uint64",
            [
                ("0", "0"), ("-0", "0"), ("18446744073709551615", "18446744073709551615"),
                ("18446744073709551616", "?"), ("-1", "?"), ("1.0", "?"), ("1e3", "?"),
                ("+1", "1"), (" 1 ", "1"), ("0001", "1"),
            ]
        ),
        (
            "float64",
            [
                ("1.5", "1.5"), ("-0", "-0.0"), (".5", "0.5"), ("5.", "5.0"), ("1e3", "1000.0"), ("1E-3", "0.001"),
                ("+1.5", "1.5"), (" 1.5 ", "1.5"),
                ("0.1", "0.1"), ("123456789012345", "123456789012345.0"),
                ("1234567890123456789", "1.2345678901234568e+18"), ("0.30000000000000004", "0.30000000000000004"),
                ("1.7976931348623157e308", "1.7976931348623157e+308"), ("1e400", "?"), ("1e-400", "0.0"),
                ("5e-324", "5e-324"),
                ("nan", "missing"), ("NaN", "missing"), ("-nan", "missing"), ("inf", "inf"), ("-Infinity", "-inf"),
                ("+INF", "inf"), ("infinit", "?"), ("1_000", "?"),
                ("1,5", "?"), ("0x1p3", "?"), ("1e", "?"), ("e5", "?"), (".", "?"), ("-", "?"), ("1.2.3", "?"),
                ("1 5", "?"), ("", "missing"), (" ", "?"), ("1f", "?"),
                (String(repeating: "1", count: 401), "?"), ("0.\(zeros)1e501", "1.0"), ("1\(zeros)e-500", "1.0"),
                ("0.\(zeros)1", "0.0"), ("1.\(zeros)", "1.0"), ("\(zeros)7", "7.0"), ("1.\(zeros)x", "?"),
                ("0e99999", "0.0"), ("1e-00002", "0.01"), ("1e\(zeros)2", "100.0"), ("-1e99999999999999999999", "?"),
            ]
        ),
        (
            "decimal(5,2)",
            [
                ("1.5", "1.50"), ("999.99", "999.99"), ("-999.99", "-999.99"), ("1000", "?"), ("1000.00", "?"),
                ("1.234", "?"), ("1.2300", "1.23"), ("1e2", "100.00"),
                ("1.\(zeros)", "1.00"), ("1.\(zeros)1", "?"), ("\(zeros)1.5", "1.50"), ("1e00002", "100.00"),
                ("0e99999", "0.00"), ("1\(zeros)e-500", "1.00"), ("0.\(zeros)1e501", "1.00"),
                ("12.5e-1", "1.25"), (" 1 ", "1.00"), ("", "missing"), ("1,5", "?"), ("nan", "?"), ("-.5", "-0.50"),
            ]
        ),
        (
            "decimal(38,0)",
            [
                ("99999999999999999999999999999999999999", "99999999999999999999999999999999999999"),
                ("-99999999999999999999999999999999999999", "-99999999999999999999999999999999999999"),
                ("100000000000000000000000000000000000000", "?"), ("170141183460469231731687303715884105727", "?"),
                ("1.0", "1"), ("1.5", "?"),
            ]
        ),
        (
            "decimal(38,10)",
            [
                ("1234567890123456789012345678.0123456789", "1234567890123456789012345678.0123456789"),
                ("12345678901234567890123456789", "?"),
            ]
        ),
        (
            "boolean",
            [
                ("true", "true"), ("FALSE", "false"), ("True", "true"), ("t", "true"), ("F", "false"), ("yes", "true"),
                ("No", "false"), ("y", "true"), ("N", "false"),
                ("1", "true"), ("0", "false"), (" true ", "true"), ("2", "?"), ("on", "?"), ("truee", "?"),
                ("", "missing"),
            ]
        ),
        (
            "date",
            [
                ("2024-02-29", "2024-02-29"), (" 2024-02-29 ", "2024-02-29"), ("2023-02-29", "?"), ("2024-2-9", "?"),
                ("29.02.2024", "?"), ("2024-02-29T00:00:00", "?"), ("", "missing"),
            ]
        ),
        ("time", [("10:30", "10:30:00"), ("10:30:05.25", "10:30:05.25"), ("24:00", "?"), ("10", "?")]),
        (
            "timestamp",
            [
                ("2024-02-29", "2024-02-29T00:00:00Z"), ("2024-02-29 10:30", "2024-02-29T10:30:00Z"),
                ("2024-02-29T10:30:00+02:00", "2024-02-29T08:30:00Z"),
                ("2024-02-29T10:30:00-0530", "2024-02-29T16:00:00Z"), ("2024-02-29T25:30", "?"), ("1709202600", "?"),
                ("", "missing"),
            ]
        ),
        ("string", [("", "missing"), (" x ", " x "), ("nan", "nan")]),
    ]

    @Test(arguments: cells) func readsDeclaredTypes(_ type: String, _ cells: [(String, String)]) throws {
        var options = CSVOptions()
        options.header = .names(["x", "y"])
        options.declaredTypes = ["x": try #require(LogicalType(named: type))]
        let path = try scratch.file(cells.map { "\($0.0.contains(",") ? "\"\($0.0)\"" : $0.0),.\n" }.joined())
        let reading = try Reading([path], options)
        #expect(reading.values.map { $0[0] } == cells.map { $0.1 == "?" ? "?\($0.0)" : $0.1 })
        #expect(reading.widenings == [:])
    }

    /// Cells and the type that they are guessed to have.
    static let guesses: [([String], String)] = [
        (["1", "-5", "+7", "0"], "int64"), (["1", "1.5"], "float64"), (["1", "1e3"], "float64"),
        (["1", "9223372036854775808"], "decimal(38,0)"),
        (["9223372036854775808", "1.5"], "decimal(38,1)"), (["1.5", "9223372036854775808"], "decimal(38,1)"),
        (["9007199254740993", "12.0"], "decimal(38,0)"), (["0.1", "9007199254740993"], "decimal(38,1)"),
        (["9007199254740992", "12.0"], "float64"), (["1.25", "0.125", "1e5"], "float64"),
        (["0.30000000000000004", "1e-300", "5e-324", "0.1000000000000000055511151231257827"], "float64"),
        (["12345678901234567.89", "1"], "decimal(38,2)"), (["1", "1e-400"], "int64"), (["1e-400"], "string"),
        (["0.33333333333333333333", "1.5"], "decimal(38,20)"),
        (["1", "100000000000000000000000000000000000000"], "int64"), (["1.5", "007"], "string"),
        (["99999999999999999999999999999999999999"], "decimal(38,0)"),
        (["100000000000000000000000000000000000000"], "string"),
        (["2024-01-01"], "date"), (["2024-01-01", "2024-01-01T10:00"], "timestamp"),
        (["2024-01-01 10:00:00Z"], "timestamp"),
        (["2024-13-01"], "string"), (["true", "FALSE"], "boolean"), (["true", "1"], "string"), (["yes"], "string"),
        (["007"], "string"), (["-007"], "string"),
        (["0.5", "-0.5", ".5"], "float64"), (["1.5", "1e400"], "float64"), (["nan"], "string"),
        (["inf", "1"], "string"), (["1", "x"], "string"),
        (["x", "1"], "string"),
        (["10:30"], "string"), (["1", "2024-01-01"], "string"), ([""], "string"), (["", "1", ""], "int64"),
        (["\"\"", "1"], "string"), (["\"1\""], "int64"),
        ([" 1 "], "int64"), (["1234-567-8901"], "string"), (["1_000"], "string"), (["0x10"], "string"),
        (["-"], "string"), (["."], "string"),
    ]

    @Test(arguments: guesses) func guessesTypes(_ cells: [String], _ wanted: String) throws {
        var options = CSVOptions()
        options.header = .names(["x", "y"])
        #expect(try Reading([scratch.file(cells.map { "\($0),.\n" }.joined())], options).types[0] == wanted)
    }

    /// A guessed type, a cell beyond the sample, and the wider type that it needs; `nil` where it stays uncomparable or fits.
    static let widenings: [(LogicalType, String, LogicalType?)] = [
        (.int64, "1.5", .float64), (.int64, "1.0", .float64), (.int64, "1e3", .float64),
        (.int64, "9223372036854775808", whole), (.int64, "x", nil), (.int64, "7", nil),
        (.int64, "100000000000000000000000000000000000000", nil), (.int64, "2024-01-01", nil), (.int64, "true", nil),
        (.int64, "nan", nil),
        (whole, "7", nil), (whole, "99999999999999999999999999999999999999", nil),
        (whole, "-99999999999999999999999999999999999999", nil), (whole, "1.5", .decimal(precision: 38, scale: 1)),
        (whole, "1.0", nil), (whole, "1e3", nil), (whole, "0.000000000000000000001", nil),
        (whole, "100000000000000000000000000000000000000", nil),
        (whole, "170141183460469231731687303715884105727", nil), (.float64, "9223372036854775808", whole),
        (.int64, "9007199254740993.5", .decimal(precision: 38, scale: 1)), (.int64, "1e400", nil),
        (.int64, "-1e-400", nil),
        (.float64, "9007199254740992", nil), (.float64, "-9007199254740993", whole),
        (.float64, "0.1000000000000000001", .decimal(precision: 38, scale: 19)),
        (.float64, "17976931348623157e292", nil),
        (.float64, "1.7000000000000003e+18", nil), (.float64, " nan", nil),
        (.int64, "007", .string), (.int64, "-007", .string), (.int64, " 00501 ", .string), (.int64, "0", nil),
        (.int64, "00:15", nil),
        (.int64, "01/02/2024", nil),
        (.int64, "-0", nil), (.int64, "+7", nil), (.float64, "007", .string), (.float64, "-00.5", .string),
        (.float64, "0.5", nil), (whole, "007", .string), (.boolean, "007", nil), (.date, "007", nil),
        (.float64, "x", nil),
        (.date, "2024-01-01T10:00:00", .timestamp), (.date, "2024-01-32", nil), (.timestamp, "2024-01-01", nil),
        (.boolean, "yes", nil), (.boolean, "1", nil),
    ]
    private static let whole = LogicalType.decimal(precision: 38, scale: 0)

    @Test(arguments: widenings) func guessedTypesGiveWay(_ type: LogicalType, _ cell: String, _ wanted: LogicalType?) {
        let cells = FieldCutter.Cells(texts: TextCells([cell]), present: Bitmap(repeating: true, count: 1))
        var guessed = CellParser(type: type, origin: .inferred, zone: .utc)
        _ = guessed.column(cells, need: [.values])
        #expect(guessed.widening == wanted)
        var declared = CellParser(type: type, origin: .declared, zone: .utc)
        _ = declared.column(cells, need: [.values])
        #expect(declared.widening == nil)
    }

    /// Wider values, and the type that the column ends up with in whatever order they come.
    static let mixtures: [([String], String)] = [
        (["1", "9223372036854775808", "1.0"], "decimal(38,0)"), (["1", "9223372036854775808", "1e3"], "decimal(38,0)"),
        (["1", "9007199254740993", "1.25"], "decimal(38,2)"),
        (["1", "0.125", "9007199254740993", "0.5"], "decimal(38,3)"),
        (["1", "9007199254740993", "1e-300"], "decimal(38,0)"), (["1", "1.5", "007"], "string"),
        (["1", "9223372036854775808", "2"], "decimal(38,0)"), (["1", "x", "1.5"], "float64"),
        (["2024-01-01", "2024-01-01T10:00", "2024-01-02"], "timestamp"),
    ]

    /// Each value is the first of its file's batches once, after a sample that has seen the narrowest one only.
    @Test(arguments: mixtures) func theWidestTypeDoesNotDependOnTheOrder(_ cells: [String], _ wanted: String) throws {
        let sample = String(repeating: "\(cells[0])\n", count: (1 << 18) / (cells[0].count + 1) + 1)
        for rest in [Array(cells.dropFirst()), cells.dropFirst().reversed()] {
            let path = try scratch.file(
                "x\n" + sample + rest.map { "\($0)\n" + String(repeating: "\(cells[0])\n", count: 20) }.joined())
            var options = CSVOptions()
            options.chunkBytes = 64
            var source: any BatchSource = try CSVSource([path], options: options)
            for _ in 0..<9 {
                // As a scan would: the first widening met ends the reading.
                let reader = try source.open(Projection([0: .values]), ordinals: nil).makeWorker()
                while reader.widenings.isEmpty, try reader.next() != nil {}
                guard !reader.widenings.isEmpty, let wider = source.retyping(reader.widenings, origin: .inferred) else {
                    break
                }
                source = wider
            }
            #expect(source.schema.fields[0].type.description == wanted, "\(rest)")
        }
    }

    @Test func floatsAreTheNearestOnes() {
        var random = SeededGenerator(seed: 5)
        for round in 0..<3_000 {
            let digits = (0..<Int.random(in: 1...19, using: &random)).map { _ in
                String(Int.random(in: 0...9, using: &random))
            }.joined()
            let point = Int.random(in: 0...digits.count, using: &random)
            let sign = random.pick(["", "-", "+"])
            let exponent = random.chance(30) ? "e\(Int.random(in: -330...310, using: &random))" : ""
            let text = "\(sign)\(digits.prefix(point)).\(digits.dropFirst(point))\(exponent)"
            let found = Array(text.utf8).withUnsafeBytes { NumberText.float64($0) }
            let nearest = strtod(text, nil)
            #expect(
                found?.bitPattern == (nearest.isFinite ? nearest.bitPattern : nil), "seed 5, round \(round): \(text)")
        }
    }

    /// A zone, a clock time, and the instant.
    static let zones: [(String, String, String)] = [
        ("UTC", "2024-07-01T12:00", "2024-07-01T12:00:00Z"), ("+02:00", "2024-07-01T12:00", "2024-07-01T10:00:00Z"),
        ("-0530", "2024-07-01T12:00", "2024-07-01T17:30:00Z"),
        ("Europe/Berlin", "2024-07-01T12:00", "2024-07-01T10:00:00Z"),
        ("Europe/Berlin", "2024-01-01T12:00", "2024-01-01T11:00:00Z"),
        ("Europe/Berlin", "2024-01-01", "2023-12-31T23:00:00Z"),
        ("Europe/Berlin", "2024-07-01T12:00Z", "2024-07-01T12:00:00Z"),
        ("Europe/Berlin", "2024-03-31T01:59:59.999999", "2024-03-31T00:59:59.999999Z"),
        ("Europe/Berlin", "2024-03-31T02:30", "2024-03-31T01:30:00Z"),
        ("Europe/Berlin", "2024-03-31T03:00", "2024-03-31T01:00:00Z"),
        ("Europe/Berlin", "2024-10-27T01:59", "2024-10-26T23:59:00Z"),
        ("Europe/Berlin", "2024-10-27T02:00", "2024-10-27T00:00:00Z"),
        ("Europe/Berlin", "2024-10-27T02:59:59", "2024-10-27T00:59:59Z"),
        ("Europe/Berlin", "2024-10-27T03:00", "2024-10-27T02:00:00Z"),
        ("America/New_York", "2024-03-10T03:00", "2024-03-10T07:00:00Z"),
        ("America/New_York", "2024-11-03T01:30", "2024-11-03T05:30:00Z"),
        ("Asia/Kolkata", "2024-07-01T12:00", "2024-07-01T06:30:00Z"),
        ("Australia/Lord_Howe", "2024-04-07T01:45", "2024-04-06T14:45:00Z"),
        ("Pacific/Apia", "2011-12-31T00:00", "2011-12-30T10:00:00Z"),
        ("America/St_Johns", "2010-11-07T00:00:30", "2010-11-07T02:30:30Z"),
        ("America/St_Johns", "2010-11-07T00:01:30", "2010-11-07T03:31:30Z"),
        ("America/St_Johns", "2010-11-07T00:14", "2010-11-07T03:44:00Z"),
        ("Europe/Berlin", "1969-12-31T23:59", "1969-12-31T22:59:00Z"),
        ("Europe/Berlin", "1970-01-01T00:00", "1969-12-31T23:00:00Z"),
        ("Europe/Berlin", "9999-12-31T12:00", "9999-12-31T11:00:00Z"),
        ("Africa/Monrovia", "1972-01-06T23:00", "1972-01-06T23:44:30Z"),
        ("Africa/Monrovia", "1972-01-07T01:00", "1972-01-07T01:00:00Z"),
    ]

    @Test(arguments: zones) func clockTimesAreOfTheZone(_ zone: String, _ text: String, _ wanted: String) throws {
        var options = CSVOptions()
        options.timeZone = try #require(ZoneRule(zone))
        options.header = .names(["x"])
        options.declaredTypes = ["x": .timestamp]
        #expect(try Reading([scratch.file("\(text)\n")], options).values == [[wanted]])
    }

    /// All clock times of the table, forwards and backwards through one converter: what it remembers must not show.
    @Test func theOrderOfClockTimesDoesNotMatter() throws {
        for zone in Set(Self.zones.map(\.0)).sorted() {
            let rule = try #require(ZoneRule(zone))
            let cases = Self.zones.filter { $0.0 == zone && !$0.1.hasSuffix("Z") }
            for order in [cases, cases.reversed()] {
                var converter = rule.makeConverter()
                for (_, text, wanted) in order {
                    let local = try #require(bytes(of: text) { CivilTime.parseTimestamp($0) }?.local)
                    #expect(CivilTime.format(microseconds: converter.instant(local)) == wanted, "\(zone) \(text)")
                }
            }
        }
    }

    @Test(arguments: ["", "Mars/Olympus", "+25:00", "+1", "+", "2", "Europe/berlin2"]) func refusesWhatIsNoZone(
        _ name: String
    ) {
        #expect(ZoneRule(name) == nil)
    }

    private func bytes<Result>(of text: String, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        Array(text.utf8).withUnsafeBytes { body($0) }
    }
}
