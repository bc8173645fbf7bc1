import Formats
import Foundation
import Tables
import TestSupport
import Testing

@Suite struct FilePatternTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        for name in [
            "b.csv", "a.csv", "c.CSV.gz", "d.tsv", "notes.md", ".hidden.csv", "_part.csv", "csv", "e.zst", "f[1].csv",
        ] { _ = try scratch.file("x\n", name) }
        for name in ["empty", "more.d", "more.d/x.csv", "more.d/inner"] where !name.hasSuffix(".csv") {
            try FileManager.default.createDirectory(atPath: scratch.path(name), withIntermediateDirectories: true)
        }
        _ = try scratch.file("x\n", "more.d/x.csv")
    }

    /// The files of the patterns, or the error.
    private func files(_ patterns: [String]) -> String {
        do throws(SourceError) {
            let files = try FilePattern.files(patterns.map { $0 == "-" ? $0 : scratch.path($0) })
            return files.joined(separator: " ").replacingOccurrences(of: scratch.directory + "/", with: "")
        } catch {
            return scratch.line(error)
        }
    }

    static let cases: [([String], String)] = [
        (["b.csv"], "b.csv"), (["*.csv"], "_part.csv a.csv b.csv f[1].csv"), (["[ab].csv"], "a.csv b.csv"),
        (["?.csv"], "a.csv b.csv"),
        (["f[1].csv"], "f[1].csv"), (["b.csv", "*.csv", "b.csv"], "b.csv _part.csv a.csv f[1].csv"),
        (["./b.csv", "more.d/../b.csv", "b.csv"], "./b.csv"), (["[ab].csv", ".//a.csv"], "a.csv b.csv"),
        (["-", "a.csv", "-"], "- a.csv"), (["*/x.csv"], "more.d/x.csv"),
        (["more.d"], "more.d/x.csv"), (["more.d/"], "more.d/x.csv"),
        (["z.csv"], "z.csv: there is no such file [not-found]"),
        (["*.parquet"], "*.parquet: no file matches the pattern [not-found]"),
        (["a.csv", "*.parquet"], "*.parquet: no file matches the pattern [not-found]"),
        (["more.*"], "more.*: no file matches the pattern, only directories [not-found]"),
        (
            ["empty"],
            "empty: there is no file to read in the directory [not-found] hint: files that end in .csv, .tsv, .txt, .psv, .jsonl, .ndjson, .json, .parquet are read, and those with .gz or .zst behind"
        ),
    ]

    @Test(arguments: cases) func findsFiles(_ patterns: [String], _ wanted: String) {
        #expect(files(patterns) == wanted)
    }

    /// A symbolic link is another name of a file; of two hard links each is a file.
    @Test func aFileIsReadOnceByWhateverName() throws {
        try FileManager.default.createSymbolicLink(atPath: scratch.path("latest.csv"), withDestinationPath: "b.csv")
        try FileManager.default.linkItem(atPath: scratch.path("b.csv"), toPath: scratch.path("hard.csv"))
        #expect(files(["latest.csv", "b.csv"]) == "latest.csv")
        #expect(files(["[!._acf]*.csv"]) == "b.csv hard.csv")
    }

    @Test func aDirectoryIsReadForItsTables() throws {
        let files = try FilePattern.files([scratch.directory])
        #expect(
            files.map { URL(fileURLWithPath: $0).lastPathComponent } == [
                "a.csv", "b.csv", "c.CSV.gz", "d.tsv", "f[1].csv",
            ])
    }

    /// Of files that lie in a Delta table only the log tells which of them count.
    @Test func patternsOfTablesAreRefused() throws {
        for name in ["t/a.parquet", "t/p=1/q=a/b.parquet", "t/notes.csv", "t/_delta_log/0.json"] {
            _ = try scratch.file("x\n", name)
        }
        func refusal(_ pattern: String) -> String {
            "\(pattern): the files are those of a Delta table, of whatever version [delta-table] hint: name the table's folder: t"
        }
        for pattern in [
            "t/*.parquet", "*/*.parquet", "t/p=*/*/*.parquet", "t/p=1", "t/p=1/q=a/", "t/a.parquet",
            "t/p=1/q=a/b.parquet",
        ] {
            #expect(files([pattern]) == refusal(pattern))
        }
        // Text is none of the table's.
        #expect(files(["t/*.csv"]) == "t/notes.csv")
        #expect(throws: Never.self) { try FilePattern.files([scratch.path("t/*.parquet")], format: .csv) }
        #expect(FilePattern.table(holding: scratch.path("t/p=1/q=a/")) == scratch.path("t"))
        #expect(FilePattern.table(holding: scratch.path("more.d")) == nil)
    }

    @Test func aDirectoryOfSeveralFormatsIsRefused() throws {
        _ = try scratch.file("{}", "more.d/b.jsonl")
        #expect(
            files(["more.d"])
                == "more.d: the directory has files of several formats: x.csv, b.jsonl [mixed-formats] hint: the files of one table have one format: name those, as with a pattern such as \"data/*.csv\""
        )
        #expect(try FilePattern.files([scratch.path("more.d")], format: .json) == [scratch.path("more.d/b.jsonl")])
    }

    /// Names and texts of two files, and the error.
    static let mixtures: [(String, String, String, String, String)] = [
        ("1.csv", "a\n1\n", "2.jsonl", "{}", "2.jsonl: it is not delimited text, as 1.csv is"),
        ("1", "{}", "2", "a\n1\n", "2: it is not JSON, as 1 is"),
        ("1.txt", "a\n1\n", "2", "{}", "2: it is not delimited text, as 1.txt is"),
    ]

    @Test(arguments: mixtures) func filesOfSeveralFormatsAreRefused(
        _ first: String, _ text: String, _ second: String, _ otherText: String, _ wanted: String
    ) throws {
        let paths = [try scratch.file(text, first), try scratch.file(otherText, second)]
        let found = diagnosis(scratch) { () throws(SourceError) in
            _ = try DataFiles.open(paths, format: nil, csv: CSVOptions(), json: JSONOptions())
        }
        #expect(
            found.replacingOccurrences(of: scratch.directory + "/", with: "")
                == "\(wanted) [mixed-formats] hint: the files of one table have one format: name those, as with a pattern such as \"data/*.csv\""
        )
    }

    @Test func patternsAreRelativeToAFolder() throws {
        #expect(try FilePattern.files(["a.csv"], relativeTo: scratch.directory) == [scratch.path("a.csv")])
        #expect(try FilePattern.files([scratch.path("a.csv")], relativeTo: "elsewhere") == [scratch.path("a.csv")])
    }
}
