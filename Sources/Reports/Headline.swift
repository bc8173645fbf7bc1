import Expectations
import Ledger

/// The verdict of a run or a page in a sentence, and the sign and word for an outcome.
enum Headline {
    /// As in `3 of 14 expectations failed; 2 are critical`.
    static func sentence(of run: RunResult) -> String {
        if let failure = run.failure { return failure.sentence }
        let statistics = run.statistics
        guard statistics.evaluated > 0 else { return "The suite has no expectations: nothing was checked" }
        var parts: [String] = []
        if statistics.failed > 0 {
            let critical = run.results.count { $0.outcome == .failed && $0.severity == .critical }
            let of =
                "\(Wording.count(statistics.failed)) of \(Wording.count(statistics.evaluated, "expectation")) failed"
            parts.append(of + note(critical: critical, of: statistics.failed))
        }
        if statistics.errored > 0 {
            let verb = "could not be decided"
            parts.append(
                parts.isEmpty
                    ? "\(Wording.count(statistics.errored)) of \(Wording.count(statistics.evaluated, "expectation")) \(verb)"
                    : "\(Wording.count(statistics.errored)) \(verb)")
        }
        if parts.isEmpty, statistics.passed > 0 {
            parts.append(
                statistics.passed == statistics.evaluated
                    ? statistics.evaluated == 1
                        ? "The only expectation passed"
                        : "All \(Wording.count(statistics.evaluated)) expectations passed"
                    : "\(Wording.count(statistics.passed)) of \(Wording.count(statistics.evaluated, "expectation")) passed"
            )
        }
        if statistics.vacuous > 0 {
            parts.append(
                statistics.vacuous == statistics.evaluated
                    ? "Nothing was checked: there was nothing to check"
                    : "\(Wording.count(statistics.vacuous)) had nothing to check")
        }
        return parts.joined(separator: "; ")
    }

    private static func note(critical: Int, of failed: Int) -> String {
        switch critical {
        case 0: ""
        case failed: failed == 1 ? "; it is critical" : failed == 2 ? "; both are critical" : "; all are critical"
        case 1: "; 1 is critical"
        default: "; \(Wording.count(critical)) are critical"
        }
    }

    /// As in `2 of 3 suites failed`.
    static func sentence(of runs: [RunResult]) -> String {
        let failed = runs.count { !$0.success }
        if failed > 0 { return "\(Wording.count(failed)) of \(Wording.count(runs.count, "suite")) failed" }
        let vacuous = runs.count { $0.outcomeName == "vacuous" }
        if vacuous == runs.count { return "Nothing was checked: there was nothing to check" }
        let note = vacuous > 0 ? "; \(Wording.count(vacuous)) had nothing to check" : ""
        return "All \(Wording.count(runs.count)) suites passed\(note)"
    }

    /// A sign and a word beside every colour.
    static func sign(_ outcome: String) -> String {
        switch outcome {
        case "passed": "✓"
        case "failed": "✕"
        case "vacuous", "held": "○"
        default: "!"
        }
    }

    static func word(_ outcome: String) -> String {
        switch outcome {
        case "passed": "Passed"
        case "failed": "Failed"
        case "vacuous": "Nothing to check"
        default: "Not decided"
        }
    }
}
