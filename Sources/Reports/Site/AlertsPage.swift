import Expectations
import Tables

/// Open incidents, and what happened to incidents, newest first.
public struct AlertsPage: Sendable {
    public let incidents: [IncidentEntry]
    public let events: [AlertEventEntry]
    /// The name of who reads it and may change things, which may be empty; `nil` where who reads it may not.
    public let actor: String?

    public init(incidents: [IncidentEntry], events: [AlertEventEntry], actor: String? = nil) {
        self.incidents = incidents
        self.events = events
        self.actor = actor
    }

    public func html() throws(ReportError) -> String {
        let headline =
            incidents.isEmpty ? "Nothing is open" : "\(Wording.count(incidents.count, "incident")) open"
        return try Self.template.render([
            "title": headline, "headline": headline, "footNote": "", "hasIncidents": !incidents.isEmpty,
            "incidents": incidents.map { SiteModels.model($0, actor: actor) }, "hasEvents": !events.isEmpty,
            "events": events.map { event -> [String: Any] in
                [
                    "atISO": PageWording.iso(event.at), "at": PageWording.exactTime(event.at),
                    "kind": HTMLText.clean(event.kind, limit: 40), "text": HTMLText.clean(event.text, limit: 400),
                    "asset": HTMLText.clean(event.asset),
                    "assetPath": SitePath.subject(asset: event.asset, suite: event.suite),
                    "actor": HTMLText.clean(event.actor ?? "", limit: 80), "hasActor": event.actor != nil,
                    "incidentID": HTMLText.clean(String(event.incident.prefix(12)), limit: 12),
                ]
            },
        ])
    }

    private static let template = SiteFrame.page(
        """
        <div class="lead"><h1>{{headline}}</h1></div>
        {{#hasIncidents}}<section class="suite"><div class="group"><h2>Open incidents</h2>
        {{#incidents}}\(SiteModels.incident){{/incidents}}</div></section>{{/hasIncidents}}
        <section class="suite"><div class="group"><h2>What happened</h2>
        {{#hasEvents}}<div class="scroll"><table class="wide stack"><thead><tr><th scope="col">When<th scope="col">What\
        <th scope="col">Asset<th scope="col">In words<th scope="col">By</thead><tbody>
        {{#events}}
        <tr><td class="nowrap">\(SiteFrame.time("at"))<td><code>{{kind}}</code><td><a href="{{assetPath}}">{{asset}}</a>\
        <td>{{text}} <span class="soft small">{{incidentID}}</span><td>{{#hasActor}}{{actor}}{{/hasActor}}
        {{/events}}
        </tbody></table></div>{{/hasEvents}}
        {{^hasEvents}}<p class="soft more">Nothing has happened yet.</p>{{/hasEvents}}
        </div></section>
        """, part: .alerts, hasForms: true)
}
