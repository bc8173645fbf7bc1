import Foundation
import Intake
import TestSupport
import Testing

@testable import Service

@Suite struct IngestTableTests {
    private let table = IngestTable()

    @Test func aPipelineThatWasNeverOfferedIsNotWithdrawn() {
        table.withdraw("files")
        #expect(table.standing(of: "files") == nil)
        #expect(table.names.isEmpty && table.pausing.isEmpty)
    }

    @Test func oneThatWasOfferedPausesUntilItIsOfferedAgain() async throws {
        let scratch = try Scratch()
        let spool = try Spool(scratch.path("spool"), now: { 0 })
        table.offer(IngestPipeline(spool), "posted")
        #expect(table.pausing.isEmpty)
        table.withdraw("posted")
        #expect(table.pausing == ["posted"])
        table.offer(IngestPipeline(spool), "posted")
        #expect(table.pausing.isEmpty)
        table.withdraw("posted")
        table.keepOnly([])
        #expect(table.pausing.isEmpty)
        spool.close()
    }
}
