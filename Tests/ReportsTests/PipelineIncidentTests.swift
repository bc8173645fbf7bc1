import Expectations
import Foundation
import Reports
import Testing

@Suite struct PipelineIncidentTests {
    @Test func whatNobodyGotAndWhatNobodyIsToldIsSaid() throws {
        let incident = IncidentEntry(
            id: "i", asset: "events", suite: "s", severity: .critical, state: .open, since: 0,
            maintenance: .init(until: 1_798_736_400_000_000, reason: "migration"), alerts: [], alertCount: 0)
        let letter = DeadLetterEntry(
            id: "m/slack-1", route: "crit", channel: "slack", incident: "i", createdAt: 0, diedAt: 0, attempts: 1,
            reason: "400 <bad> [refused]")
        let page = try AlertsPage(incidents: [incident], events: [], letters: [letter]).html()
        #expect(page.contains("until Thu 31 Dec 2026, 17:00 UTC, nothing is told: migration"))
        #expect(page.contains("Messages that were not delivered") && page.contains("400 &lt;bad&gt; [refused]"))
        let overview = try OverviewPage(validations: [], incidents: [], pipelines: [], runs: [], deadLetters: 3).html()
        #expect(overview.contains("<a href=\"/alerts\">3 messages of alerts could not be delivered</a>"))
        let calm = try OverviewPage(validations: [], incidents: [], pipelines: [], runs: []).html()
        #expect(!calm.contains("delivered"))
    }

    @Test func leadsToThePipelineAndItsQuarantine() throws {
        let incident = IncidentEntry(
            id: "i", asset: "pipeline p 1", suite: "", severity: .critical, state: .open, since: 0, alerts: [],
            alertCount: 0)
        let event = AlertEventEntry(
            at: 0, incident: "i", asset: "pipeline p 1", suite: "", kind: "firing", text: "held", actor: nil)
        let page = try AlertsPage(incidents: [incident], events: [event]).html()
        #expect(page.components(separatedBy: "href=\"/pipelines#p%201\"").count == 3)
        #expect(page.contains("href=\"/pipelines/p%201/quarantine\""))
        #expect(!page.contains("/assets/") && !page.contains("/validations/"))
        let pipelines = try PipelinesPage([PipelineEntry(name: "p 1", state: "waiting", reason: "no room")]).html()
        #expect(pipelines.contains("id=\"p 1\"") && pipelines.contains("1 of 1 pipeline waiting"))
    }
}
