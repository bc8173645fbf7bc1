public import Expectations
public import Ledger
import Tables

/// The page of one invocation: a section for each suite and asset that was run.
///
/// One file with everything in it: no script, nothing from the network, readable on paper and in the dark. The same runs
/// give the same bytes.
public struct RunReport: Sendable {
    /// A run, and what the ledger knows around it.
    public struct Section: Sendable {
        public let run: RunResult
        public let history: RunHistory

        public init(_ run: RunResult, history: RunHistory = .none) {
            self.run = run
            self.history = history
        }
    }

    public let sections: [Section]
    public let values: ValueDisplay

    /// Sections in the order of the page; values are masked unless the caller says otherwise.
    public init(_ sections: [Section], values: ValueDisplay = .masked) {
        self.sections = sections
        self.values = values
    }

    /// Reads each run's history from a ledger.
    public init(_ runs: [RunResult], from ledger: Ledger, values: ValueDisplay = .masked) throws(LedgerError) {
        var sections: [Section] = []
        for run in runs { sections.append(Section(run, history: try RunHistory(of: run, in: ledger))) }
        self.init(sections, values: values)
    }

    /// The page, of about a kilobyte an expectation.
    public func html() throws(ReportError) -> String { try RunTemplate.page.render(model) }

    var model: [String: Any] {
        let models = sections.enumerated().map { index, section in
            SectionModel(section: section, number: index + 1, display: values).model
        }
        let runs = sections.map(\.run)
        let isOne = runs.count == 1
        let title =
            isOne ? "\(runs[0].suite) · \(Headline.word(runs[0].outcomeName))" : Headline.sentence(of: runs)
        return [
            "title": HTMLText.clean(title), "isMany": !isOne,
            "pageHeadline": HTMLText.clean(Headline.sentence(of: runs)),
            "sections": models,
            "level": isOne ? 1 : 2, "sublevel": isOne ? 2 : 3, "cardlevel": isOne ? 3 : 4,
            "maskedNote": Self.note(on: values),
        ]
    }

    private static func note(on values: ValueDisplay) -> String {
        switch values {
        case .masked: "Values are masked: letters appear as x, digits as 9."
        case .shown: "Values of personal columns are masked; all others are shown as they are."
        case .absent: "Values are left out."
        }
    }
}
