import Expectations
import Ledger

/// What there is to say of a subject to one route.
struct RouteNews {
    enum Change {
        /// The route hears of it for the first time.
        case new
        /// It knows of it, and it has become more severe, or has stopped going back and forth and fails.
        case louder
        /// It knows of it, and it goes back and forth now.
        case flapping
        /// Nothing that it doesn't know.
        case steady
        case over
    }

    private(set) var entries: [(alert: AlertRecord, change: Change)] = []
    private var keepsSomething = false

    mutating func add(_ alert: AlertRecord, _ change: Change) { entries.append((alert, change)) }

    /// Something is over that the route can't be told now, so not all is.
    mutating func holdBack() { keepsSomething = true }

    func alerts(_ change: Change) -> [AlertRecord] { entries.filter { $0.change == change }.map(\.alert) }

    /// `nil` where nothing has changed.
    var reason: AlertMessage.Reason? {
        func has(_ test: (AlertRecord, Change) -> Bool) -> Bool { entries.contains { test($0.alert, $0.change) } }
        if has({ ($1 == .new && !$0.isFlapping) || $1 == .louder }) { return .firing }
        if has({ $1 == .new || $1 == .flapping }) { return .flapping }
        guard has({ $1 == .over }) else { return nil }
        return keepsSomething || has { $1 != .over } ? .improved : .resolved
    }
}

extension AlertMessage {
    /// How many alerts a message lists.
    static let itemLimit = 20
}

extension AlertMessage.Item {
    /// `route` is whom it is told.
    init(_ alert: AlertRecord, _ change: RouteNews.Change, to route: String) {
        let standing: Standing =
            switch change {
            case .new: alert.isFlapping ? .flapping : .new
            case .louder, .flapping, .steady: alert.isFlapping ? .flapping : .still
            case .over: alert.isRemoved ? .removed : .recovered
            }
        let telling = alert.tellings[route]
        let told = telling?.counts
        // What is over is as severe as the route was told, though it may have become milder since.
        let severity = change == .over ? telling?.severity ?? alert.severity : alert.severity
        let hasMoved = alert.counts != told
        self.init(
            standing: standing, key: alert.key, type: alert.type, columns: alert.columns, severity: severity,
            sentence: alert.sentence, before: alert.firstSentence == alert.sentence ? nil : alert.firstSentence,
            since: alert.since, failures: alert.failures, unexpectedCount: alert.counts?.unexpected,
            elementCount: alert.counts?.elements,
            unexpectedCountBefore: hasMoved ? told?.unexpected : nil,
            elementCountBefore: hasMoved ? told?.elements : nil)
    }

    /// New ones first, then those that still fail or go back and forth, then what is over.
    var rank: Int {
        switch standing {
        case .new: 0
        case .still, .flapping: 1
        case .recovered: 2
        case .removed: 3
        }
    }
}
