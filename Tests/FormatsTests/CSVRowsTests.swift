import Formats
import Tables
import TestSupport
import Testing

/// Delimited text in, cells out (RFC 4180, and what files do besides).
@Suite struct CSVRowsTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let text: String
        var delimiter: UInt8? = 0x2C
        var quote: UInt8? = 0x22
        var header = CSVOptions.Header.present
        var names = ["a", "b"]
        let lines: [String]
        var problems: [String] = []
    }

    private static let afterQuote = "text-after-quote: text between a closing quote and the end of the field"

    static let cases = [
        Case(testDescription: "plain", text: "a,b\n1,2\n3,4\n", lines: ["1|2", "3|4"]),
        Case(testDescription: "no final line break", text: "a,b\n1,2", lines: ["1|2"]),
        Case(testDescription: "final empty field", text: "a,b\n1,", lines: ["1|∅"]),
        Case(testDescription: "CRLF", text: "a,b\r\n1,2\r\n", lines: ["1|2"]),
        Case(testDescription: "CR", text: "a,b\r1,2\r3,4", lines: ["1|2", "3|4"]),
        Case(testDescription: "all line breaks", text: "a,b\n1,2\r\n3,4\r5,6\n", lines: ["1|2", "3|4", "5|6"]),
        Case(testDescription: "quotes", text: "a,b\n\"x\",\"y\"\n", lines: ["x|y"]),
        Case(testDescription: "delimiter in quotes", text: "a,b\n\"x,y\",z\n", lines: ["x,y|z"]),
        Case(testDescription: "line breaks in quotes", text: "a,b\n\"1\n2\r\n3\r4\",z\n", lines: ["1\n2\r\n3\r4|z"]),
        Case(testDescription: "doubled quotes", text: "a,b\n\"say \"\"hi\"\"\",\"\"\"\"\n", lines: ["say \"hi\"|\""]),
        Case(testDescription: "quoted and unquoted empty", text: "a,b\n\"\",\n", lines: ["|∅"]),
        Case(testDescription: "quote inside an unquoted field", text: "a,b\n5\" pipe,6\"\n", lines: ["5\" pipe|6\""]),
        Case(
            testDescription: "two quotes inside an unquoted field", text: "a,b\nx\"y,z\"w,1\n", lines: ["x\"y|z\"w"],
            problems: ["row 1: too-many-fields: 3 fields, expected 2"]),
        Case(testDescription: "space before a quote", text: "a,b\n \"x\", y\n", lines: [" \"x\"| y"]),
        Case(
            testDescription: "text after a quote", text: "a,b\n\"abc\"def,\"x\" \"y\"\n", lines: ["abcdef|x \"y\""],
            problems: ["row 1: \(afterQuote)", "row 1: \(afterQuote)"]),
        Case(testDescription: "spaces are kept", text: "a,b\n x , y \n", lines: [" x | y "]),
        Case(
            testDescription: "ragged rows", text: "a,b\n1\n1,2,3\n1,2\n", lines: ["1|∅", "1|2", "1|2"],
            problems: ["row 1: too-few-fields: 1 field, expected 2", "row 2: too-many-fields: 3 fields, expected 2"]),
        Case(testDescription: "blank lines are no rows", text: "\n\na,b\n\n1,2\n\r\n\n3,4\n\n", lines: ["1|2", "3|4"]),
        Case(testDescription: "only delimiters", text: "a,b\n,\n", lines: ["∅|∅"]),
        Case(
            testDescription: "one column: blank lines are rows", text: "a\n1\n\n2\n\n", names: ["a"],
            lines: ["1", "∅", "2", "∅"]),
        Case(
            testDescription: "one column: blank lines right after the header", text: "a\n\n\n1\n", names: ["a"],
            lines: ["∅", "∅", "1"]),
        Case(
            testDescription: "one column: nothing but blank lines", text: "a\r\n\r\n\r\n", names: ["a"],
            lines: ["∅", "∅"]),
        Case(testDescription: "one column: quoted empty", text: "a\n\"\"\n\n", names: ["a"], lines: ["", "∅"]),
        Case(testDescription: "byte order mark", text: "\u{FEFF}a,b\n1,2\n", lines: ["1|2"]),
        Case(testDescription: "byte order mark before a quote", text: "\u{FEFF}\"a\",b\n1,2\n", lines: ["1|2"]),
        Case(testDescription: "NUL bytes", text: "a,b\n\u{0},x\u{0}y\n", lines: ["\u{0}|x\u{0}y"]),
        Case(testDescription: "not ASCII", text: "a,b\né,日本😀\n", lines: ["é|日本😀"]),
        Case(testDescription: "header only", text: "a,b\n", lines: []),
        Case(testDescription: "header only, no line break", text: "a,b", lines: []),
        Case(testDescription: "quoted names", text: "\"a\",\"b\"\n1,2\n", lines: ["1|2"]),
        Case(
            testDescription: "name with a line break", text: "\"a\nx\",b\n1,2\n", names: ["a\nx", "b"], lines: ["1|2"]),
        Case(
            testDescription: "empty names", text: "a,,\n1,2,3\n", names: ["a", "column_2", "column_3"], lines: ["1|2|3"]
        ),
        Case(
            testDescription: "no header", text: "1,2\n3,4\n", header: .absent, names: ["column_1", "column_2"],
            lines: ["1|2", "3|4"]),
        Case(
            testDescription: "given names", text: "1,2,3\n4\n", header: .names(["x", "y"]), names: ["x", "y"],
            lines: ["1|2", "4|∅"],
            problems: ["row 1: too-many-fields: 3 fields, expected 2", "row 2: too-few-fields: 1 field, expected 2"]),
        Case(testDescription: "other quote", text: "a,b\n'x,''y',\"z\n", quote: 0x27, lines: ["x,'y|\"z"]),
        Case(testDescription: "no quotes at all", text: "a,b\n\"x,y\"\n", quote: nil, lines: ["\"x|y\""]),
        Case(testDescription: "declared semicolon", text: "a;b\n1,5;2,5\n", delimiter: 0x3B, lines: ["1,5|2,5"]),
        Case(
            testDescription: "sniffed semicolon, decimal commas", text: "a;b\n1,5;2,5\n3,5;4,5\n", delimiter: nil,
            lines: ["1,5|2,5", "3,5|4,5"]),
        Case(testDescription: "sniffed tab", text: "a\tb\n1,5\t2\n", delimiter: nil, lines: ["1,5|2"]),
        Case(testDescription: "sniffed pipe", text: "a|b\n1|\"x,y\"\n", delimiter: nil, lines: ["1|x,y"]),
        Case(testDescription: "sniffed comma", text: "a,b\n1;x,2;y\n", delimiter: nil, lines: ["1;x|2;y"]),
        Case(testDescription: "sniffed comma, one column", text: "a\n1\n", delimiter: nil, names: ["a"], lines: ["1"]),
        Case(testDescription: "sniffed header", text: "a,b\n1,2\n", header: .sniffed, lines: ["1|2"]),
        Case(
            testDescription: "sniffed absence of a header", text: "a,1\nb,2\n", header: .sniffed,
            names: ["column_1", "column_2"], lines: ["a|1", "b|2"]),
        Case(
            testDescription: "sniffed header with an empty name", text: "a,\n1,2\n", header: .sniffed,
            names: ["a", "column_2"], lines: ["1|2"]),
    ]

    @Test(arguments: cases) func reads(_ c: Case) throws {
        let path = try scratch.file(c.text)
        for chunkBytes in [16, 24, 1 << 20] {
            var options = CSVOptions()
            (options.delimiter, options.quote, options.header, options.chunkBytes) = (
                c.delimiter, c.quote, c.header, chunkBytes
            )
            let reading = try Reading([path], options)
            #expect(reading.names == c.names)
            #expect(reading.lines == c.lines)
            #expect(reading.problems == c.problems)
        }
    }

    @Test(arguments: ["", "\u{FEFF}", "\n", "\r\n\n"]) func aFileWithoutTextHasNoColumns(_ text: String) throws {
        let reading = try Reading([scratch.file(text)])
        #expect(reading.names == [])
        #expect(reading.lines == [])
    }

    /// Columns that were only declared are not there: nothing could be checked in them.
    @Test func aFileWithoutTextHasNoDeclaredColumns() throws {
        var options = CSVOptions()
        options.declaredTypes = ["b": .int64, "a": .string]
        let reading = try Reading([scratch.file("")], options)
        #expect(reading.names == [])
        options.header = .names(["x"])
        #expect(try Reading([scratch.file("")], options).names == ["x"])
    }

    @Test func missingValuesAreListed() throws {
        var options = CSVOptions()
        options.missingValues = ["NA", "-", "é"]
        let reading = try Reading([scratch.file("a,b\nNA,1\n-,2\nna,NA\n\"NA\",-1\né,\n")], options)
        #expect(reading.lines == ["∅|1", "∅|2", "na|∅", "∅|-1", "∅|∅"])
        #expect(reading.types == ["string", "int64"])
    }

    @Test func problemsSayWhereTheyAre() throws {
        let bytes =
            Array("a,b\n1,2\nx".utf8) + [0xFF] + Array(",\"y\"z\n3\né".utf8) + [0xE2, 0x82, 0x0A] + Array("5,6\n".utf8)
        let wanted = [
            "row 2: invalid-utf8: byte offset 9 is no UTF-8",
            "row 2: text-after-quote: text between a closing quote and the end of the field",
            "row 3: too-few-fields: 1 field, expected 2",
            "row 4: invalid-utf8: byte offset 20 is no UTF-8",
            "row 4: too-few-fields: 1 field, expected 2",
        ]
        for chunkBytes in [16, 17, 18, 19, 20, 1_000] {
            var options = CSVOptions()
            options.header = .present
            options.chunkBytes = chunkBytes
            let reading = try Reading([scratch.file(bytes)], options)
            #expect(reading.problems == wanted)
            #expect(reading.offsets == [4, 8, 16, 18, 23])
        }
    }

    @Test func offsetsCountTheByteOrderMarkAndTheHeader() throws {
        #expect(try Reading([scratch.file("\u{FEFF}a,b\r\n1,2\r\n\r\n3,4\r\n")]).offsets == [8, 15])
    }

    @Test func onlyWantedBatchesAreReadAgain() throws {
        var options = CSVOptions()
        options.chunkBytes = 16
        let source = try CSVSource([scratch.file("a\n" + (1...50).map { "\($0)\n" }.joined())], options: options)
        let whole = try Reading(source)
        let part = try Reading(source, ordinals: [1, 3])
        #expect(whole.batches > 5)
        #expect(part.batches == 2)
        #expect(Set(part.offsets).isSubset(of: Set(whole.offsets)))
        #expect(try Reading(source) == whole)
    }

    static let descriptions: [(String, CSVOptions.Header, String)] = [
        ("a\n1\n", .present, "1 columns, delimiter \",\", header"),
        ("a;b\n1;2\n", .sniffed, "2 columns, delimiter \";\", header"),
        ("1\t2\n", .sniffed, "2 columns, delimiter tab, no header"),
        ("1,2\n", .names(["x", "y"]), "2 columns, delimiter \",\", no header"),
        ("\n\n\n\n1,2\n", .absent, "2 columns, delimiter \",\", no header"), ("", .present, "empty"),
    ]

    @Test(arguments: descriptions) func describesHowAFileIsWritten(
        _ text: String, _ header: CSVOptions.Header, _ wanted: String
    ) throws {
        let path = try scratch.file(text)
        var options = CSVOptions()
        options.header = header
        #expect(try CSVSource([path], options: options).descriptions == ["\(path): \(wanted)"])
    }
}

