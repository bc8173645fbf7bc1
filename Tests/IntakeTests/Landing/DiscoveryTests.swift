import Foundation
import Intake
import Tables
import TestSupport
import Testing

/// Which files of a folder are discovered, and when.
@Suite struct DiscoveryTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func folder(
        settle: Duration = .seconds(10), _ change: (inout LandingOptions) -> Void = { _ in }
    ) -> LandingFolder {
        var options = LandingOptions(folder: scratch.directory, settle: settle)
        change(&options)
        return LandingFolder(options)
    }

    /// A time at which what was written just now is settled long since.
    private var later: Int64 { Clock.now + 60 * Clock.second }

    @Test func handsOutTheOldestFirst() throws {
        for name in ["c.jsonl", "a.jsonl", "b.jsonl"] { try scratch.file("{}\n", name) }
        for (name, seconds) in [("a.jsonl", 200), ("b.jsonl", 100), ("c.jsonl", 200)] {
            let time = Date(timeIntervalSince1970: Double(1_700_000_000 + seconds))
            try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: scratch.path(name))
        }
        let found = try folder().discover(now: later)
        #expect(found.ready.map(\.name) == ["b.jsonl", "a.jsonl", "c.jsonl"])
        #expect(found.readyCount == 3 && found.readyBytes == 9 && found.waitingCount == 0)
        #expect(found.ready[0].path == scratch.path("b.jsonl") && found.ready[0].byteCount == 3)
    }

    @Test func discoversAFileOnce() throws {
        try scratch.file("{}\n", "a.jsonl")
        let folder = folder()
        let first = try folder.discover(now: later).ready
        #expect(try folder.discover(now: later).ready == first)
        folder.planned(first)
        #expect(try folder.discover(now: later).ready.isEmpty)
        try scratch.file("{}\n", "b.jsonl")
        #expect(try folder.discover(now: later).ready.map(\.name) == ["b.jsonl"])
    }

    /// What was handed out before goes before what came since, as far as it is what it was.
    @Test func handsOutWhatWasHeldBackAlone() throws {
        try scratch.file("{}\n", "b.jsonl")
        try scratch.file("{}\n", "c.jsonl")
        let folder = folder()
        let held = try folder.discover(now: later).ready
        try scratch.file("{}\n", "a.jsonl")
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_000)], ofItemAtPath: scratch.path("a.jsonl"))
        #expect(try folder.discover(now: later, files: 1, heldBack: held).ready == held)
        #expect(try folder.discover(now: later, files: 1).ready.map(\.name) == ["a.jsonl"])
        try scratch.file("{}\n{}\n", "b.jsonl")
        let second = try folder.discover(now: later, heldBack: held)
        #expect(second.ready.map(\.name) == ["c.jsonl"])
        #expect(second.readyCount == 3)
        folder.planned(second.ready)
        #expect(try folder.discover(now: later, heldBack: held).ready.map(\.name) == ["a.jsonl", "b.jsonl"])
    }

    /// A file is there for as long as its content is, whatever it is called.
    @Test func tellsWhichOfThoseHeldBackAreMissing() throws {
        for name in ["a", "b", "c", "d", "e"] { try scratch.file("{}\n", "\(name).jsonl") }
        let folder = folder()
        let held = try folder.discover(now: later).ready
        #expect(held.count == 5)
        try scratch.rename("b.jsonl", to: "f.jsonl")
        try scratch.rename("c.jsonl", to: "_c.jsonl")
        try scratch.append("{}\n", to: "d.jsonl")
        try scratch.remove("e.jsonl")
        let found = try folder.discover(now: Clock.now, heldBack: held)
        #expect(found.ready.map(\.name) == ["a.jsonl"])
        #expect(found.missing.map(\.name).sorted() == ["c.jsonl", "d.jsonl", "e.jsonl"])
        // For who begins anew it has to settle.
        let other = LandingFolder(folder.options)
        let again = try other.discover(now: Clock.now, heldBack: held)
        #expect(again.ready.isEmpty && again.waitingCount == 3)
        #expect(again.missing.map(\.name).sorted() == ["c.jsonl", "d.jsonl", "e.jsonl"])
        #expect(try folder.discover(now: later).missing.isEmpty)
    }

    /// What was handed out is waited for as long as it may be written to, and missing where the source has it no more.
    @Test func waitsForWhatWasHeldBackToSettle() throws {
        try scratch.file("{}\n", "a.jsonl")
        let held = try folder().discover(now: later).ready
        #expect(held.count == 1)
        let other = LandingFolder(folder().options)
        try scratch.file("{}\n", "b.jsonl")
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_000)], ofItemAtPath: scratch.path("b.jsonl"))
        let found = try other.discover(now: Clock.now, heldBack: held)
        #expect(found.ready.isEmpty && found.missing.isEmpty)
        #expect(try other.discover(now: later, heldBack: held).ready == held)
        var options = folder().options
        options.patterns = ["b*"]
        let elsewhere = try LandingFolder(options).discover(now: later, heldBack: held)
        #expect(elsewhere.ready.map(\.name) == ["b.jsonl"])
        #expect(elsewhere.missing == held)
    }

    /// A node is given to a new file as soon as the old one is gone.
    @Test func takesNoOtherFileForOneThatIsMissing() throws {
        try scratch.file("{}\n", "a.jsonl")
        let folder = folder()
        let file = try #require(try folder.discover(now: later).ready.first)
        try scratch.file("{\"id\": 2}\n", "b.jsonl")
        try scratch.remove("a.jsonl")
        let now = try #require(try folder.discover(now: later).ready.first)
        let held = IntakeFile(
            path: file.path, name: file.name, device: now.device, node: now.node, byteCount: file.byteCount,
            modified: file.modified)
        #expect(try folder.discover(now: later, heldBack: [held]).missing == [held])
    }

    @Test func remembersWhatAnEarlierProcessPlanned() throws {
        try scratch.file("{}\n", "a.jsonl")
        try scratch.file("{}\n", "b.jsonl")
        let planned = try scratch.planned("a.jsonl")
        let options = LandingOptions(folder: scratch.directory, settle: .zero)
        let folder = LandingFolder(options, seen: SeenFiles([SeenMark(planned)]))
        #expect(try folder.discover(now: later).ready.map(\.name) == ["b.jsonl"])
    }

    @Test func readsNamesOfData() throws {
        let data = ["a.csv", "a.tsv.gz", "A.JSONL", "a.b.ndjson.zst", "a.parquet", "a.json", "é.csv", "a\nb.csv"]
        let others = [
            ".a.csv", "_a.csv", "a.csv.tmp", "a.csv.part", "a.csv.CRDOWNLOAD", "a.csv.done", "a.pdf", "csv", "a.gz",
            "README",
        ]
        for name in data + others { try scratch.file("x\n", name) }
        let found = try folder().discover(now: later)
        #expect(Set(found.ready.map(\.name)) == Set(data))
        #expect(found.problems.isEmpty)
    }

    @Test func obeysPatterns() throws {
        try scratch.folder("in/deep")
        for name in ["a.dat", "b.csv", "in/c.dat", "in/deep/d.dat", "in/e.csv"] { try scratch.file("x\n", name) }
        func names(_ patterns: [String], recursive: Bool = true) throws -> Set<String> {
            let folder = folder {
                $0.patterns = patterns
                $0.isRecursive = recursive
            }
            return Set(try folder.discover(now: later).ready.map(\.name))
        }
        #expect(try names(["*.dat"]) == ["a.dat", "in/c.dat", "in/deep/d.dat"])
        #expect(try names(["*.dat"], recursive: false) == ["a.dat"])
        #expect(try names(["in/*.dat", "b.*"]) == ["in/c.dat", "b.csv"])
        #expect(try names(["[ab].*"]) == ["a.dat", "b.csv"])
    }

    @Test func passesOverHiddenFolders() throws {
        for name in ["_tmp", ".git", "ok", "ok/_x"] { try scratch.folder(name) }
        for name in ["_tmp/a.csv", ".git/a.csv", "ok/a.csv", "ok/_x/a.csv"] { try scratch.file("x\n", name) }
        let found = try folder { $0.isRecursive = true }.discover(now: later)
        #expect(found.ready.map(\.name) == ["ok/a.csv"])
    }

    @Test func countsFilesWhoseNamesSayNothing() throws {
        for name in ["x.xml", "noext", "x.jsonl.bz2", "a.csv", ".hidden", "_x", "b.csv.tmp"] {
            try scratch.file("x\n", name)
        }
        let found = try folder().discover(now: later)
        #expect(found.unknownCount == 3 && found.unknownName == "noext")
        #expect(found.problems.isEmpty)
        // Who says which names are wanted knows of the others.
        let named = try folder { $0.patterns = ["*.csv"] }.discover(now: later)
        #expect(named.unknownCount == 0 && named.unknownName == nil)
    }

    @Test func handsOutNoMoreThanWasAskedFor() throws {
        for number in 0..<10 { try scratch.file("0123456789", "\(number).csv") }
        let folder = folder()
        var names: [String] = []
        var sizes: [Int] = []
        while true {
            let found = try folder.discover(now: later, files: 4, bytes: 25)
            if found.ready.isEmpty { break }
            #expect(found.readyCount == 10 - names.count && found.readyBytes == Int64(100 - 10 * names.count))
            folder.planned(found.ready)
            names += found.ready.map(\.name)
            sizes.append(found.ready.count)
        }
        #expect(names.sorted() == (0..<10).map { "\($0).csv" })
        #expect(sizes == [3, 3, 3, 1])
        #expect(try folder.discover(now: later).readyCount == 0)
    }

    @Test func saysThatThereIsNoFolder() throws {
        let options = LandingOptions(folder: scratch.path("none"), settle: .zero)
        let folder = LandingFolder(options)
        let error = #expect(throws: SourceError.self) { try folder.discover(now: later) }
        #expect(error?.summary == "\(scratch.path("none")): there is no such folder [not-found]")
        // And reads it as soon as there is one.
        try scratch.folder("none")
        try scratch.file("x\n", "none/a.csv")
        #expect(try folder.discover(now: later).ready.map(\.name) == ["a.csv"])
    }
}
