import Formats
import Foundation
import Tables
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
            return files.joined(separator: " ").replacingOccurrences(of: scratch.directory.path + "/", with: "")
        } catch {
            return scratch.line(error)
        }
    }

    static let cases: [([String], String)] = [
        (["b.csv"], "b.csv"), (["*.csv"], "_part.csv a.csv b.csv f[1].csv"), (["[ab].csv"], "a.csv b.csv"),
        (["?.csv"], "a.csv b.csv"),
        (["f[1].csv"], "f[1].csv"), (["b.csv", "*.csv", "b.csv"], "b.csv _part.csv a.csv f[1].csv"),
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

    @Test func aDirectoryIsReadForItsTables() throws {
        let files = try FilePattern.files([scratch.directory.path])
        #expect(
            files.map { URL(fileURLWithPath: $0).lastPathComponent } == [
                "a.csv", "b.csv", "c.CSV.gz", "d.tsv", "f[1].csv",
            ])
    }

    @Test func patternsAreRelativeToAFolder() throws {
        #expect(try FilePattern.files(["a.csv"], relativeTo: scratch.directory.path) == [scratch.path("a.csv")])
        #expect(try FilePattern.files([scratch.path("a.csv")], relativeTo: "elsewhere") == [scratch.path("a.csv")])
    }
}
