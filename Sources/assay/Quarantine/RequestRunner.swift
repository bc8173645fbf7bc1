import Expectations
import Intake
import Pipeline
import Suites
import Tables

/// Carries out what is wanted of quarantined records, or leaves it to the process that runs the pipeline.
struct RequestRunner {
    private let kind: QuarantineRequest.Kind
    private let options: ResolveOptions
    private let patch: [RecordPatch.Assignment]

    init(_ kind: QuarantineRequest.Kind, _ options: ResolveOptions, patch: [RecordPatch.Assignment] = []) {
        self.kind = kind
        self.options = options
        self.patch = patch
    }

    func run() async throws {
        let project = try options.request.project.load()
        let definitions = try RunCommand.chosen([options.pipeline], of: project)
        guard let definition = definitions.first else { return }
        guard let quarantine = try OpenQuarantine(definition) else {
            if let id = options.ids.first { throw UserMistake("no quarantined record has the id \"\(id)\"") }
            return tell("\(definition.name): nothing was ever quarantined", .object([]), definition)
        }
        try checkPatch(quarantine)
        let selector = options.selection.selector(ids: options.ids)
        let tally = try chosen(quarantine, selector)
        guard tally.count > 0 else {
            var check = SelectorCheck(options.selection)
            try check.look(at: quarantine)
            try check.refuseUnknown()
            return tell(
                "\(definition.name): no record is meant that nothing became of yet", outcomeJSON("done", nil),
                definition)
        }
        let request = QuarantineRequest(
            kind: kind, selector: selector, version: quarantine.table.version, patch: patch,
            actor: options.request.person, reason: options.request.reason,
            time: options.request.clock.microseconds)
        guard !options.dryRun else { return tell(tally, try await rehearsal(request, quarantine), definition) }
        let delivery = RequestDelivery(definition, of: project, options.request)
        let stored = try await delivery.deliver(request)
        try report(stored, tally, definition)
    }

    /// What would become of the records; `nil` for those that would be judged no more.
    private func rehearsal(
        _ request: QuarantineRequest, _ quarantine: OpenQuarantine
    ) async throws -> ReplayRehearsal? {
        guard kind == .replay || kind == .release else { return nil }
        let clock: @Sendable () -> Int64 = { [clock = options.request.clock] in clock.microseconds }
        var judging = PipelineOptions(clock: clock, machineClock: clock)
        do {
            try judging.take(sourceOf: quarantine.definition)
            return try await ReplayRehearsal(
                of: request, quarantine.definition, quarantine.table, quarantine.state, options: judging)
        } catch let problems as SuiteProblems {
            Mistakes.show(problems)
            throw ExitStatus.mistake.code
        } catch let error as PipelineError {
            Console.complain(error.summary, hint: error.hint)
            throw (error.fault == .suiteAuthor ? ExitStatus.mistake : ExitStatus.undecided).code
        }
    }

    /// Tells what a dry run found.
    private func tell(
        _ tally: QuarantineTally, _ rehearsal: ReplayRehearsal?, _ definition: PipelineDefinition
    ) {
        let paint = Paint(isOn: Console.usesColors(isTerminal: Console.outputIsTerminal))
        let title = "\(definition.name): \(kind.rawValue) would take \(Wording.count(tally.count, "record"))"
        var lines = tally.grid(title).lines(paint)
        var members = [
            JSON.Member("state", .string("dry-run")), JSON.Member("count", .integer(tally.count)),
            JSON.Member("rules", tally.json),
        ]
        if let rehearsal {
            let broken = rehearsal.brokenRules.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            lines.append("as things stand: \(sentence(rehearsal.outcome))\(hint(tally))")
            lines += broken.map { "  \(Wording.count($0.value)) would break \(Diagnostics.neutral($0.key)) again" }
            members += [
                JSON.Member("outcome", rehearsal.outcome.json),
                JSON.Member(
                    "broken_again",
                    .array(
                        broken.map {
                            .object([JSON.Member("rule", .string($0.key)), JSON.Member("count", .integer($0.value))])
                        })),
            ]
        }
        tell(lines.joined(separator: "\n"), .object(members), definition)
    }

    /// What doesn't fit the source's columns is told before anything is asked for.
    private func checkPatch(_ quarantine: OpenQuarantine) throws {
        guard !patch.isEmpty else { return }
        try OpenQuarantine.shown { () throws(PipelineError) in
            guard let schema = try quarantine.state.schema() else { return }
            _ = try RecordPatch(patch, of: schema.schema, pipeline: quarantine.definition.name)
        }
    }

