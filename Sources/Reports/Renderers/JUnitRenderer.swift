import Expectations
import Foundation
import Tables

/// JUnit's XML, as continuous integration reads it: a test suite for each run, a test case for each expectation.
///
/// Elements and attributes are those of Jenkins' `junit-10.xsd`, the narrowest of the schemas in use. One that had nothing to
/// check is skipped, unless `on_empty` makes it fail; one that could not be decided is an error. Cases have no time of
/// their own: all expectations of a run share its reading.
public struct JUnitRenderer: RunRenderer {
    /// Failing rows and frequent values that a failure lists.
    private static let mostExamples = 10

    public init() {}

    public func write(_ report: RunReport, to sink: @escaping ([UInt8]) -> Void) {
        let runs = report.sections.map(\.run)
        let total = runs.map { JUnitCounts($0) }.reduce(JUnitCounts()) { $0.adding($1) }
        let seconds = runs.reduce(0) { $0 + $1.durationSeconds }
        sink(
            Array(
                """
                <?xml version="1.0" encoding="UTF-8"?>
                <testsuites name="assay" tests="\(total.tests)" failures="\(total.failures)" errors="\(total.errors)" \
                time="\(Self.time(seconds))">

                """.utf8))
        for run in runs { Self.write(run, report.values, to: sink) }
        sink(Array("</testsuites>\n".utf8))
    }

    private static func write(_ run: RunResult, _ values: ValueDisplay, to sink: ([UInt8]) -> Void) {
        let counts = JUnitCounts(run)
        let name = "\(run.suite) on \(run.asset)"
        let file = run.results.lazy.compactMap(\.expectation.location?.file).first
        var text = """
              <testsuite name="\(XMLText.line(name))" tests="\(counts.tests)" failures="\(counts.failures)" \
            errors="\(counts.errors)" skipped="\(counts.skipped)" time="\(time(run.durationSeconds))" \
            timestamp="\(timestamp(run.startedAt))"\(file.map { " file=\"\(XMLText.line($0))\"" } ?? "")>
                <properties>

            """
        for (name, value) in properties(run) {
            text += "      <property name=\"\(name)\" value=\"\(XMLText.line(value))\"/>\n"
        }
        text += "    </properties>\n"
        if let failure = run.failure { text += unreadable(failure, of: run) }
        sink(Array(text.utf8))
        var names = JUnitNames()
        for result in run.results {
            let shown = values.apply(to: result, personal: run.personalColumns)
            sink(Array(testCase(shown, names.name(of: shown.expectation), of: run).utf8))
        }
        sink(Array("  </testsuite>\n".utf8))
    }

    private static func properties(_ run: RunResult) -> [(String, String)] {
        var properties = [
            ("suite", run.suite), ("asset", run.asset), ("run_id", run.id), ("outcome", run.outcomeName),
            ("rows", "\(run.rowCount)"), ("bytes", "\(run.byteCount)"), ("files", "\(run.files.count)"),
            ("suite_fingerprint", run.suiteFingerprint), ("data_fingerprint", run.dataFingerprint),
            ("assay_version", run.engineVersion),
        ]
        if let version = run.tableVersion { properties.append(("table_version", "\(version.number)")) }
        return properties
    }

    /// A case of its own, so that data that can't be read is seen where only cases are.
    private static func unreadable(_ failure: RunFailure, of run: RunResult) -> String {
        let lines = [failure.sentence] + (failure.hint.map { ["hint: \($0)"] } ?? [])
        return testCase(
            "the data can be \(failure.isOfData ? "read" : "judged")", of: run,
            element("error", type: failure.code, message: failure.message, lines))
    }

    private static func testCase(_ result: ExpectationResult, _ name: String, of run: RunResult) -> String {
        let content: String?
        switch JUnitVerdict(result) {
        case .passed: content = nil
        case .failure:
            content = element("failure", type: result.severity.rawValue, message: result.sentence, lines(result))
        case .error:
            content = element(
                "error", type: result.errorCode ?? "errored", message: result.outcome.reason ?? result.sentence,
                lines(result))
        case .skipped:
            content = "      <skipped message=\"\(XMLText.line(result.outcome.reason ?? result.sentence))\"/>\n"
        }
        return testCase(name, of: run, content)
    }

