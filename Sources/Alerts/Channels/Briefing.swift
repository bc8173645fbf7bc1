import Expectations
import Ledger
import Suites
import Tables

/// A message ready to be put into the form of a receiver: its words, tamed, and its links.
///
/// Everything in it is one line of plain text; a receiver's own markup is all that is left to be escaped.
struct Briefing {
    struct Section {
        let title: String
        let lines: [String]
    }

    struct Link {
        let title: String
        let url: String
    }

    /// What it looks like at a glance.
    enum Tone {
        case critical, warning, info, good, quiet

        /// Red, green, blue.
        var color: Int {
            switch self {
            case .critical: 0xC6_28_28
            case .warning: 0xEF_8F_00
            case .info: 0x15_65_C0
            case .good: 0x2E_7D_32
            case .quiet: 0x60_7D_8B
            }
        }

        var symbol: String {
            switch self {
            case .critical: "🔴"
            case .warning: "🟠"
            case .info: "🔵"
            case .good: "🟢"
            case .quiet: "⚪"
            }
        }
    }

    let message: AlertMessage
    /// Stays the same however often it is sent, and is another one for each channel.
    let key: String
    /// Microseconds since 1970: when it is sent, which is later than `message.at` where the receiver was down.
    let sentAt: Int64
    let headline: String
    /// Of the first message of the incident to this route.
    let opening: String?
    let sections: [Section]
    private(set) var links: [Link]

    init(_ message: AlertMessage, key: String, links base: String?, sentAt: Int64) {
        self.message = message
        self.key = key
        self.sentAt = sentAt
        headline = PlainText.line(AlertWording.headline(message), limit: 300)
        opening = message.opening.map { PlainText.line($0, limit: 300) }
        sections = AlertWording.sections(message).map { section in
            Section(title: PlainText.line(section.title), lines: section.lines.map { PlainText.line($0) })
        }
        var links: [Link] = []
        if let base, message.reason != .test {
            if let report = message.report {
                links.append(Link(title: Self.reportTitle, url: "\(base)/reports/\(PlainText.pathPart(report))"))
            } else if let run = message.run {
                links.append(Link(title: "Run", url: "\(base)/runs/\(PlainText.pathPart(run))"))
            }
            if let pipeline = AlertSubject(asset: message.asset, suite: message.suite).pipeline {
                let name = PlainText.pathPart(pipeline)
                links.append(Link(title: "Pipeline", url: "\(base)/pipelines#\(name)"))
                links.append(Link(title: "Quarantine", url: "\(base)/pipelines/\(name)/quarantine"))
            }
            links.append(Link(title: "Alerts", url: "\(base)/alerts"))
        }
        self.links = links
    }

    /// The same without a link to the report.
    var withoutReport: Briefing {
        var copy = self
        copy.links = links.filter { $0.title != Self.reportTitle }
        return copy
    }

    private static let reportTitle = "Report"

    var asset: String { PlainText.line(message.asset, limit: 200) }
    var suite: String { PlainText.line(message.suite, limit: 200) }

    var tone: Tone {
        switch message.reason {
        case .resolved, .improved: return .good
        case .acknowledged, .test: return .quiet
        case .firing, .reminder, .consequences, .flapping:
            return switch message.severity {
            case .critical: .critical
            case .warning: .warning
            case .info: .info
            }
        }
    }

    /// Names and values that are shown beside the words.
    var facts: [(name: String, value: String)] {
        guard message.reason != .test else { return [] }
        return (suite.isEmpty ? [("Asset", asset)] : [("Asset", asset), ("Suite", suite)]) + [
            ("Severity", message.severity.rawValue),
            ("Since", AlertWording.time(message.since)),
        ]
    }

    /// Sections as lines: a title, then its items.
    var lines: [String] { sections.flatMap { ["\($0.title):"] + $0.lines.map { "• \($0)" } } }
}
