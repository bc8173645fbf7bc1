import Expectations
import Expressions
import Tables

/// The tables of gold.
extension PipelineReader {
    func gold(_ node: YAMLNode, _ problems: inout Problems) -> [GoldDefinition] {
        guard let items = node.items else {
            problems.add("bad-value", "gold must be a list of tables, got \(node.found)", at: node.mark)
            return []
        }
        return items.compactMap { table($0, &problems) }
    }

    private func table(_ node: YAMLNode, _ problems: inout Problems) -> GoldDefinition? {
        let keys = ["asset", "partition_by", "window", "group_by", "aggregate"]
        guard let mapping = MappingReader(node, "a gold table", keys: keys, problems: &problems) else { return nil }
        let place = layer(mapping, node.mark, &problems)
        guard let windowNode = mapping["window"] else {
            problems.add(
                "missing-key", "a gold table needs window, as in {column: event_time, size: 1h}", at: node.mark)
            return nil
        }
        guard let aggregate = mapping["aggregate"] else {
            problems.add(
                "missing-key", "a gold table needs aggregate, as in {orders: \"count(*)\"}", at: node.mark)
            return nil
        }
        let window = window(windowNode, &problems)
        let aggregates = aggregates(aggregate, &problems)
        guard let place, let window else { return nil }
        return GoldDefinition(
            place: place, window: window.shape, timeColumn: window.time.column, lateness: window.time.lateness,
            futureTolerance: window.time.futureTolerance,
            groupBy: mapping["group_by"]?.texts("group_by", &problems) ?? [], aggregates: aggregates, mark: node.mark)
    }

    /// By which times records lie in windows.
    private struct EventTime {
        let column: String
        let lateness: Int64
        let futureTolerance: Int64
    }

    private func window(
        _ node: YAMLNode, _ problems: inout Problems
    ) -> (shape: WindowShape, time: EventTime)? {
        let keys = ["column", "size", "slide", "gap", "lateness", "future_tolerance"]
        guard let mapping = MappingReader(node, "window", keys: keys, problems: &problems) else { return nil }
        guard let column = mapping.text("column", &problems) else {
            problems.add("missing-key", "window needs column: the one with the records' time", at: node.mark)
            return nil
        }
        let time = EventTime(
            column: column, lateness: mapping["lateness"]?.duration("lateness", &problems) ?? 0,
            futureTolerance: mapping["future_tolerance"]?.duration("future_tolerance", &problems)
                ?? DeduplicationDefinition.usualFutureTolerance)
        let size = mapping["size"].map { $0.duration("size", &problems) }
        let slide = mapping["slide"].map { $0.duration("slide", &problems) }
        let gap = mapping["gap"].map { $0.duration("gap", &problems) }
        switch (size, slide, gap) {
        case (let size?, nil, nil): return size.map { (.tumbling(size: $0), time) }
        case (let size?, let slide?, nil):
            guard let size, let slide else { return nil }
            return (.sliding(size: size, slide: slide), time)
        case (nil, nil, let gap?): return gap.map { (.session(gap: $0), time) }
        default:
            problems.add(
                "bad-value", "window has a size, a size and a slide, or a gap", at: node.mark,
                hint: "size: 1h for windows one after another, size and slide for overlapping ones, gap for sessions")
            return nil
        }
    }

    private func aggregates(_ node: YAMLNode, _ problems: inout Problems) -> [DerivedAggregate] {
        guard let entries = node.entries, !entries.isEmpty else {
            problems.add(
                "bad-value", "aggregate must be a mapping of columns to aggregates, got \(node.found)", at: node.mark)
            return []
        }
        return entries.compactMap { entry in
            let name = "aggregate.\(entry.key)"
            guard let text = entry.value.text(name, &problems) else { return nil }
            do throws(ExpressionError) {
                let value = try AggregateExpression.parse(text)
                return DerivedAggregate(name: entry.key, value: value, mark: entry.value.mark)
            } catch {
                entry.value.add(error, name, &problems)
                return nil
            }
        }
    }
}
