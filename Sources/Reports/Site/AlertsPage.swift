import Expectations
import Tables

/// Open incidents, and what happened to incidents, newest first.
public struct AlertsPage: Sendable {
    public let incidents: [IncidentEntry]
    public let events: [AlertEventEntry]
    /// Messages that were given up, and that their receivers had no later one after.
    public let letters: [DeadLetterEntry]
    /// The name of who reads it and may change things, which may be empty; `nil` where who reads it may not.
    public let actor: String?

    public init(
        incidents: [IncidentEntry], events: [AlertEventEntry], letters: [DeadLetterEntry] = [], actor: String? = nil
    ) {
        self.incidents = incidents
        self.events = events
        self.letters = letters
        self.actor = actor
    }

    public func html() throws(ReportError) -> String {
        let headline =
            incidents.isEmpty ? "Nothing is open" : "\(Wording.count(incidents.count, "incident")) open"
        return try Self.template.render([
            "title": headline, "headline": headline, "footNote": "", "hasIncidents": !incidents.isEmpty,
            "incidents": incidents.map { SiteModels.model($0, actor: actor) }, "hasEvents": !events.isEmpty,
            "hasLetters": !letters.isEmpty,
            "letters": letters.map { letter -> [String: Any] in
                [
                    "diedISO": PageWording.iso(letter.diedAt), "died": PageWording.exactTime(letter.diedAt),
                    "route": HTMLText.clean(letter.route, limit: 80),
                    "channel": HTMLText.clean(letter.channel, limit: 40),
                    "letterIncident": HTMLText.clean(String(letter.incident.prefix(12)), limit: 12),
                    "reason": HTMLText.clean(letter.reason, limit: 400),
                ]
            },
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
        {{#hasLetters}}<section class="suite"><div class="group"><h2>Messages that were not delivered</h2>
        <div class="scroll"><table class="wide stack"><thead><tr><th scope="col">Given up<th scope="col">Route\
        <th scope="col">Channel<th scope="col">Incident<th scope="col">Why</thead><tbody>
        {{#letters}}
        <tr><td class="nowrap">\(SiteFrame.time("died"))<td>{{route}}<td>{{channel}}<td><code>{{letterIncident}}</code><td>{{reason}}
        {{/letters}}
        </tbody></table></div>
        <p class="soft more">To have them sent again: <code>assay alerts retry --all</code></p></div></section>{{/hasLetters}}
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
