import Formats
import Foundation
import Tables
import TestSupport
import Testing

/// Files that can't be read, and what is said about them.
@Suite struct CSVErrorsTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func diagnosis(_ paths: [String], _ options: CSVOptions = CSVOptions()) -> String {
        FormatsTests.diagnosis(scratch) { () throws(SourceError) in _ = try Reading(paths, options) }
    }

    @Test(arguments: [16, 64, 1 << 20]) func anUnclosedQuoteIsNamedByItsPlace(_ chunkBytes: Int) throws {
        var options = CSVOptions()
        options.chunkBytes = chunkBytes
        let rows = (1...20).map { "\($0),x\n" }.joined()
        #expect(
            diagnosis([try scratch.file("\u{FEFF}a,b\n\(rows)21,\"open\n22,x\n")], options)
                == "t.csv: the quote that opens at byte offset 101 is never closed [unclosed-quote] at 101 hint: double a quote inside a quoted field: \"\""
        )
        #expect(
            diagnosis([try scratch.file("\u{FEFF}a,\"b\n1,2\n")], options)
                == "t.csv: the quote that opens at byte offset 5 is never closed [unclosed-quote] at 5 hint: double a quote inside a quoted field: \"\""
        )
    }

    @Test(arguments: [16, 33, 100, 1 << 20]) func aRowThatIsTooLongIsNamedByItsPlace(_ chunkBytes: Int) throws {
        var options = CSVOptions()
        (options.chunkBytes, options.maximumRowBytes) = (chunkBytes, 40)
        let hint = "hint: where rows are as long as that, set max_row_bytes in the asset"
        let longest = String(repeating: "x", count: 37)
        #expect(try Reading([scratch.file("a,b\n1,\(longest)\n2,y\n")], options).lines == ["1|\(longest)", "2|y"])
        #expect(
            diagnosis([try scratch.file("a,b\n1,2\n1,x\(longest)\n2,y\n")], options)
                == "t.csv: the row at byte offset 8 is longer than 40 bytes [row-too-long] at 8 \(hint)")
        let open = "1,\"\(longest)\n\n"
        #expect(
            diagnosis([try scratch.file("a,b\n1,2\n\(open)3,4\n")], options)
                == "t.csv: the row at byte offset 8 is longer than 40 bytes, maybe because the quote that opens at byte offset 10 is never closed [row-too-long] at 8 \(hint)"
        )
    }

    @Test func aHeaderThatIsTooLongIsAnError() throws {
        var options = CSVOptions()
        options.maximumRowBytes = 300_000
        let text = String(repeating: "x", count: 300_001)
        #expect(
            diagnosis([try scratch.file(text)], options)
                == "t.csv: the row at byte offset 0 is longer than 300000 bytes [row-too-long] at 0 hint: where rows are as long as that, set max_row_bytes in the asset"
        )
    }

    /// A field of 200 MB, of which only a row's permitted length is ever held.
    @Test func aHugeFieldIsRefusedWithoutReadingItAll() throws {
        let path = try scratch.file("a,b\n1,\"")
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try file.truncate(atOffset: 200_000_000)
        try file.close()
        var options = CSVOptions()
        options.maximumRowBytes = 4 << 20
        let before = Self.peakMemory()
        #expect(
            diagnosis([path], options)
                == "t.csv: the row at byte offset 4 is longer than 4194304 bytes, maybe because the quote that opens at byte offset 6 is never closed [row-too-long] at 4 hint: where rows are as long as that, set max_row_bytes in the asset"
        )
        if let before, let after = Self.peakMemory() { #expect(after - before < 100_000_000) }
    }

    /// The most memory that the process has held, in bytes; `nil` where the system doesn't say.
    private static func peakMemory() -> Int? {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") })
        else { return nil }
        return Int(line.filter { $0.isNumber }).map { $0 * 1_024 }
    }

    /// Bytes of a file, and the error.
    static let files: [(String, [UInt8], String)] = [
        ("little-endian mark", [0xFF, 0xFE, 0x61, 0], "byte order mark FF FE at byte offset 0"),
        ("big-endian mark", [0xFE, 0xFF, 0, 0x61], "byte order mark FE FF at byte offset 0"),
        (
            "little-endian", Array("a,b\n1,2\n".utf8).flatMap { [$0, 0] },
            "every other byte is zero, the first at byte offset 1"
        ),
        (
            "big-endian", Array("a,b\n1,2\n".utf8).flatMap { [0, $0] },
            "every other byte is zero, the first at byte offset 0"
        ),
    ]

    static let wideFiles: [(String, [UInt8], String)] = [
        ("little-endian mark", [0xFF, 0xFE, 0, 0, 0x61, 0, 0, 0], "byte order mark FF FE 00 00 at byte offset 0"),
        ("big-endian mark", [0, 0, 0xFE, 0xFF, 0, 0, 0, 0x61], "byte order mark 00 00 FE FF at byte offset 0"),
        (
            "little-endian", Array("a,b\n1,2\n".utf8).flatMap { [$0, 0, 0, 0] },
            "two of every four bytes are zero, the first at byte offset 2"
        ),
        (
            "big-endian", Array("a,b\n1,2\n".utf8).flatMap { [0, 0, 0, $0] },
            "two of every four bytes are zero, the first at byte offset 0"
        ),
    ]

    @Test(arguments: wideFiles) func utf32IsRefused(_ name: String, _ bytes: [UInt8], _ sign: String) throws {
        #expect(
            diagnosis([try scratch.file(bytes)])
                == "t.csv: the text is UTF-32, not UTF-8: \(sign) [utf-32] at 0 hint: convert it, as with: iconv -f UTF-32 -t UTF-8"
        )
    }

    @Test func namesOfOursGiveWayToThoseOfTheHeader() throws {
        var options = CSVOptions()
        options.header = .present
        #expect(try Reading([scratch.file("column_2,,x\n1,2,3\n")], options).names == ["column_2", "column_2_", "x"])
        #expect(
            try Reading([scratch.file("column_2,,column_2_,\n1,2,3,4\n")], options).names
                == ["column_2", "column_2__", "column_2_", "column_4"])
    }

    @Test(arguments: files) func utf16IsRefused(_ name: String, _ bytes: [UInt8], _ sign: String) throws {
        #expect(
            diagnosis([try scratch.file(bytes)])
                == "t.csv: the text is UTF-16, not UTF-8: \(sign) [utf-16] at 0 hint: convert it, as with: iconv -f UTF-16 -t UTF-8"
        )
    }

    @Test func headersMustBeTextAndDiffer() throws {
        #expect(
            diagnosis([try scratch.file("a,b,a\n")])
                == "t.csv: the header names \"a\" twice, the second time for column 3 [duplicate-column] hint: rename one of them in the file, or read it without its header: header: [a, b, c] names all columns"
        )
        #expect(
            diagnosis([try scratch.file("a,column_2,\n")]) == "no error")
        #expect(diagnosis([try scratch.file("column_2,\n")]) == "no error")
        var options = CSVOptions()
        options.header = .present
        #expect(
            diagnosis([try scratch.file([0x61, 0x2C, 0x62, 0xE9, 0x0A])], options)
                == "t.csv: the header is no UTF-8: byte 2 of the name of column 2 [invalid-utf8] hint: convert the file, as with: iconv -f LATIN1 -t UTF-8"
        )
    }

    @Test(.timeLimit(.minutes(10))) func manyNamesAreComparedOnce() throws {
        let names = (0..<200_000).map { "c\($0)" }.joined(separator: ",")
        var options = CSVOptions()
        options.header = .present
        #expect(
            diagnosis([try scratch.file(names + ",c0\n")], options).hasPrefix(
                "t.csv: the header names \"c0\" twice, the second time for column 200001 [duplicate-column]"))
    }

    @Test func namesOfOtherBytesAreOthers() throws {
        let reading = try Reading([scratch.file("caf\u{E9},cafe\u{301}\n1,2\n")])
        #expect(reading.names.map { Array($0.utf8).count } == [5, 6])
        #expect(reading.lines == ["1|2"])
    }

    @Test func namesOfOtherBytesAreDeclaredApart() throws {
        var options = CSVOptions()
        options.declaredTypes = ["caf\u{E9}": .string, "cafe\u{301}": .float64]
        let source = try CSVSource([scratch.file("caf\u{E9},cafe\u{301}\n1,2\n")], options: options)
        #expect(source.schema.fields.map(\.type) == [.string, .float64])
    }

    @Test func aFileThatGetsShorterIsAnError() throws {
        let path = try scratch.file("a\n" + (1...200).map { "\($0)\n" }.joined())
        var options = CSVOptions()
        options.chunkBytes = 16
        let source = try CSVSource([path], options: options)
        let worker = try source.open(Projection([0: .values]), ordinals: nil).makeWorker()
        _ = try worker.next()
        try FileHandle(forWritingTo: URL(fileURLWithPath: path)).truncate(atOffset: 100)
        let found = FormatsTests.diagnosis(scratch) { () throws(SourceError) in while try worker.next() != nil {} }
        #expect(
            found
                == "t.csv: the file got shorter while it was read: from 694 to 100 bytes [truncated] at 100 hint: let whoever writes it finish, then run again"
        )
    }

    @Test func aFileThatGrowsEndsWhereItEnded() throws {
        let path = try scratch.file("a\n1\n2\n")
        let source = try CSVSource([path])
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try file.seekToEnd()
        try file.write(contentsOf: Data("3\n".utf8))
        try file.close()
        #expect(try Reading(source).lines == ["1", "2"])
    }

    @Test func whatIsThereButIsNoFileIsAnError() throws {
        #expect(diagnosis([scratch.path("none.csv")]) == "none.csv: there is no such file [not-found]")
        try FileManager.default.createDirectory(atPath: scratch.path("d.csv"), withIntermediateDirectories: true)
        #expect(diagnosis([scratch.path("d.csv")]) == "d.csv: it is a directory [unreadable]")
    }

    @Test func aPipeIsReadAgainAndAgain() throws {
        let path = scratch.path("pipe.csv")
        #expect(mkfifo(path, 0o600) == 0)
        let writer = Thread {
            try? Data(("a,b\n" + (1...5_000).map { "\($0),x\n" }.joined()).utf8).write(to: URL(fileURLWithPath: path))
        }
        writer.start()
        let source = try CSVSource([path])
        let first = try Reading(source)
        #expect(first.lines.count == 5_000)
        #expect(first.lines.last == "5000|x")
        #expect(try Reading(source) == first)
        #expect(source.partitions.map(\.modified) == [nil])
        #expect(source.partitions.map(\.byteCount) == [33_897])
    }
}
