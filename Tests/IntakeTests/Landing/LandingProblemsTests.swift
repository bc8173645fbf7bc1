import Foundation
import Intake
import Tables
import TestSupport
import Testing

/// What lies in a folder and is no file to be read.
@Suite struct LandingProblemsTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func discover() throws -> Discovery {
        var options = LandingOptions(folder: scratch.directory, settle: .zero)
        options.isRecursive = true
        return try LandingFolder(options).discover(now: Clock.now)
    }

    private func link(_ name: String, to target: String) { #expect(symlink(target, scratch.path(name)) == 0) }

    @Test func tellsWhatIsNoFile() throws {
        link("circle.csv", to: "circle.csv")
        link("dangling.csv", to: "nothing")
        #expect(mkfifo(scratch.path("pipe.csv"), 0o644) == 0)
        try scratch.folder("real")
        link("folder.csv", to: "real")
        try scratch.file("x\n", "good.csv")
        link("link.csv", to: "good.csv")
        let found = try discover()
        #expect(
            Set(found.problems.map { "\($0.name): \($0.message) [\($0.code.rawValue)]" }) == [
                "circle.csv: it is a symbolic link in a circle of them [link-loop]",
                "dangling.csv: it is a symbolic link to nothing [dangling-link]",
                "pipe.csv: it is no file, but a pipe, a socket or a device [not-a-file]",
                "folder.csv: it is a symbolic link to a folder, which is not followed [linked-folder]",
            ])
        #expect(found.problemCount == 4)
        #expect(Set(found.ready.map(\.name)) == ["good.csv", "link.csv"])
    }

    /// What is written there did not land.
    @Test func passesOverDeltaTables() throws {
        for name in ["in", "in/table", "in/table/_delta_log", "in/table/country=NL"] { try scratch.folder(name) }
        for name in ["in/a.parquet", "in/table/b.parquet", "in/table/country=NL/c.parquet"] {
            try scratch.file("x\n", name)
        }
        var options = LandingOptions(folder: scratch.directory, settle: .zero)
        options.isRecursive = true
        let folder = LandingFolder(options)
        let found = try folder.discover(now: Clock.now)
        #expect(found.ready.map(\.name) == ["in/a.parquet"])
        #expect(
            found.problems.map { "\($0.name): \($0.message) [\($0.code.rawValue)]" } == [
                "in/table/: it is a Delta table, whose files are not read [delta-table]"
            ])
        // One that becomes a table while it is watched, too.
        try scratch.folder("other")
        _ = try folder.discover(now: Clock.now)
        for name in ["d", "e"] {
            try scratch.folder("other/_delta_log")
            try scratch.file("x\n", "other/\(name).parquet")
            #expect(try folder.discover(now: Clock.now).ready.map(\.name) == ["in/a.parquet"])
        }
        try scratch.file("x\n", "in/table/e.parquet")
        #expect(try folder.discover(now: Clock.now).ready.map(\.name) == ["in/a.parquet"])
    }

    @Test func refusesToReadATable() throws {
        try scratch.folder("_delta_log")
        try scratch.file("x\n", "a.parquet")
        let error = #expect(throws: SourceError.self) { try discover() }
        #expect(
            error?.summary
                == "\(scratch.directory): the folder is a Delta table, whose files did not land there [delta-table]")
    }

    #if os(Linux)
        @Test func tellsOfNamesThatAreNoText() throws {
            var path = Array(scratch.path("a").utf8CString.dropLast())
            path += [CChar(bitPattern: 0xFF)] + Array(".csv".utf8CString)
            let descriptor = open(path, O_WRONLY | O_CREAT, 0o644)
            #expect(descriptor >= 0)
            close(descriptor)
            try scratch.file("x\n", "good.csv")
            let found = try discover()
            #expect(found.problems.map(\.name) == ["a\u{FFFD}.csv"] && found.problems[0].code == .name)
            #expect(found.ready.map(\.name) == ["good.csv"])
        }
    #endif

    @Test(.enabled(if: geteuid() != 0, "the superuser reads everything"))
    func tellsOfFoldersThatCannotBeRead() throws {
        try scratch.folder("closed")
        try scratch.file("x\n", "good.csv")
        chmod(scratch.path("closed"), 0)
        defer { chmod(scratch.path("closed"), 0o755) }
        let found = try discover()
        #expect(found.problems.map(\.code) == [.unreadable] && found.ready.map(\.name) == ["good.csv"])
    }

    @Test func doesNotGoDownForEver() throws {
        let deep = [String](repeating: "d", count: 80).joined(separator: "/")
        try scratch.folder(deep)
        try scratch.file("x\n", deep + "/a.csv")
        try scratch.file("x\n", "d/a.csv")
        let found = try discover()
        #expect(found.ready.map(\.name) == ["d/a.csv"] && found.problems.map(\.code) == [.tooDeep])
    }

    @Test func tellsNoMoreProblemsThanAnybodyReads() throws {
        for number in 0..<LandingFolder.mostProblems + 5 { link("\(number).csv", to: "nothing") }
        let found = try discover()
        #expect(found.problems.count == LandingFolder.mostProblems)
        #expect(found.problemCount == LandingFolder.mostProblems + 5)
    }
}
