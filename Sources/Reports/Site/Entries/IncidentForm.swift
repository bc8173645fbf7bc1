import Tables

/// The buttons beside an open incident: what somebody who may change things can say of it on a page.
public struct IncidentForm: Sendable, Equatable {
    /// What a button does.
    public enum Action: String, Sendable, CaseIterable {
        case acknowledge, snooze, unsnooze
    }

    /// For how long nothing is to be told of an incident.
    public enum Length: String, Sendable, CaseIterable {
        case hour = "1h"
        case shift = "8h"
        case day = "1d"
        case week = "7d"

        public var microseconds: Int64 {
            let hours: Int64 =
                switch self {
                case .hour: 1
                case .shift: 8
                case .day: 24
                case .week: 168
                }
            return hours * 3_600_000_000
        }

        var words: String {
            switch self {
            case .hour: "an hour"
            case .shift: "8 hours"
            case .day: "a day"
            case .week: "a week"
            }
        }
    }

    /// What may be said of an incident as it stands.
    static func actions(for state: IncidentEntry.State) -> [Action] {
        switch state {
        case .open, .flapping, .muted: [.acknowledge, .snooze]
        case .acknowledged: [.snooze]
        case .snoozed: [.unsnooze]
        case .resolved: []
        }
    }

    /// `actor` is the name that a browser was given, which stands in the form already.
    static func model(for incident: IncidentEntry, actor: String) -> [[String: Any]] {
        let actions = actions(for: incident.state)
        guard !actions.isEmpty else { return [] }
        return [
            [
                "formPath": SitePath.alert(incident.id), "formActor": HTMLText.clean(actor, limit: 100),
                "mayAcknowledge": actions.contains(.acknowledge), "maySnooze": actions.contains(.snooze),
                "mayUnsnooze": actions.contains(.unsnooze),
                "lengths": Length.allCases.map {
                    ["length": $0.rawValue, "lengthWords": $0.words, "isUsual": $0 == .shift]
                },
            ]
        ]
    }

    static let form = """
        {{#forms}}<form class="act" method="post" action="{{formPath}}"><label>Your name <input name="by" value="{{formActor}}" \
        required maxlength="100" autocomplete="username"></label>\
        {{#mayAcknowledge}}<button name="do" value="acknowledge">Acknowledge</button>{{/mayAcknowledge}}\
        {{#maySnooze}}<span><button name="do" value="snooze">Snooze</button> <label>for <select name="for">{{#lengths}}\
        <option value="{{length}}"{{#isUsual}} selected{{/isUsual}}>{{lengthWords}}</option>{{/lengths}}</select></label></span>\
        {{/maySnooze}}\
        {{#mayUnsnooze}}<button name="do" value="unsnooze">Tell of it again</button>{{/mayUnsnooze}}</form>{{/forms}}
        """
}
