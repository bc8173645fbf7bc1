import Expectations
import Foundation
import Reports
import Testing

@Suite struct PipelineIncidentTests {
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
