import Expectations
import Expressions
import Intake
import Pipeline
import Suites
import Tables

/// What a pipeline would make of its next batch, for people and programs.
struct PipelinePlanText {
    let definition: PipelineDefinition
    let plan: PipelinePlan

    private var silver: SilverDefinition { definition.silver }
    private var byteCount: Int64 { plan.files.reduce(0) { $0 + $1.byteCount } }

    // MARK: For people

    var text: String {
        var lines = ["\(definition.name): what batch \(plan.batch) would do", "", "source"]
        lines += ["  \(sourceWords)"] + plan.unreadable.map { "  set aside \($0.file): \($0.reason)" }
        if let hold = plan.hold { lines += words(hold) }
        if plan.waiting > 0, case .files(let landing) = definition.source.kind {
            lines.append(
                "  \(Wording.count(plan.waiting, "file")) \(plan.waiting == 1 ? "waits" : "wait") until nobody has written for "
                    + CivilTime.format(duration: landing.settle))
        }
        if let change = plan.change { lines.append("  held: \(change.message)") }
        lines += plan.notes.map { "  \($0)" } + table(plan.source.map { words($0) })
        switch plan.stages {
        case nil:
            let news = plan.waiting > 0 ? "nothing can be read yet" : "nothing has arrived yet"
            lines += ["", "\(news), so that the columns are not known"]
        case .failure: lines += ["", "the stages don't fit the columns"]
        case .success(let stages): lines += self.lines(stages)
        }
        switch plan.tables {
        case .success(let tables) where tables.isEmpty: break
        case .success(let tables):
            lines += ["", "tables"] + table(tables.map { [$0.layer, $0.place.folder, words($0)] })
        case .failure(let error):
            lines += ["", "tables", "  \(error.summary)"] + (error.hint.map { ["    hint: \($0)"] } ?? [])
        }
        return lines.map { Diagnostics.neutral($0) }.joined(separator: "\n") + "\n"
    }

    private var sourceWords: String {
        switch definition.source.kind {
        case .files(let landing):
            "files that land in \(landing.folder): \(Wording.count(plan.files.count, "file")) "
                + "(\(ProgressLine.bytes(Double(byteCount)))) of what has arrived"
        case .http: "records that are posted"
        case .standardInput: "standard input"
        }
    }

    private func lines(_ stages: PipelinePlan.Stages) -> [String] {
        var lines: [String] = []
        if let filter = silver.filter { lines += ["", "filter", "  \(filter.value.canonicalText)"] }
        lines += ["", "silver"] + table(stages.silver.map { words($0) })
        if let gate = silver.gate {
            lines += ["", "gate \(gate.suite.name)"]
            lines += table(
                stages.rules.map { [$0.action.rawValue, $0.expectation.rule] }
                    + stages.batchExpectations.map { ["hold", $0.rule] })
            if !stages.tableExpectations.isEmpty {
                lines.append(
                    "  not checked: \(Wording.count(stages.tableExpectations.count, "expectation")) about the table")
            }
            if let threshold = gate.stopAbove {
                lines.append(
                    "  a batch of \(Wording.count(threshold.minimumRows, "record")) or more is held where a share of more than "
                        + "\(threshold.share) breaks rules")
            }
        }
        if let same = silver.deduplicate { lines += ["", "deduplicate", "  \(words(same))"] }
        for (table, columns) in zip(definition.gold, stages.gold) {
            lines += ["", columns.name, "  \(words(table))"]
            let expressions = Dictionary(
                table.aggregates.map { ($0.name, $0.value.canonicalText) }, uniquingKeysWith: { first, _ in first })
            lines += self.table(
                columns.schema.fields.map { [$0.name, $0.type.description, expressions[$0.name] ?? ""] })
        }
        return lines
    }

    private func words(_ hold: PipelinePlan.Hold) -> [String] {
        let release =
            if hold.isLetPass {
                "it passes as soon as the pipeline runs"
            } else if hold.hasOtherRules {
                "the rules have changed since: it is tried as soon as the pipeline is started"
            } else {
                "it is tried again when the pipeline runs, at \(CivilTime.format(microseconds: hold.until)) or later, or let it pass: "
                    + "assay quarantine pass \(definition.name) --reason TEXT"
            }
        return [
            "  batch \(hold.batch) is held since \(CivilTime.format(microseconds: hold.since)), and nothing behind it is read: "
                + hold.reason, "    \(release)",
        ]
    }

