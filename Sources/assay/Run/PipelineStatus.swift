import Expectations
import Pipeline
import Suites
import Tables

/// How a pipeline fares, for people and programs.
struct PipelineStatus {
    let definition: PipelineDefinition
    let isRunning: Bool
    /// `nil` for one that never ran.
    let overview: PipelineOverview?
    let breaker: CircuitBreaker
    /// What the machine keeps it from doing; `nil` where it doesn't run.
    let wait: PipelineWait?
    /// When the run began that ended by an error or was killed; `nil` where none did, or somebody runs it.
    let brokenRun: Int64?
    /// How far event time has got, in microseconds since 1970-01-01T00:00:00Z; `nil` before there is such a time.
    let watermark: Int64?
    /// The oldest that wait, and how many there are in all.
    let waitingRequests: (oldest: [StoredRequest], count: Int)
    /// Columns that something reads and no record has had a value of.
    let unseen: [UnseenColumn]
    /// Windows that no table takes.
    let stranded: [StrandedWindows]
    let backlog: Backlog

    /// Reads the state; a pipeline that runs meanwhile isn't disturbed.
    init(_ definition: PipelineDefinition) throws(PipelineError) {
        self.definition = definition
        isRunning = PipelineState.isRunning(definition.state)
        let state = try PipelineState(readingFrom: definition.state)
        overview = try state?.overview()
        wait = isRunning ? try state?.wait() : nil
        brokenRun = isRunning ? nil : try state?.openRun()
        breaker = try state?.breaker() ?? CircuitBreaker()
        watermark = try state?.eventTime(of: definition) ?? nil
        waitingRequests = (try state?.waitingRequests() ?? [], try state?.waitingRequestCount() ?? 0)
        unseen = try state?.schema().map { definition.unseenColumns(of: $0) } ?? []
        stranded = try state?.strandedWindows(of: definition) ?? []
        backlog = Backlog(definition, state)
    }

    /// As in `running`, `held`, `waiting`, `stopped`, `never ran`.
    var word: String {
        if case .open = breaker.state { return "held" }
        if isRunning { return wait == nil ? "running" : "waiting" }
        return overview == nil ? "never ran" : "stopped"
    }

    /// Why it is stopped, where that isn't what somebody wanted.
    var brokenRunSentence: String? {
        brokenRun.map {
            "the run that began at \(CivilTime.format(microseconds: $0)) ended by an error or was killed, and nobody runs it"
        }
    }

    var isImbalanced: Bool { !(overview?.imbalanced.isEmpty ?? true) }

    // MARK: For people

