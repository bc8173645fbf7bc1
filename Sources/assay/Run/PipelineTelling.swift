import Expectations
import Pipeline
import Suites
import Tables

/// Tells what pipelines do: batches on standard output, what is wrong on standard error.
struct PipelineTelling: Sendable {
    let format: ListFormat
    let isQuiet: Bool
    /// Whether several pipelines run.
    let namesPipelines: Bool

    func tell(_ event: PipelineEvent, of pipeline: String) {
        switch event {
        case .committed(let summary):
            guard !isQuiet else { return }
            switch format {
            case .table: Console.standardOutput(prefix(pipeline) + Self.line(summary))
            case .json: Console.standardOutput(Self.json(summary, pipeline).text())
            }
        case .began, .caughtUp: break
        case .recovering(let batch, let phase):
            complain(
                pipeline,
                "batch \(batch) was \(phase) when the process before this one ended"
                    + (phase == "planned" ? "; it is run again" : phase == "prepared" ? "; it is carried through" : ""))
        case .held(let batch, let reason, let until):
            complain(
                pipeline,
                "batch \(batch) is held: \(reason)",
                hint: "nothing of it was written; it is tried again at \(CivilTime.format(microseconds: until)), "
                    + "at once when the pipeline is started with other rules, or let it pass: assay quarantine pass \(pipeline) --reason TEXT"
            )
        case .setAside(let file, let reason): complain(pipeline, "\(file) is set aside: \(reason)")
        case .note(let text): complain(pipeline, text)
        case .retrying(let error, let pause):
            complain(
                pipeline,
                error.summary,
                hint: "\(error.hint.map { "\($0); " } ?? "")tried again in \(CivilTime.format(duration: pause))")
        case .stalled(let error, let since):
            complain(
                pipeline,
                "the pipeline has waited since \(CivilTime.format(microseconds: since)): \(error.summary)",
                hint: error.hint)
        }
    }

    private func prefix(_ pipeline: String) -> String { namesPipelines ? "\(pipeline): " : "" }

    private func complain(_ pipeline: String, _ text: String, hint: String? = nil) {
        Console.complain(text, hint: hint, of: pipeline)
    }

    /// As in `batch 3: 1,000 records, 990 to silver, 10 quarantined (0.2 s, 5,000 a second)`.
    private static func line(_ summary: BatchSummary) -> String {
        guard let first = summary.counts.first, let silver = summary.counts.first(where: { $0.hop == "silver" }) else {
            return "batch \(summary.batch)"
        }
        var parts = [Wording.count(first.input, "record"), "\(Wording.count(silver.output)) to silver"]
        let others: [(Int, String)] = [
            (silver.quarantined, "quarantined"), (silver.dropped, "dropped"), (silver.filtered, "filtered"),
            (silver.deduplicated, "repeated"), (silver.late, "late"),
        ]
        for (count, word) in others where count > 0 { parts.append("\(Wording.count(count)) \(word)") }
        let warnings = summary.rules.filter { $0.action == .warn }.reduce(0) { $0 + $1.count }
        if warnings > 0 { parts.append(Wording.count(warnings, "warning")) }
        let rate = summary.milliseconds > 0 ? first.input * 1_000 / summary.milliseconds : 0
        let speed = rate > 0 ? ", \(Wording.count(rate)) a second" : ""
        let kind = summary.kind == .normal ? "" : " (\(summary.kind.rawValue))"
        let time = "\(summary.milliseconds) ms"
        return "batch \(summary.batch)\(kind): \(parts.joined(separator: ", ")) (\(time)\(speed))\(rest(summary))"
    }

    /// What waits, and how far event time is behind, as in `; 3 files wait (2.1 MB); watermark 2026-11-20T10:00:00Z`.
    private static func rest(_ summary: BatchSummary) -> String {
        var parts: [String] = []
        let (files, bytes) = summary.backlog
        if files > 0 {
            let waits = files == 1 ? "waits" : "wait"
            parts.append("\(Wording.count(files, "file")) \(waits) (\(ProgressLine.bytes(Double(bytes))))")
        }
        if !summary.unseen.isEmpty { parts.append(UnseenColumn.sentence(summary.unseen)) }
        if let watermark = summary.watermark {
            parts.append("watermark \(CivilTime.format(microseconds: watermark))")
        }
        return parts.map { "; \($0)" }.joined()
    }

    private static func json(_ summary: BatchSummary, _ pipeline: String) -> JSON {
        .object([
            JSON.Member("version", .integer(1)), JSON.Member("pipeline", .string(pipeline)),
            JSON.Member("batch", .integer(summary.batch)), JSON.Member("kind", .string(summary.kind.rawValue)),
            JSON.Member("bytes", .integer(summary.byteCount)),
            JSON.Member("milliseconds", .integer(summary.milliseconds)),
            JSON.Member("clock", .string(CivilTime.format(microseconds: summary.clock))),
            JSON.Member("watermark", summary.watermark.map { .string(CivilTime.format(microseconds: $0)) } ?? .null),
            JSON.Member(
                "backlog",
                .object([
                    JSON.Member("files", .integer(summary.backlog.files)),
                    JSON.Member("bytes", .integer(summary.backlog.byteCount)),
                ])),
            JSON.Member("hops", .array(summary.counts.map(\.json))),
            JSON.Member("rules", .array(summary.rules.map(\.json))),
            JSON.Member("unseen_columns", .array(summary.unseen.map(\.json))),
        ])
    }
}