    private func words(_ column: PipelinePlan.Column) -> [String] {
        [
            column.field.name, column.field.type.description,
            column.expression ?? column.origin?.rawValue ?? "what fits no column",
        ]
    }

    private func words(_ table: PipelinePlan.Table) -> String {
        let partitions = table.place.partitionColumns
        return (table.isThere ? "is there" : "is made")
            + (partitions.isEmpty ? "" : ", partitioned by \(partitions.joined(separator: ", "))")
    }

    private func words(_ same: DeduplicationDefinition) -> String {
        let window = same.within.map { "within \(CivilTime.format(duration: $0))" } ?? "for ever"
        let time = same.timeColumn.map {
            " of \($0), records more than \(CivilTime.format(duration: same.lateness)) old are late"
        }
        return "by \(same.columns.joined(separator: ", ")) \(window)\(time ?? "")"
    }

    private func words(_ table: GoldDefinition) -> String {
        let groups = table.groupBy.isEmpty ? "" : ", by \(table.groupBy.joined(separator: ", "))"
        return
            "\(words(table.window)) of \(table.timeColumn), open for \(CivilTime.format(duration: table.lateness))\(groups)"
    }

    private func words(_ window: WindowShape) -> String {
        switch window {
        case .tumbling(let size): "windows of \(CivilTime.format(duration: size))"
        case .sliding(let size, let slide):
            "windows of \(CivilTime.format(duration: size)) each \(CivilTime.format(duration: slide))"
        case .session(let gap): "sessions that end after \(CivilTime.format(duration: gap))"
        }
    }

    /// Lines of cells that stand below each other.
    private func table(_ rows: [[String]]) -> [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = row.last == "" ? row.dropLast() : row[...]
            let padded = zip(cells.dropLast(), widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            return "  " + (padded + cells.suffix(1)).joined(separator: "  ")
        }
    }

    // MARK: For programs

    var json: JSON {
        var members = [
            JSON.Member("pipeline", .string(definition.name)), JSON.Member("batch", .integer(plan.batch)),
            JSON.Member("source", sourceJSON),
            JSON.Member("held", (plan.change?.message ?? plan.hold?.reason).map { .string($0) } ?? .null),
            JSON.Member("hold", plan.hold.map { json($0) } ?? .null),
            JSON.Member("notes", .array(plan.notes.map { .string($0) })),
        ]
        if case .success(let stages)? = plan.stages { members += json(stages) }
        if case .success(let tables) = plan.tables {
            members.append(JSON.Member("tables", .array(tables.map { json($0) })))
        }
        members.append(JSON.Member("mistakes", .array(mistakes)))
        return .object(members)
    }

    private func json(_ hold: PipelinePlan.Hold) -> JSON {
        .object([
            JSON.Member("batch", .integer(hold.batch)), JSON.Member("reason", .string(hold.reason)),
            JSON.Member("since", .string(CivilTime.format(microseconds: hold.since))),
            JSON.Member("until", .string(CivilTime.format(microseconds: hold.until))),
            JSON.Member("passes_next", .boolean(hold.isLetPass)),
            JSON.Member("rules_changed", .boolean(hold.hasOtherRules)),
        ])
    }

    private var sourceJSON: JSON {
        let (kind, folder): (String, String?) =
            switch definition.source.kind {
            case .files(let landing): ("files", landing.folder)
            case .http: ("http", nil)
            case .standardInput: ("stdin", nil)
            }
        return .object([
            JSON.Member("kind", .string(kind)), JSON.Member("folder", folder.map { .string($0) } ?? .null),
            JSON.Member("files", .integer(plan.files.count)), JSON.Member("bytes", .integer(Int(byteCount))),
            JSON.Member("waiting", .integer(plan.waiting)),
            JSON.Member(
                "unreadable",
                .array(
                    plan.unreadable.map {
                        .object([JSON.Member("file", .string($0.file)), JSON.Member("reason", .string($0.reason))])
                    })),
            JSON.Member("columns", .array(plan.source.map { json($0) })),
        ])
    }

