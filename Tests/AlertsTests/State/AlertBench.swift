import Expectations
import Ledger
import Suites
import Tables

@testable import Alerts

/// A desk with a store in memory and a clock in hours, on which tests play out short stories.
final class AlertBench {
    static let hour: Int64 = 3_600_000_000
    let store = MemoryAlertStore()
    /// Another desk begins with an empty agenda, as it does where a service reads its project anew.
    var desk: AlertDesk {
        didSet { agenda = AlertAgenda() }
    }
    var policy: AlertPolicy
    /// Hours since 1970.
    var clock: Int64 = 1_000
    private var runs = 0
    private var agenda = AlertAgenda()

    init(
        routes: [AlertRoute] = [AlertBench.route("team")], policy: AlertPolicy? = nil, lineage: Lineage = Lineage(),
        maintenance: @escaping @Sendable (String, Int64) -> String? = { _, _ in nil }
    ) {
        desk = AlertDesk(routes: routes, lineage: lineage, maintenance: maintenance)
        self.policy = policy ?? AlertPolicy(routes: routes.map(\.name))
    }

    static func route(_ name: String, atOrAbove: Severity = .info, remindEvery: Int64? = nil) -> AlertRoute {
        AlertRoute(
            name: name,
            channels: [AlertChannel(kind: .slack(url: "https://example.com"), allowsPrivateAddresses: false)],
            atOrAbove: atOrAbove, remindEvery: remindEvery.map { $0 * hour }, rateLimit: nil, links: nil,
            mark: SourceMark(file: "assay.yaml", line: 1, column: 1))
    }

    static func signal(
        _ key: String, _ news: AlertSignal.News, _ severity: Severity = .critical, unexpected: Int = 1
    ) -> AlertSignal {
        AlertSignal(
            key: key, news: news, type: "expect_\(key)", columns: [key], severity: severity,
            sentence: news == .failing
                ? "\(unexpected) of 100 values of \(key) are wrong." : "Values of \(key) are right.",
            counts: .init(unexpected: news == .failing ? unexpected : 0, elements: 100))
    }

    /// An hour later a run of an asset: `a!` fails, `a` succeeds, `a?` has nothing to check; `a!w` and `a!i` are a warning and an info.
    @discardableResult
    func run(_ signs: String, of asset: String = "orders", report: String? = nil) throws -> [String] {
        clock += 1
        runs += 1
        let signals = signs.split(separator: " ").map { sign -> AlertSignal in
            let key = String(sign.prefix { $0.isLetter })
            return switch sign.dropFirst(key.count) {
            case "!": Self.signal(key, .failing)
            case "!w": Self.signal(key, .failing, .warning)
            case "!i": Self.signal(key, .failing, .info)
            case "?": Self.signal(key, .nothing)
            default: Self.signal(key, .succeeding)
            }
        }
        let messages = try desk.take(
            signals, of: AlertSubject(asset: asset, suite: "suite"),
            occasion: AlertOccasion(
                id: "run-\(runs)", startedAt: clock * Self.hour, report: report,
                isComplete: !signals.contains { $0.key == "run" && $0.news == .failing }),
            policy: policy, at: clock * Self.hour, store: store)
        return messages.map { Self.shorthand($0) }
    }

    /// Some hours pass.
    @discardableResult
    func wait(_ hours: Int64) throws -> [String] {
        clock += hours
        return try tick(at: clock * Self.hour)
    }

    /// The service looks at a time, in microseconds.
    @discardableResult
    func tick(at time: Int64) throws -> [String] {
        try desk.tick(at: time, agenda: &agenda, store: store).map { Self.shorthand($0) }
    }

    func incident(of asset: String = "orders") -> String {
        store.alertSubject(AlertSubject(asset: asset, suite: "suite"))?.incident?.id ?? ""
    }

    func alert(_ key: String, of asset: String = "orders") -> AlertRecord? {
        store.alertSubject(AlertSubject(asset: asset, suite: "suite"))?.alerts[key]
    }

    /// As in `team firing 1: a new, b still`.
    static func shorthand(_ message: AlertMessage) -> String {
        let items = message.items.map { "\($0.key) \($0.standing.rawValue)" }
        return "\(message.route) \(message.reason.rawValue) \(message.sequence): \(items.joined(separator: ", "))"
    }
}