/// Several files as one table.
@Suite struct CSVFilesTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func columnsAreJoinedByTheirNames() throws {
        let paths = [
            try scratch.file("a,b\n1,x\n", "1.csv"), try scratch.file("b;a\ny;2\n", "2.csv"),
            try scratch.file("", "3.csv"),
            try scratch.file("c,a\n2024-01-01,3\n", "4.csv"), try scratch.file("a,b,c\n", "5.csv"),
        ]
        let reading = try Reading(paths)
        #expect(reading.names == ["a", "b", "c"])
        #expect(reading.types == ["int64", "string", "date"])
        #expect(reading.values == [["1", "x", "missing"], ["2", "y", "missing"], ["3", "missing", "2024-01-01"]])
        #expect(reading.offsets == [4, 4, 4])
        #expect(reading.problems == [])
    }

    @Test func theWidestTypeOfAllFilesIsTheColumns() throws {
        let paths = [
            try scratch.file("a,b,c\n1,1,2024-01-01\n", "1.csv"),
            try scratch.file("a,b,c\n1.5,x,2024-01-01T10:00Z\n", "2.csv"),
        ]
        #expect(try Reading(paths).types == ["float64", "string", "timestamp"])
        #expect(try Reading(paths.reversed()).types == ["float64", "string", "timestamp"])
    }

    @Test func noFilesAreAnEmptyTable() throws {
        #expect(try Reading([]) == Reading())
    }

    @Test func rowsOfEachFileBelongToItsPartition() throws {
        let paths = [
            try scratch.file("a\n1\n2\n", "1.csv"), try scratch.file("a\n", "2.csv"),
            try scratch.file("a\n3\n", "3.csv"),
        ]
        let source = try CSVSource(paths)
        #expect(source.partitions.map(\.name) == paths)
        #expect(source.partitions.map(\.byteCount) == [6, 2, 4])
        #expect(source.unpackedByteCount == 12)
        let worker = try source.open(Projection([0: .values]), ordinals: nil).makeWorker()
        var places: [[Int]] = []
        while let batch = try worker.next() { places.append([batch.ordinal, batch.partition, batch.rowCount]) }
        #expect(places == [[0, 0, 2], [1, 2, 1]])
    }
}
