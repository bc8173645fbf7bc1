import Foundation
import Ledger
import Reports
import TestSupport
import Testing

@Suite struct ReportIndexTests {
    private let scratch: Scratch
    private let ledger: Ledger

    init() throws {
        scratch = try Scratch()
        ledger = try Ledger(path: scratch.path("assay.db"))
    }

    private var page: String? { try? String(contentsOfFile: scratch.path("reports/index.html"), encoding: .utf8) }

    @Test func isWrittenOnceForEachNewRun() throws {
        let index = ReportIndex(scratch.path("reports"), of: ledger, clock: { Samples.noon })
        #expect(index.update() == nil && page == nil)
        try ledger.record(Samples.run("r1", results: []))
        #expect(index.update() == nil && page != nil)
        try FileManager.default.removeItem(atPath: scratch.path("reports/index.html"))
        #expect(index.update() == nil && page == nil)
        try ledger.record(Samples.run("r2", at: Samples.noon + 1, results: []))
        #expect(index.update() == nil && page != nil)
    }

    @Test func whatCouldNotBeWrittenIsWrittenTheNextTime() throws {
        let index = ReportIndex(scratch.path("reports"), of: ledger, clock: { Samples.noon })
        try ledger.record(Samples.run("r1", results: []))
        try Data().write(to: URL(fileURLWithPath: scratch.path("reports")))
        #expect(index.update()?.contains("[unwritable-directory]") == true)
        #expect(index.update() != nil)
        try FileManager.default.removeItem(atPath: scratch.path("reports"))
        #expect(index.update() == nil && page != nil)
    }
}
