import ArgumentParser
import Expectations
import Formats
import Foundation
import Ledger
import Scan
import Suites
import Tables

struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Shows what a validation would read, in how many passes, and which types it sees.",
        discussion: "Reads the beginning of each file, and judges nothing.")

    @ArgumentParser.Argument(help: "Suites, by name or by file. All of the project's when absent.")
    var suites: [String] = []

    @OptionGroup var project: ProjectOptions

    @Option(
        help: ArgumentHelp(
            "A file, a pattern or - to plan for in place of the suites' assets; may be given again.",
            valueName: "file|pattern|-"))
    var data: [String] = []

    @OptionGroup var fileOptions: FileOptions

    func validate() throws {
        if !data.isEmpty, suites.isEmpty { throw ValidationError("--data needs a suite: assay plan SUITE --data FILE") }
    }

    func run() throws {
        let invocation = try Invocation(suites: suites, project: project, data: data, fileOptions: fileOptions)
        let store = Store(readingFrom: invocation.store)
        var status = ExitStatus.passed
        for job in invocation.jobs {
            do throws(SourceError) {
                var source = try job.open()
                func make() -> ScanPlan {
                    ScanPlan(
                        job.suite.expectations, source: source, now: RunClock.system.microseconds,
                        previousSchema: store.previousSchema(ofAsset: job.asset))
                }
                var plan = make()
                if let hopeful = plan.hopingForNumbers() {
                    source = hopeful
                    plan = make()
                }
                Console.standardOutput(PlanText(job: job, source: source, plan: plan).text)
                if plan.expectations.contains(where: { if case .failure = $0.binding { true } else { false } }) {
                    status = max(status, .mistake)
                }
            } catch {
                Console.standardError("error: \(error.summary)")
                if let hint = error.hint { Console.standardError("  hint: \(hint)") }
                status = max(status, .undecided)
            }
        }
        if status != .passed { throw status.code }
    }
}

/// A plan as text.
struct PlanText {
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
        let errors = plan.expectations.compactMap { planned -> String? in
            guard case .failure(let error) = planned.binding else { return nil }
            let place = planned.expectation.arguments.mark.map { "\($0): " } ?? ""
            return "  \(place)\(planned.expectation.kind.name): \(error.message) [\(error.code)]"
                + (error.hint.map { "\n    hint: \($0)" } ?? "")
        }
        if !errors.isEmpty { lines += ["", "could not be decided"] + errors }
        return lines.joined(separator: "\n") + "\n"
    }

    /// How a column came by its type, or that nobody knows yet whether rows have it.
    private func origin(of column: Int) -> String {
        guard source.awaitedColumns.contains(column) else { return source.typeOrigins[column].rawValue }
        let others = source.schema.fields.indices.filter { !source.awaitedColumns.contains($0) }
        let near = Suggestion.nearest(
            to: source.schema.fields[column].name, among: others.map { source.schema.fields[$0].name })
        return "not in the beginning of the files" + (near.map { " (did you mean \"\($0)\"?)" } ?? "")
    }

    private func use(of column: Int) -> String {
        guard let need = plan.projection.needs[column] else { return "not read" }
        if need.contains(.values) { return "values" }
        return need.contains(.text) ? "text" : "presence"
    }
}
