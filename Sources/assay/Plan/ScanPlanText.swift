import Expectations
import Scan
import Suites
import Tables

/// What a validation would read, for people and programs.
struct ScanPlanText {
    let job: Job
    let source: any BatchSource
    let plan: ScanPlan

    var text: String {
        let bytes = source.partitions.reduce(0) { $0 + ($1.byteCount ?? 0) }
        var lines = ["\(job.suite.name) on \(job.asset)", ""]
        lines.append("files (\(ProgressLine.bytes(Double(bytes))) on disk)")
        lines += source.descriptions.prefix(20).map { "  \(Diagnostics.neutral($0))" }
        if source.descriptions.count > 20 { lines.append("  and \(source.descriptions.count - 20) more") }
        lines += ["", "columns (\(plan.projection.needs.count) of \(source.schema.fields.count) are read)"]
        let names = source.schema.names.map { Diagnostics.neutral($0) }
        let width = names.map(\.count).max() ?? 0
        for (index, field) in source.schema.fields.enumerated() {
            let name = names[index] + String(repeating: " ", count: width - names[index].count)
            let type = field.type.description + String(repeating: " ", count: max(0, 14 - field.type.description.count))
            lines.append("  \(name)  \(type)  \(origin(of: index)), \(use(of: index))")
        }
        lines += ["", "passes"]
        lines.append(
            "  one, for \(Wording.count(plan.metrics.count, "metric")) of \(Wording.count(job.suite.expectations.count, "expectation"))"
        )
        lines.append("  again where a type that was inferred proves too narrow")
        for (expectation, note) in plan.notes { lines.append("  \(expectation.rule): \(note)") }
        let empty = plan.expectations.compactMap { planned in
            planned.emptyReason.map { "  \(name(of: planned.expectation)): \($0)" }
        }
        if !empty.isEmpty { lines += ["", "nothing to check"] + empty }
        let errors = plan.expectations.compactMap { planned in
            planned.mistake.map { error in
                "  \(name(of: planned.expectation)): \(error.message) [\(error.code)]"
                    + (error.hint.map { "\n    hint: \($0)" } ?? "")
            }
        }
        if !errors.isEmpty { lines += ["", "could not be decided"] + errors }
        return lines.joined(separator: "\n") + "\n"
    }

    /// An expectation's kind, and where it stands.
    private func name(of expectation: Expectation) -> String {
        (expectation.arguments.mark.map { "\($0): " } ?? "") + expectation.kind.name
    }

    /// How a column came by its type, or that nobody knows yet whether rows have it.
    private func origin(of column: Int) -> String {
        guard source.awaitedColumns.contains(column) else { return source.typeOrigins[column].rawValue }
        let others = source.schema.fields.indices.filter { !source.awaitedColumns.contains($0) }
        let near = Suggestion.nearest(
            to: source.schema.fields[column].name, among: others.map { source.schema.fields[$0].name })
        return "not in the beginning of the files" + (near.map { " (did you mean \"\($0)\"?)" } ?? "")
    }

    var json: JSON {
        let columns = source.schema.fields.enumerated().map { index, field in
            JSON.object([
                JSON.Member("name", .string(field.name)), JSON.Member("type", .string(field.type.description)),
                JSON.Member(
                    "origin",
                    .string(source.awaitedColumns.contains(index) ? "awaited" : source.typeOrigins[index].rawValue)),
                JSON.Member("read", .string(use(of: index))),
            ])
        }
        let mistakes = plan.expectations.compactMap { planned -> JSON? in
            planned.mistake.map {
                .mistake($0.code, $0.message, at: planned.expectation.arguments.mark, hint: $0.hint)
            }
        }
        return .object([
            JSON.Member("suite", .string(job.suite.name)), JSON.Member("asset", .string(job.asset)),
            JSON.Member("files", .array(source.descriptions.map { .string($0) })),
            JSON.Member("columns", .array(columns)), JSON.Member("metrics", .integer(plan.metrics.count)),
            JSON.Member("expectations", .integer(job.suite.expectations.count)),
            JSON.Member("mistakes", .array(mistakes)),
        ])
    }

    private func use(of column: Int) -> String {
        guard let need = plan.projection.needs[column] else { return "not read" }
        if need.contains(.values) { return "values" }
        return need.contains(.text) ? "text" : "presence"
    }
}
