import Expectations
import Expressions
import Tables

/// The stages behind the source: silver with its gate, and the tables of gold.
extension PipelineReader {
    private static let silverKeys = [
        "asset", "partition_by", "select", "drop", "filter", "deduplicate", "gate",
    ]

    func silver(_ node: YAMLNode, _ problems: inout Problems) -> SilverDefinition? {
        guard let mapping = MappingReader(node, "silver", keys: Self.silverKeys, problems: &problems) else {
            return nil
        }
        let place = layer(mapping, node.mark, &problems)
        let select = mapping["select"].map { derived($0, "select", &problems) } ?? []
        let filter = mapping["filter"].flatMap { node in
            node.expression("filter", &problems).map { DerivedColumn(name: "filter", value: $0, mark: node.mark) }
        }
        let drop = mapping["drop"]?.texts("drop", &problems) ?? []
        for column in select where drop.contains(column.name) {
            problems.add("bad-value", "silver makes \(quoted(column.name)) and drops it", at: column.mark)
        }
        checkNames(of: select, "select", &problems)
        let deduplicate = mapping["deduplicate"].flatMap { deduplication($0, &problems) }
        let gate = mapping["gate"].flatMap { self.gate($0, &problems) }
        guard let place else { return nil }
        return SilverDefinition(
            place: place, select: select, drop: drop, markOfDrop: mapping["drop"]?.mark, filter: filter,
            deduplicate: deduplicate, gate: gate)
    }

    /// Refuses columns that no table can have beside each other.
    func checkNames(of columns: [DerivedColumn], _ name: String, _ problems: inout Problems) {
        var seen: [ColumnName: String] = [:]
        for column in columns {
            if column.name.utf8.contains(0) {
                problems.add("bad-value", "\(name): a column's name must have no NUL in it", at: column.mark)
            }
            guard let first = seen.updateValue(column.name, forKey: ColumnName(column.name).folded) else { continue }
            problems.add(
                "bad-value",
                "\(name) makes \(quoted(first)) and \(quoted(column.name)), which tables can't tell apart: they differ only in case",
                at: column.mark)
        }
    }

    /// A mapping of columns to expressions.
    private func derived(_ node: YAMLNode, _ name: String, _ problems: inout Problems) -> [DerivedColumn] {
        guard let entries = node.entries else {
            problems.add(
                "bad-value", "\(name) must be a mapping of columns to expressions, got \(node.found)", at: node.mark)
            return []
        }
        return entries.compactMap { entry in
            guard !entry.key.isEmpty else {
                problems.add("bad-value", "a column of \(name) has no name", at: entry.mark)
                return nil
            }
            return entry.value.expression("\(name).\(entry.key)", &problems).map {
                DerivedColumn(name: entry.key, value: $0, mark: entry.value.mark)
            }
        }
    }

    private func deduplication(_ node: YAMLNode, _ problems: inout Problems) -> DeduplicationDefinition? {
        guard
            let mapping = MappingReader(
                node, "deduplicate", keys: ["by", "within", "column", "lateness", "future_tolerance"],
                problems: &problems)
        else { return nil }
        guard let columns = mapping["by"]?.texts("by", &problems), !columns.isEmpty else {
            problems.add(
                "missing-key", "deduplicate needs by: the columns that make records the same", at: node.mark)
            return nil
        }
        let within = mapping["within"]?.duration("within", &problems)
        if within == 0, let node = mapping["within"] {
            problems.add("bad-value", "within must be longer than nothing", at: node.mark)
        }
        if within == nil, let entry = mapping.entry("column") {
            problems.add("bad-value", "column goes with within: it is whose times are compared", at: entry.mark)
        }
        for name in ["lateness", "future_tolerance"] where mapping["column"] == nil {
            guard let entry = mapping.entry(name) else { continue }
            problems.add(
                "bad-value", "\(name) goes with column: it is by its times that records are late", at: entry.mark)
        }
        return DeduplicationDefinition(
            columns: columns, within: within, timeColumn: mapping.text("column", &problems),
            lateness: mapping["lateness"]?.duration("lateness", &problems) ?? within ?? 0,
            futureTolerance: mapping["future_tolerance"]?.duration("future_tolerance", &problems)
                ?? DeduplicationDefinition.usualFutureTolerance, mark: node.mark)
    }

    private func gate(_ node: YAMLNode, _ problems: inout Problems) -> GateDefinition? {
        guard
            let mapping = MappingReader(
                node, "gate", keys: ["suite", "on_fail", "stop_above", "retry_after"], problems: &problems)
        else { return nil }
        guard let name = mapping["suite"] else {
            problems.add("missing-key", "gate needs suite: the suite that judges the records", at: node.mark)
            return nil
        }
        let stopAbove = mapping["stop_above"].flatMap { threshold($0, &problems) }
        let onFail: OnFail? = mapping["on_fail"]?.choice("on_fail", &problems)
        let retryAfter = mapping["retry_after"]?.duration("retry_after", &problems)
        guard let suite = suite(name, &problems) else { return nil }
        return GateDefinition(
            suite: suite, onFail: onFail, stopAbove: stopAbove,
            retryAfter: retryAfter ?? GateDefinition.usualRetryAfter, mark: node.mark)
    }

    /// `0.2`, or `{share: 0.2, min_rows: 1000}`.
    private func threshold(_ node: YAMLNode, _ problems: inout Problems) -> StopThreshold? {
        guard node.entries != nil else { return threshold("stop_above", node, minimumRows: 1, &problems) }
        guard let mapping = MappingReader(node, "stop_above", keys: ["share", "min_rows"], problems: &problems) else {
            return nil
        }
        guard let share = mapping["share"] else {
            problems.add("missing-key", "stop_above needs share", at: node.mark)
            return nil
        }
        let rows = mapping["min_rows"]?.integer("min_rows", in: 1...(1 << 40), &problems) ?? 1
        return threshold("share", share, minimumRows: rows, &problems)
    }

    private func threshold(
        _ name: String, _ share: YAMLNode, minimumRows: Int, _ problems: inout Problems
    ) -> StopThreshold? {
        if case .scalar(let scalar) = share.content, case .number(let number) = scalar.resolved,
            let threshold = StopThreshold(share: number, minimumRows: minimumRows)
        {
            return threshold
        }
        problems.add(
            "bad-value",
            "\(name) must be a number from 0 to less than 1 with 18 digits after the point at most, got \(share.found)",
            at: share.mark, hint: "more than all records are never quarantined: to hold no batch, leave stop_above out")
        return nil
    }
}
