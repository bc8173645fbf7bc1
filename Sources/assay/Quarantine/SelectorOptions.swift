import ArgumentParser
import Pipeline

/// Which quarantined records a command is about.
struct SelectorOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Records that break a rule: an expectation's id or kind, or as in select.amount or malformed.",
            valueName: "rule"))
    var rule: String?

    @Option(help: ArgumentHelp("Records that were read from a file, as the list names it.", valueName: "file"))
    var file: String?

    @Option(
        help: ArgumentHelp("Records kept apart at that time or later, in ISO 8601.", valueName: "time"),
        transform: RunClock.parse)
    var since: RunClock?

    @Option(
        help: ArgumentHelp("Records kept apart before that time, in ISO 8601.", valueName: "time"),
        transform: RunClock.parse)
    var until: RunClock?

    var isEmpty: Bool { rule == nil && file == nil && since == nil && until == nil }

    /// With ids besides, where there are any.
    func selector(ids: [String] = []) -> QuarantineSelector {
        var selector = QuarantineSelector()
        selector.rule = rule
        selector.file = file
        selector.since = since?.microseconds
        selector.until = until?.microseconds
        if !ids.isEmpty { selector.ids = Set(ids) }
        return selector
    }
}
