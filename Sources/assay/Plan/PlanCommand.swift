import ArgumentParser
import Expectations
import Formats
import Foundation
import Intake
import Ledger
import Pipeline
import Scan
import Suites
import Tables

struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Shows what validations would read, and what pipelines would make of their next batch.",
        discussion: """
            Of a validation the files, the columns with their types, and the passes; of a pipeline its source, its stages tied to the \
            columns, the gate's rules with what becomes of records that break them, keys and windows, and the tables. Reads the \
            beginning of each file, judges nothing, and writes nothing. Without suites and pipelines all of the project's are planned.

            Exit status: 0 all fits, 2 something doesn't fit the columns, or a mistake in the project or the command, 3 something could \
            not be read.
            """)

    @ArgumentParser.Argument(help: "Suites, by name or by file.")
    var suites: [String] = []

    @Option(help: ArgumentHelp("A pipeline; may be given again.", valueName: "name"))
    var pipeline: [String] = []

    @OptionGroup var project: ProjectOptions

    @Option(
        help: ArgumentHelp(
            "A file, a pattern or - to plan for in place of the suites' assets; may be given again.",
            valueName: "file|pattern|-"))
    var data: [String] = []

    @OptionGroup var fileOptions: FileOptions

    @OptionGroup var output: FormatOptions

    func validate() throws {
        if !data.isEmpty, suites.isEmpty { throw ValidationError("--data needs a suite: assay plan SUITE --data FILE") }
    }

    func run() throws {
        var definitions: [PipelineDefinition] = []
        var hasScans = !suites.isEmpty
        if !hasScans || !pipeline.isEmpty {
            let project = try self.project.load()
            definitions = pipeline.isEmpty ? project.pipelines : try RunCommand.chosen(pipeline, of: project)
            // A project may have pipelines and nothing to validate.
            if !hasScans, pipeline.isEmpty { hasScans = definitions.isEmpty || !project.validations.isEmpty }
        }
        var status = ExitStatus.passed
        let scans = hasScans ? try self.scans(&status) : []
        let plans = try definitions.compactMap { try planned($0, &status) }
        switch output.format {
        case .table: for text in scans.map(\.text) + plans.map(\.text) { Console.standardOutput(text) }
        case .json:
            Console.standardOutput(
                JSON.object([
                    JSON.Member("version", .integer(1)), JSON.Member("validations", .array(scans.map(\.json))),
                    JSON.Member("pipelines", .array(plans.map(\.json))),
                ]).text(isIndented: true))
        }
        if output.format == .table {
            for case .failure(let problems)? in plans.map(\.plan.stages) { Mistakes.show(problems) }
        }
        if status != .passed { throw status.code }
    }

    private func scans(_ status: inout ExitStatus) throws -> [ScanPlanText] {
        let invocation = try Invocation(suites: suites, project: project, data: data, fileOptions: fileOptions)
        let store = Store(readingFrom: invocation.store)
        var scans: [ScanPlanText] = []
        for job in invocation.jobs {
            do throws(SourceError) {
                var source = try job.open()
                func make() -> ScanPlan {
                    ScanPlan(
                        job.suite.expectations, source: source, now: RunClock.system.microseconds,
                        previousSchema: store.previousSchema(ofAsset: job.asset))
                }
                var plan = make()
                while let retyped = plan.retypedSource() {
                    source = retyped
                    plan = make()
                }
                scans.append(ScanPlanText(job: job, source: source, plan: plan))
                if plan.expectations.contains(where: { $0.mistake != nil }) { status = max(status, .mistake) }
            } catch {
                Console.complain(error.summary, hint: error.hint)
                status = max(status, .undecided)
            }
        }
        return scans
    }

    /// `nil` where the pipeline's files or state can't be read, which is told.
    private func planned(_ definition: PipelineDefinition, _ status: inout ExitStatus) throws -> PipelinePlanText? {
        let clock: @Sendable () -> Int64 = { RunClock.system.microseconds }
        var options = PipelineOptions(clock: clock, machineClock: clock)
        try Mistakes.shown { try options.take(sourceOf: definition) }
        do {
            let state = try PipelineState(readingFrom: definition.state)
            try UnreadSegments.refuse(definition, state)
            let found = try definition.arrived(state, now: clock())
            let plan = try PipelinePlan(definition, found: found, state: state, options: options)
            if case .failure? = plan.stages { status = max(status, .mistake) }
            if case .failure(let error) = plan.tables {
                status = max(status, error.fault == .suiteAuthor ? .mistake : .undecided)
            }
            if !plan.unreadable.isEmpty { status = max(status, .undecided) }
            return PipelinePlanText(definition: definition, plan: plan)
        } catch let problems as SuiteProblems {
            Mistakes.show(problems)
            status = max(status, .mistake)
        } catch let error as PipelineError {
            Console.complain(error.summary, hint: error.hint)
            status = max(status, error.fault == .suiteAuthor ? .mistake : .undecided)
        }
        return nil
    }
}

extension PipelineDefinition {
    /// Files of a landing folder that no batch has read, as many as the next one takes; of spools, whose segments are the run's own, none.
    ///
    /// Where a batch is held its files come alone, as in a run.
    fileprivate func arrived(_ state: PipelineState?, now: Int64) throws(PipelineError) -> Arrived {
        guard case .files(let landing) = source.kind else { return Arrived() }
        let folder = LandingFolder(LandingOptions(landing))
        var seen: [IntakeFile] = []
        try state?.forEachSource { seen.append($0) }
        folder.planned(seen)
        let limits = ArrivalLimits(
            files: trigger.maximumFiles, bytes: trigger.maximumBytes,
            heldBack: try state?.heldBatch()?.plan.files ?? [])
        do throws(SourceError) { return try LandingArrivals(folder).discover(now: now, upTo: limits) } catch {
            throw PipelineError(error)
        }
    }
}

extension JSON {
    /// Something that doesn't fit, and where it is written.
    static func mistake(_ code: String, _ message: String, at mark: SourceMark?, hint: String?) -> JSON {
        .object([
            JSON.Member("place", mark.map { .string("\($0)") } ?? .null), JSON.Member("code", .string(code)),
            JSON.Member("message", .string(message)), JSON.Member("hint", hint.map { .string($0) } ?? .null),
        ])
    }
}