    private func json(_ stages: PipelinePlan.Stages) -> [JSON.Member] {
        [
            JSON.Member("filter", silver.filter.map { .string($0.value.canonicalText) } ?? .null),
            JSON.Member("silver", .array(stages.silver.map { json($0) })),
            JSON.Member("gate", silver.gate.map { json($0, stages) } ?? .null),
            JSON.Member("deduplicate", silver.deduplicate.map { json($0) } ?? .null),
            JSON.Member("gold", .array(zip(definition.gold, stages.gold).map { json($0, $1.name, $1.schema) })),
        ]
    }

    private func json(_ column: PipelinePlan.Column) -> JSON {
        .object([
            JSON.Member("name", .string(column.field.name)),
            JSON.Member("type", .string(column.field.type.description)),
            JSON.Member("origin", column.origin.map { .string($0.rawValue) } ?? .null),
            JSON.Member("expression", column.expression.map { .string($0) } ?? .null),
        ])
    }

    private func json(_ gate: GateDefinition, _ stages: PipelinePlan.Stages) -> JSON {
        .object([
            JSON.Member("suite", .string(gate.suite.name)),
            JSON.Member(
                "rules",
                .array(
                    stages.rules.map { rule in
                        .object([
                            JSON.Member("expectation", .string(rule.expectation.kind.name)),
                            JSON.Member("id", rule.expectation.id.map { .string($0) } ?? .null),
                            JSON.Member("columns", .array(rule.expectation.columns.map { .string($0) })),
                            JSON.Member("message", .string(rule.expectation.rule)),
                            JSON.Member("action", .string(rule.action.rawValue)),
                        ])
                    })),
            JSON.Member("holding", .array(stages.batchExpectations.map { .string($0.rule) })),
            JSON.Member("not_checked", .array(stages.tableExpectations.map { .string($0.rule) })),
            JSON.Member("stop_above", gate.stopAbove.map { .number("\($0.share)") } ?? .null),
        ])
    }

    private func json(_ same: DeduplicationDefinition) -> JSON {
        .object([
            JSON.Member("by", .array(same.columns.map { .string($0) })),
            JSON.Member("within", same.within.map { .string(CivilTime.format(duration: $0)) } ?? .null),
            JSON.Member("column", same.timeColumn.map { .string($0) } ?? .null),
            JSON.Member("lateness", .string(CivilTime.format(duration: same.lateness))),
        ])
    }

    private func json(_ table: GoldDefinition, _ name: String, _ schema: Schema) -> JSON {
        let expressions = Dictionary(
            table.aggregates.map { ($0.name, $0.value.canonicalText) }, uniquingKeysWith: { first, _ in first })
        return .object([
            JSON.Member("table", .string(name)), JSON.Member("window", .string(words(table.window))),
            JSON.Member("column", .string(table.timeColumn)),
            JSON.Member("lateness", .string(CivilTime.format(duration: table.lateness))),
            JSON.Member("group_by", .array(table.groupBy.map { .string($0) })),
            JSON.Member(
                "columns",
                .array(
                    schema.fields.map { field in
                        .object([
                            JSON.Member("name", .string(field.name)),
                            JSON.Member("type", .string(field.type.description)),
                            JSON.Member("expression", expressions[field.name].map { .string($0) } ?? .null),
                        ])
                    })),
        ])
    }

    private func json(_ table: PipelinePlan.Table) -> JSON {
        .object([
            JSON.Member("layer", .string(table.layer)), JSON.Member("folder", .string(table.place.folder)),
            JSON.Member("partition_by", .array(table.place.partitionColumns.map { .string($0) })),
            JSON.Member("exists", .boolean(table.isThere)),
        ])
    }

    private var mistakes: [JSON] {
        var mistakes: [JSON] = []
        if case .failure(let problems)? = plan.stages {
            mistakes += problems.errors.map { .mistake($0.code, $0.message, at: $0.location, hint: $0.hint) }
        }
        if case .failure(let error) = plan.tables {
            mistakes.append(.mistake(error.code.rawValue, error.summary, at: nil, hint: error.hint))
        }
        return mistakes
    }
}
