import Expectations
import Files
import Formats
import Intake
import Pipeline
import Suites
import Tables

/// A pipeline with all that it needs to run.
final class RunningStream: Sendable {
    let definition: PipelineDefinition
    let intake: StreamIntake
    private let driver: PipelineDriver
    private let state: PipelineState
    /// Whether some file could not be read.
    private let hasSetAside: RaisedFlag

    /// Opens the pipeline's state and its source; mistakes and errors are shown and end the process.
    static func opened(
        _ definition: PipelineDefinition, of project: Project, _ options: PipelineOptions, state: PipelineState? = nil
    ) throws -> RunningStream {
        do {
            return try RunningStream(definition, of: project, options, state: state)
        } catch let problems as SuiteProblems {
            Mistakes.show(problems)
            throw ExitStatus.mistake.code
        } catch let error as PipelineError {
            Console.complain(error.summary, hint: error.hint)
            throw (error.fault == .suiteAuthor ? ExitStatus.mistake : .undecided).code
        } catch let error as SpoolError {
            Console.complain(error.summary, hint: error.hint)
            throw ExitStatus.undecided.code
        }
    }

    /// Opens the pipeline's state and its source.
    ///
    /// `opened` is the state where somebody has opened it already. Throws `SuiteProblems`, `PipelineError`, `SpoolError`.
    init(
        _ definition: PipelineDefinition, of project: Project, _ options: PipelineOptions,
        state opened: PipelineState? = nil
    ) throws {
        self.definition = definition
        LargeBlocks.areGivenBack
        var options = options
        let report = options.report
        let flag = RaisedFlag()
        hasSetAside = flag
        options.report = { event in
            if case .setAside = event { flag.raise() }
            report(event)
        }
        try options.take(sourceOf: definition)
        state = try opened ?? PipelineState(folder: definition.state)
        try UnreadSegments.refuse(definition, state)
        intake = try StreamIntake(definition) { damage in report(.note(damage)) }
        driver = PipelineDriver(definition, state: state, arrivals: intake.arrivals, options: options)
    }

    func stop() { driver.stop() }

    /// Runs until it is stopped, or has caught up, or can't go on; once.
    func run(once: Bool) async throws -> PipelineDriver.Ending {
        defer {
            intake.close()
            try? state.close()
        }
        return try await driver.run(once: once)
    }

    /// The same with standard input copied meanwhile, where that is the source, and tells how both ended.
    func run(once: Bool, _ telling: PipelineTelling) async -> ExitStatus {
        defer {
            intake.close()
            try? state.close()
        }
        let feeding = Task { await intake.feed(definition.name) }
        let ending = await ending(once: once)
        // What was read is nowhere else: it goes where the next run finds it, before nothing more is taken.
        feeding.cancel()
        return max(ending, await feeding.value)
    }

    private func ending(once: Bool) async -> ExitStatus {
        do {
            switch try await driver.run(once: once) {
            // What could not be read is told at its time; the status says that it was so.
            case .caughtUp, .stopped: return hasSetAside.isRaised ? .undecided : .passed
            case .held: return .failed
            }
        } catch let problems as SuiteProblems {
            Mistakes.show(problems)
            return .mistake
        } catch let error as PipelineError {
            Console.complain(error.summary, hint: error.hint)
            return error.fault == .suiteAuthor ? .mistake : .undecided
        } catch {
            Console.complain("\(definition.name): \(error)")
            return .undecided
        }
    }
}

extension PipelineOptions {
    /// Takes in how a pipeline's source is written.
    mutating func take(sourceOf definition: PipelineDefinition) throws(SuiteProblems) {
        // Those that the source declares, then those of the gate's suite, for columns that no stage makes.
        let made = Set(definition.silver.select.map { ColumnName($0.name) })
        let ofSuite = (definition.silver.gate?.suite.declaredTypes ?? [:]).filter { !made.contains($0.key) }
        declared = ofSuite.merging(definition.source.records.declaredTypes) { _, own in own }.mapValues(\.type)
        intake = try IntakeOptions(definition.source, declared: declared)
    }
}

extension LandingOptions {
    init(_ landing: LandingDefinition) {
        self.init(folder: landing.folder, settle: .microseconds(landing.settle))
        patterns = landing.patterns
        isRecursive = landing.isRecursive
        onChange = OnChange(rawValue: landing.onChange.rawValue) ?? .read
    }
}

extension IntakeOptions {
    /// How a source's records are written.
    init(_ source: StreamSource, declared: [ColumnName: LogicalType]) throws(SuiteProblems) {
        self.init()
        csv = try CSVOptions(source.records, at: source.mark, declaredTypes: declared)
        json = JSONOptions(csv)
        json.trustsNames = true
        format =
            switch source.format {
            case .csv: .csv
            case .json: .json
            case .parquet: .parquet
            case .delta, nil: nil
            }
        if case .files = source.kind {
            keptOfLongRecords = Self.beginningBytes
            return
        }
        // Segments go once they were read: what isn't taken as a whole has to keep its own.
        json.readsLines = true
        // Whoever sends a line must not tell by its first bytes how the others are read.
        json.compression = Compression.none
    }

    /// Enough to see what a record is and whose.
    private static let beginningBytes = 4_096
}

extension JSONOptions {
    /// What options of delimited text mean for JSON.
    init(_ options: CSVOptions) {
        self.init()
        missingValues = options.missingValues
        timeZone = options.timeZone
        declaredTypes = options.declaredTypes
        compression = options.compression
        maximumRowBytes = options.maximumRowBytes
    }
}