    var text: String {
        var lines = ["\(definition.name): \(word)"]
        if case .open(let since, let until, let reason) = breaker.state {
            lines.append("  since \(CivilTime.format(microseconds: since)): \(reason)")
            let time = CivilTime.format(microseconds: until)
            // Where nothing runs, its time may come and go.
            lines.append(
                breaker.passesNext
                    ? "  the batch passes as soon as the pipeline runs"
                    : "  tried again \(isRunning ? "at \(time)" : "when the pipeline runs, at \(time) or later"), or let it pass: "
                        + "assay quarantine pass \(definition.name) --reason TEXT")
        }
        if let wait { lines.append("  waits since \(CivilTime.format(microseconds: wait.since)): \(wait.reason)") }
        if let brokenRunSentence { lines.append("  \(brokenRunSentence)") }
        guard let overview else {
            return (lines + backlogLines).map { Diagnostics.neutral($0) }.joined(separator: "\n")
        }
        if let last = overview.last {
            let kind = last.kind == "normal" ? "" : " (\(last.kind))"
            lines.append(
                "  last batch \(last.number)\(kind) at \(CivilTime.format(microseconds: last.clock)): "
                    + "\(Wording.count(last.recordCount, "record")) in \(last.milliseconds) ms, "
                    + "\(Wording.count(last.recordsPerSecond)) a second")
            lines += last.counts.map { "    \(Self.line($0))" } + Self.lines(last.rules)
        }
        if let open = overview.open { lines.append("  batch \(open.number) is \(open.state)") }
        lines.append("  in \(Wording.count(overview.batchCount, "batch", "batches"))")
        lines += overview.arrived.map { "    \(Self.line($0))" } + Self.lines(overview.rules)
        if !overview.judgedAgain.isEmpty {
            lines.append("  judged again")
            lines += overview.judgedAgain.map { "    \(Self.line($0))" }
        }
        lines += backlogLines
        if let watermark { lines.append("  watermark \(CivilTime.format(microseconds: watermark))") }
        lines.append(
            "  quarantine \(Wording.count(overview.unresolved)) open, \(Wording.count(overview.resolved)) resolved")
        if !unseen.isEmpty { lines.append("  \(UnseenColumn.sentence(unseen))") }
        lines += stranded.map { "  \($0.note)" }
        if waitingRequests.count > 0 {
            lines.append("  \(Wording.count(waitingRequests.count, "request")) to be carried out")
            lines += waitingRequests.oldest.prefix(Self.mostRequests).flatMap(words)
        }
        for (file, reason) in overview.setAside.prefix(10) { lines.append("  set aside \(file): \(reason)") }
        if overview.setAsideCount > 10 {
            lines.append("  and \(Wording.count(overview.setAsideCount - 10)) more files set aside")
        }
        if isImbalanced {
            let numbers = overview.imbalanced.map(String.init).joined(separator: ", ")
            lines.append("  CRITICAL: the records of these batches don't add up: \(numbers)")
        }
        return lines.map { Diagnostics.neutral($0) }.joined(separator: "\n")
    }

    private func words(_ stored: StoredRequest) -> [String] {
        let request = stored.request
        return [
            "  request \(stored.number) waits since \(CivilTime.format(microseconds: request.time)): \(request.kind.rawValue), by "
                + "\(request.actor): \(request.reason)",
            "    take it back: assay quarantine withdraw \(definition.name) \(stored.number) --reason TEXT",
        ]
    }

    /// So many requests are shown, the oldest.
    private static let mostRequests = 10

    private var backlogLines: [String] {
        if let failure = backlog.failure { return ["  backlog can't be told: \(failure)"] }
        let oldest = backlog.oldest.map { ", the oldest of \(CivilTime.format(microseconds: $0))" } ?? ""
        var lines = [
            "  backlog \(Wording.count(backlog.fileCount, "file")), \(Wording.count(backlog.byteCount)) bytes\(oldest)"
        ]
        if let obstacle = backlog.obstacle { lines.append("    nothing of it is read: \(obstacle)") }
        lines += backlog.notes.prefix(Self.mostNotes).map { "    \($0)" }
        if backlog.notes.count > Self.mostNotes {
            lines.append("    and \(Wording.count(backlog.notes.count - Self.mostNotes)) more that can't be read")
        }
        return lines
    }

    /// So many notes of the landing folder are shown.
    private static let mostNotes = 10

    /// As in `silver: 10 in, 9 out, 1 quarantined`.
    private static func line(_ counts: HopCounts) -> String {
        let rest: [(Int, String)] = [
            (counts.quarantined, "quarantined"), (counts.dropped, "dropped"), (counts.filtered, "filtered"),
            (counts.deduplicated, "repeated"), (counts.late, "late"),
        ]
        return
            (["\(counts.hop): \(Wording.count(counts.input)) in", "\(Wording.count(counts.output)) out"]
            + rest.filter { $0.0 > 0 }.map { "\(Wording.count($0.0)) \($0.1)" }).joined(separator: ", ")
    }

