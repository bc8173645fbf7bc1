import Foundation
import Reports
import Tables
import TestSupport
import Testing

@Suite struct ReportDirectoryTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func writesWholeFilesOnly() throws {
        let directory = try ReportDirectory(scratch.path("a/b"))
        let path = try directory.write("one", as: "x.html")
        try directory.write("two", as: "x.html")
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "two")
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["x.html"])
    }

    @Test func namesSortByTime() {
        #expect(
            ReportDirectory.name(startedAt: Samples.noon + 5, runID: "r/../ü 1") == "20261101T120000Z-r-..---1.html")
    }

    @Test(arguments: ["", ".", "..", "a/b", "a\u{0}b"]) func refusesWhatIsNoFileName(_ name: String) throws {
        let directory = try ReportDirectory(scratch.path("reports"))
        let error = #expect(throws: ReportError.self) { try directory.write("x", as: name) }
        #expect(error?.code == "bad-name")
    }

    @Test func aFileInPlaceOfTheDirectoryIsReported() throws {
        try "".write(toFile: scratch.path("reports"), atomically: true, encoding: .utf8)
        let error = #expect(throws: ReportError.self) { _ = try ReportDirectory(scratch.path("reports")) }
        #expect(error?.code == "unwritable-directory" && error?.fault == .outside)
        #expect(error?.message == "the reports directory can't be created")
    }

    @Test func aVanishedDirectoryIsReported() throws {
        let directory = try ReportDirectory(scratch.path("reports"))
        try FileManager.default.removeItem(atPath: directory.path)
        let error = #expect(throws: ReportError.self) { try directory.write("x", as: "x.html") }
        #expect(error?.code == "unwritable-directory")
    }

    @Test(.enabled(if: SmallDisk.isPossible)) func aFullDiskLeavesTheOldReport() throws {
        let disk = try SmallDisk(scratch.path("small"), kilobytes: 64)
        defer { disk.unmount() }
        let directory = try ReportDirectory(disk.path)
        try directory.write("old", as: "x.html")
        let error = #expect(throws: ReportError.self) {
            try directory.write(String(repeating: "x", count: 1_000_000), as: "x.html")
        }
        #expect(error?.code == "disk-full" && error?.mayHelpToRetry == true)
        #expect(try String(contentsOfFile: disk.path + "/x.html", encoding: .utf8) == "old")
        #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path) == ["x.html"])
    }
}