    /// The records that are meant and open; ids that there are none of are the user's mistake.
    private func chosen(_ quarantine: OpenQuarantine, _ selector: QuarantineSelector) throws -> QuarantineTally {
        var tally = QuarantineTally()
        var missing = Set(options.ids)
        var named = QuarantineSelector()
        named.ids = selector.ids
        // Ids are looked for by themselves, so that one that isn't there is told from one that fits no other option.
        try quarantine.forEach(selector.ids == nil ? selector : named, .errors) { record, resolution in
            missing.remove(record.id)
            if resolution == nil, selector.means(record) { tally.add(record) }
        }
        if let id = missing.min() {
            throw UserMistake("no quarantined record of \(quarantine.definition.name) has the id \"\(id)\"")
        }
        return tally
    }

    private func report(
        _ stored: StoredRequest, _ tally: QuarantineTally, _ definition: PipelineDefinition
    ) throws {
        guard stored.isDone else {
            return tell(
                "\(definition.name): request \(stored.number) waits for the process that runs the pipeline, as its next batch",
                outcomeJSON("waiting", stored), definition)
        }
        if let withdrawal = stored.withdrawal {
            tell(
                "\(definition.name): request \(stored.number) was withdrawn", outcomeJSON("withdrawn", stored),
                definition)
            Console.complain("\(definition.name): withdrawn by \(withdrawal.actor): \(withdrawal.reason)")
            throw ExitStatus.undecided.code
        }
        if let failure = stored.failure {
            tell("\(definition.name): request \(stored.number) was refused", outcomeJSON("refused", stored), definition)
            Console.complain("\(definition.name): \(failure)")
            throw ExitStatus.undecided.code
        }
        tell(
            "\(definition.name): \(sentence(stored.outcome))\(hint(tally))", outcomeJSON("done", stored), definition)
    }

    /// What to do about records that nothing can be judged of; empty where there are none.
    private func hint(_ tally: QuarantineTally) -> String {
        guard tally.cutShort > 0, kind != .discard else { return "" }
        return
            "\n  hint: of \(Wording.count(tally.cutShort, "record")) only the beginning was kept, which nothing can mend: raise "
            + "max_row_bytes or mend the file, and let it land again under another name"
    }

    /// As in `10 records replayed: 8 passed, 2 quarantined; 1 stays`.
    private func sentence(_ outcome: RequestOutcome) -> String {
        let verb =
            switch kind {
            case .replay: "replayed"
            case .release: "released"
            case .discard: "discarded"
            case .pass: "passed"
            }
        var text = "\(Wording.count(outcome.resolved, "record")) \(verb)"
        let words: [(RecordFate, String)] = [
            (.passed, "to silver"), (.quarantined, "quarantined again"), (.dropped, "dropped"), (.filtered, "filtered"),
            (.deduplicated, "repeated"), (.late, "late"),
        ]
        let parts = words.compactMap { fate, word in
            outcome.fates[fate].map { "\(Wording.count($0)) \(word)" }
        }
        if !parts.isEmpty { text += ": " + parts.joined(separator: ", ") }
        for table in outcome.gold where table.input > 0 {
            let places = [(table.output, "in open windows"), (table.late, "late"), (table.quarantined, "in no window")]
            let words = places.filter { $0.0 > 0 }.map { "\(Wording.count($0)) \($1)" }
            text += "; \(table.hop): \(words.joined(separator: ", "))"
        }
        if outcome.stayed > 0 {
            text +=
                "; \(Wording.count(outcome.stayed, "record")) left as before: they can't be read, or not be mended so"
        }
        return text
    }

    private func outcomeJSON(_ state: String, _ stored: StoredRequest?) -> JSON {
        .object([
            JSON.Member("state", .string(state)),
            JSON.Member("request", stored.map { .integer($0.number) } ?? .null),
            JSON.Member("outcome", (stored?.outcome ?? RequestOutcome()).json),
        ])
    }

    private func tell(_ text: String, _ json: JSON, _ definition: PipelineDefinition) {
        switch options.request.output.format {
        case .table: Console.standardOutput(text)
        case .json:
            let head = [
                JSON.Member("version", .integer(1)), JSON.Member("pipeline", .string(definition.name)),
                JSON.Member("kind", .string(kind.rawValue)),
            ]
            Console.standardOutput(JSON.object(head + (json.members ?? [])).text(isIndented: true))
        }
    }
}