    /// As in `values of amount are at least 0: 3 records (quarantine)`.
    private static func lines(_ rules: [BatchManifest.RuleCount]) -> [String] {
        let rest = rules.count - mostRules
        return rules.prefix(mostRules).map { count in
            "    \(count.rule): \(Wording.count(count.count, "record"))"
                + (count.action.map { " (\($0.rawValue))" } ?? "")
        } + (rest > 0 ? ["    and \(Wording.count(rest, "more rule"))"] : [])
    }

    /// So many rules are shown, those that are broken most.
    private static let mostRules = 10

    // MARK: For programs

    var json: JSON {
        var members = [
            JSON.Member("pipeline", .string(definition.name)), JSON.Member("state", .string(word)),
            JSON.Member("running", .boolean(isRunning)), JSON.Member("breaker", breaker.json),
            JSON.Member(
                "waits",
                wait.map {
                    .object([
                        JSON.Member("since", .string(CivilTime.format(microseconds: $0.since))),
                        JSON.Member("reason", .string($0.reason)),
                    ])
                } ?? .null),
            JSON.Member("watermark", watermark.map { .string(CivilTime.format(microseconds: $0)) } ?? .null),
            JSON.Member("backlog", backlog.json), JSON.Member("waiting_requests", .integer(waitingRequests.count)),
            JSON.Member("requests", .array(waitingRequests.oldest.map { Self.json($0) })),
        ]
        guard let overview else { return .object(members) }
        members += [
            JSON.Member("last_batch", overview.last.map { Self.json($0) } ?? .null),
            JSON.Member(
                "open_batch",
                overview.open.map {
                    .object([JSON.Member("number", .integer($0.number)), JSON.Member("state", .string($0.state))])
                } ?? .null),
            JSON.Member("batches", .integer(overview.batchCount)),
            JSON.Member("hops", .array(overview.arrived.map(\.json))),
            JSON.Member("judged_again", .array(overview.judgedAgain.map(\.json))),
            JSON.Member("rules", .array(overview.rules.map(\.json))),
            JSON.Member(
                "quarantine",
                .object([
                    JSON.Member("open", .integer(overview.unresolved)),
                    JSON.Member("resolved", .integer(overview.resolved)),
                ])),
            JSON.Member("unseen_columns", .array(unseen.map(\.json))),
            JSON.Member(
                "stranded_windows",
                .object(stranded.map { JSON.Member($0.table, .integer($0.count)) })),
            JSON.Member("set_aside_count", .integer(overview.setAsideCount)),
            JSON.Member(
                "set_aside",
                .array(
                    overview.setAside.map {
                        .object([JSON.Member("file", .string($0.file)), JSON.Member("reason", .string($0.reason))])
                    })),
            JSON.Member("imbalanced_batches", .array(overview.imbalanced.map { .integer($0) })),
        ]
        return .object(members)
    }

    private static func json(_ stored: StoredRequest) -> JSON {
        .object([
            JSON.Member("number", .integer(stored.number)), JSON.Member("kind", .string(stored.request.kind.rawValue)),
            JSON.Member("since", .string(CivilTime.format(microseconds: stored.request.time))),
            JSON.Member("actor", .string(stored.request.actor)), JSON.Member("reason", .string(stored.request.reason)),
            JSON.Member("outcome", stored.outcome.json),
        ])
    }

    private static func json(_ batch: PipelineOverview.Batch) -> JSON {
        .object([
            JSON.Member("number", .integer(batch.number)), JSON.Member("kind", .string(batch.kind)),
            JSON.Member("clock", .string(CivilTime.format(microseconds: batch.clock))),
            JSON.Member("records", .integer(batch.recordCount)), JSON.Member("bytes", .integer(batch.byteCount)),
            JSON.Member("milliseconds", .integer(batch.milliseconds)),
            JSON.Member("records_per_second", .integer(batch.recordsPerSecond)),
            JSON.Member("hops", .array(batch.counts.map(\.json))),
            JSON.Member("rules", .array(batch.rules.map(\.json))),
        ])
    }
}
