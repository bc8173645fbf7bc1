import Foundation
import Ledger
import Reports
import TestSupport
import Testing

@Suite struct ReportPruningTests {
    private let scratch: Scratch
    private let ledger: Ledger
    private let directory: ReportDirectory
    /// 2026-11-01T12:00:00Z, and what is before it is old.
    private let noon = Samples.noon

    init() throws {
        scratch = try Scratch()
        ledger = try Ledger(path: scratch.path("assay.db"))
        directory = try ReportDirectory(scratch.path("reports"))
    }

    /// Writes a file that was last changed in 2001.
    private func write(_ name: String, isOld: Bool = true) throws {
        let path = directory.path + "/" + name
        try Data("<html>".utf8).write(to: URL(fileURLWithPath: path))
        guard isOld else { return }
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_000_000_000)], ofItemAtPath: path)
    }

    private var names: Set<String> {
        get throws { Set(try FileManager.default.contentsOfDirectory(atPath: directory.path)) }
    }

    @Test func oldReportsThatNobodyNamesGo() throws {
        try write("20200101T000000Z-a.html")
        try write("20200101T000000Z-named.html")
        try write("20261101T130000Z-young.html")
        try write("20200101T000000Z-just-written.html", isOld: false)
        try ledger.record(Samples.run("r", results: []), report: "20200101T000000Z-named.html")
        let pruned = try directory.prune(before: noon, keptBy: ledger, now: .max)
        #expect(pruned.files == 1 && pruned.byteCount == 6)
        #expect(
            try names == [
                "20200101T000000Z-named.html", "20261101T130000Z-young.html", "20200101T000000Z-just-written.html",
                "index.html",
            ])
    }

    @Test(arguments: [
        "index.html", "notes.html", "20200101T000000Z.html", "20200101T000000Z-.html", "20200101-a.html",
        "20201301T000000Z-a.html", "20200101T000000Z-a.htm", "20200101T000000Z-ä.html", "20200101T000000Z-a b.html",
        "x20200101T000000Z-a.html", ".20200101T000000Z-a.html", ".notes.4C6B2C4E-8B0B-4E0F-9B0B-0B0B0B0B0B0B.tmp",
    ])
    func filesOfOthersStay(_ name: String) throws {
        try write(name)
        #expect(try directory.prune(before: noon, keptBy: ledger, now: .max).files == 0)
        #expect(try names == [name])
    }

    @Test func linksAndFoldersStay() throws {
        let elsewhere = scratch.path("elsewhere.html")
        try Data("mine".utf8).write(to: URL(fileURLWithPath: elsewhere))
        try FileManager.default.createSymbolicLink(
            atPath: directory.path + "/20200101T000000Z-link.html", withDestinationPath: elsewhere)
        try FileManager.default.createDirectory(
            atPath: directory.path + "/20200101T000000Z-folder.html", withIntermediateDirectories: true)
        #expect(try directory.prune(before: .max / 2, keptBy: ledger, now: .max).files == 0)
        #expect(try names.count == 2)
    }

    @Test func whatAnUnfinishedWritingLeftGoes() throws {
        try write(".20200101T000000Z-a.html.4C6B2C4E-8B0B-4E0F-9B0B-0B0B0B0B0B0B.tmp")
        try write(".index.html.4C6B2C4E-8B0B-4E0F-9B0B-0B0B0B0B0B0C.tmp")
        try write(".index.html.4C6B2C4E-8B0B-4E0F-9B0B-0B0B0B0B0B0D.tmp", isOld: false)
        #expect(try directory.prune(before: noon, keptBy: ledger, now: .max).files == 2)
    }

    @Test func theIndexNoLongerLinksToThem() throws {
        let names = (1...2).map {
            ReportDirectory.name(startedAt: Samples.noon - Int64($0) * Samples.hour, runID: "r\($0)")
        }
        for (index, name) in names.enumerated() {
            try write(name)
            let run = Samples.run("r\(index)", at: noon - Int64(index + 1) * Samples.hour, results: [])
            try ledger.record(run, report: name)
        }
        try ledger.prune(PruningPlan(reportsBefore: noon))
        let preview = try directory.prune(before: noon, keptBy: ledger, isDry: true, now: .max)
        #expect(preview.files == 1)
        #expect(try self.names == Set(names))
        try directory.prune(before: noon, keptBy: ledger, now: .max)
        // The newest run of a validation keeps its report.
        #expect(try self.names == [names[0], "index.html"])
        let index = try String(contentsOfFile: directory.path + "/index.html", encoding: .utf8)
        #expect(index.contains(names[0]) && !index.contains(names[1]))
    }

    @Test func aPreviewTellsWhatTheLedgerWouldLetGo() throws {
        let names = (1...2).map {
            ReportDirectory.name(startedAt: Samples.noon - Int64($0) * Samples.hour, runID: "r\($0)")
        }
        for (index, name) in names.enumerated() {
            try write(name)
            try ledger.record(
                Samples.run("r\(index)", at: noon - Int64(index + 1) * Samples.hour, results: []), report: name)
        }
        #expect(try directory.prune(before: noon, keptBy: ledger, isDry: true, now: .max).files == 1)
        #expect(try directory.prune(before: noon, keptBy: ledger, now: .max).files == 0)
    }

    /// The index is as of the time of the pruning, as that which the service writes.
    @Test func theIndexKnowsTheTime() throws {
        try write("20200101T000000Z-a.html")
        try ledger.record(Samples.run("r1", suite: "now", at: noon, results: []), report: "now.html")
        try ledger.record(
            Samples.run("r2", suite: "ahead", at: noon + 3_600_000_000, results: []), report: "ahead.html")
        try directory.prune(before: noon, keptBy: ledger, now: noon)
        let page = try String(contentsOfFile: directory.path + "/index.html", encoding: .utf8)
        #expect(page.contains("All 1 run") && page.contains("now.html"))
    }
}
