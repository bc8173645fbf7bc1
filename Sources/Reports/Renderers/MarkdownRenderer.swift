import Expectations
import Tables

/// Tables in Markdown, for a comment at a pull request or the summary of a step.
///
/// What failed is told, the worst first; what passed is counted. A comment may have 65,536 characters: what has no room is
/// counted as well.
public struct MarkdownRenderer: RunRenderer {
    /// Characters of a document.
    static let limit = 60_000
    /// Failing rows that a result lists.
    private static let mostExamples = 3

    public init() {}

    public func write(_ report: RunReport, to sink: @escaping ([UInt8]) -> Void) {
        sink(Array(text(report).utf8))
    }

    private func text(_ report: RunReport) -> String {
        let runs = report.sections.map(\.run)
        var document = MarkdownDocument(limit: Self.limit)
        if runs.count > 1 {
            document.add("## \(Self.sign(runs.allSatisfy(\.success)))\(Self.cell(Headline.sentence(of: runs)))\n")
            document.add(
                head: ["", "Suite", "Asset", "Expectations", "Rows"],
                rows: Self.failingFirst(runs).map { Self.row(of: $0) },
                rest: "suite")
        }
        for run in Self.failingFirst(runs) where runs.count == 1 || Self.rank(of: run) > 0 {
            Self.add(run, report.values, to: &document)
        }
        return document.text
    }

    private static func add(_ run: RunResult, _ values: ValueDisplay, to document: inout MarkdownDocument) {
        let status = run.outcomeName
        let hint = run.failure?.hint.map { "\n\nhint: \(cell($0))" } ?? ""
        let read = "\(Wording.count(run.rowCount, "row")) in \(Wording.count(run.files.count, "file"))"
        document.add(
            """
            ### \(Headline.sign(status)) \(cell(run.suite, limit: 100)) on \(cell(run.asset, limit: 100))

            \(cell(Headline.sentence(of: run), limit: 600)).\(hint)

            \(read), \(PageWording.duration(run.durationSeconds)), \(PageWording.time(run.startedAt)), \
            run \(cell(run.id, limit: 80))

            """)
        let told = run.results.filter { $0.outcome != .passed }.map {
            values.apply(to: $0, personal: run.personalColumns)
        }
        guard !told.isEmpty else { return }
        let sorted = told.enumerated().sorted { left, right in
            (rank(of: left.element), left.offset) < (rank(of: right.element), right.offset)
        }
        document.add(
            head: ["", "Severity", "Column", "What was found", "Unexpected", "Failing rows"],
            rows: sorted.map { row(of: $0.element) }, rest: "expectation")
    }

    private static func row(of run: RunResult) -> [String] {
        let status = run.outcomeName
        let statistics = run.statistics
        let parts = [
            (statistics.failed, "failed"), (statistics.errored, "not decided"),
            (statistics.vacuous, "nothing to check"),
            (statistics.passed, "passed"),
        ].filter { $0.0 > 0 }.map { "\(Wording.count($0.0)) \($0.1)" }
        return [
            "\(Headline.sign(status)) \(Headline.word(status))", cell(run.suite, limit: 100),
            cell(run.asset, limit: 100),
            parts.isEmpty ? "–" : parts.joined(separator: ", "), Wording.count(run.rowCount),
        ]
    }

    private static func row(of result: ExpectationResult) -> [String] {
        let words = ResultWords(result: result)
        let outcome = result.outcome.name
        let columns = result.expectation.columns.joined(separator: ", ")
        return [
            "\(Headline.sign(outcome)) \(Headline.word(outcome))", result.success ? "" : result.severity.rawValue,
            cell(columns, limit: 100), cell(result.sentence), words.unexpected.map { cell($0) } ?? "",
            words.rows(limit: mostExamples).map { cell($0, limit: 160) }.joined(separator: "<br>"),
        ]
    }

    private static func cell(_ text: String, limit: Int = 300) -> String { MarkdownText.escape(text, limit: limit) }

    private static func sign(_ success: Bool) -> String { "\(Headline.sign(success ? "passed" : "failed")) " }

    private static func failingFirst(_ runs: [RunResult]) -> [RunResult] {
        runs.enumerated().sorted { left, right in
            (-rank(of: left.element), left.offset) < (-rank(of: right.element), right.offset)
        }.map(\.element)
    }

    /// 0 for what is fine.
    private static func rank(of run: RunResult) -> Int {
        switch run.outcomeName {
        case "passed": 0
        case "vacuous": 1
        default: 2
        }
    }

    private static func rank(of result: ExpectationResult) -> Int {
        switch result.outcome {
        case .failed: 3 - (Severity.allCases.firstIndex(of: result.severity) ?? 0)
        case .errored: 4
        case .vacuous: result.success ? 5 : 4
        case .passed: 6
        }
    }
}

/// Markdown that grows up to a limit.
struct MarkdownDocument {
    private(set) var text = ""
    /// In characters, with some of them kept for saying what had no room.
    private let limit: Int
    private var count = 0

    init(limit: Int) { self.limit = limit }

    /// Adds lines and an empty one; false where there is no room for them.
    @discardableResult
    mutating func add(_ lines: String) -> Bool { append(lines + "\n") }

    /// Adds a table with as many of its rows as there is room for, and says how many there are besides.
    mutating func add(head: [String], rows: [[String]], rest noun: String) {
        let rule = "|\(String(repeating: "---|", count: head.count))"
        guard append("\(Self.line(head))\n\(rule)\n") else { return }
        let shown = rows.prefix { append("\(Self.line($0))\n") }.count
        let rest = rows.count - shown
        text += rest > 0 ? "\nand \(Wording.count(rest, "more \(noun)", "more \(noun)s"))\n\n" : "\n"
    }

    private mutating func append(_ piece: String) -> Bool {
        let length = piece.unicodeScalars.count
        guard count + length <= limit else { return false }
        count += length
        text += piece
        return true
    }

    private static func line(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |" }
}