    private static func testCase(_ name: String, of run: RunResult, _ content: String?) -> String {
        let head =
            "    <testcase classname=\"\(XMLText.line("\(run.suite).\(run.asset)"))\" name=\"\(XMLText.line(name))\""
        return content.map { "\(head)>\n\($0)    </testcase>\n" } ?? "\(head)/>\n"
    }

    private static func element(_ name: String, type: String, message: String, _ lines: [String]) -> String {
        """
              <\(name) type="\(XMLText.line(type))" message="\(XMLText.line(message))">\
        \(lines.map { XMLText.line($0) }.joined(separator: "\n"))</\(name)>

        """
    }

    /// What a reader of the log needs: the verdict, the numbers, where the rule is written, some rows.
    private static func lines(_ result: ExpectationResult) -> [String] {
        let words = ResultWords(result: result)
        let expectation = result.expectation
        var lines = [result.sentence]
        func add(_ label: String, _ text: String?) {
            if let text, !text.isEmpty { lines.append("\(label): \(text)") }
        }
        add("about", expectation.description)
        add("severity", result.severity.rawValue)
        add("expectation", words.rule)
        add("written at", expectation.location?.description)
        add("observed", words.observed)
        add("unexpected", words.unexpected)
        add("missing", words.missing)
        let rows = words.rows(limit: mostExamples)
        if !rows.isEmpty {
            let total = result.rows?.unexpectedCount ?? rows.count
            lines.append("failing rows, \(Wording.count(rows.count)) of \(Wording.count(total)):")
            lines += rows.map { "  \($0)" }
        }
        let frequent = words.frequent(limit: mostExamples)
        if !frequent.isEmpty { lines += ["most frequent unexpected values:"] + frequent.map { "  \($0)" } }
        return lines
    }

    /// Seconds with three digits behind the point: the schema knows no exponents.
    private static func time(_ seconds: Double) -> String {
        String(format: "%.3f", seconds.isFinite ? max(0, seconds) : 0)
    }

    /// UTC without saying so, as the schemas want it.
    private static func timestamp(_ microseconds: Int64) -> String { String(PageWording.iso(microseconds).prefix(19)) }
}

/// What an expectation's outcome is in JUnit's terms.
enum JUnitVerdict {
    case passed, failure, error, skipped

    init(_ result: ExpectationResult) {
        switch result.outcome {
        case .errored: self = .error
        case .failed: self = result.success ? .passed : .failure
        case .vacuous: self = result.success ? .skipped : .failure
        case .passed: self = .passed
        }
    }
}

/// How many cases of a run ended how.
struct JUnitCounts {
    private(set) var tests = 0
    private(set) var failures = 0
    private(set) var errors = 0
    private(set) var skipped = 0

    init() {}

    init(_ run: RunResult) {
        let verdicts = run.results.map { JUnitVerdict($0) }
        let isUnreadable = run.failure != nil
        tests = verdicts.count + (isUnreadable ? 1 : 0)
        failures = verdicts.count { $0 == .failure }
        errors = verdicts.count { $0 == .error } + (isUnreadable ? 1 : 0)
        skipped = verdicts.count { $0 == .skipped }
    }

    func adding(_ other: JUnitCounts) -> JUnitCounts {
        var sum = self
        sum.tests += other.tests
        sum.failures += other.failures
        sum.errors += other.errors
        sum.skipped += other.skipped
        return sum
    }
}

/// Names of test cases: the same from run to run, so that histories go on, and different within a run.
struct JUnitNames {
    private static let limit = 200
    private var given: Set<String> = []

    /// The author's name for the expectation, or the kind with its arguments.
    mutating func name(of expectation: ExpectationSummary) -> String {
        let result = expectation.arguments.isEmpty ? "" : " \(JSON.object(expectation.arguments).text())"
        let whole = expectation.id ?? expectation.type + result
        let isLong = whole.unicodeScalars.count > Self.limit
        var name = isLong ? String(String.UnicodeScalarView(whole.unicodeScalars.prefix(Self.limit))) + "…" : whole
        if isLong || given.contains(name) { name += " #\(expectation.fingerprint.prefix(8))" }
        given.insert(name)
        return name
    }
}
