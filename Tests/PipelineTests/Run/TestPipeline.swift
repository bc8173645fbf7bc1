import Delta
import Expectations
import Formats
import Foundation
import Intake
import Suites
import Synchronization
import Tables
import TestSupport

@testable import Pipeline

/// A pipeline in a folder of a test's own, whose files of JSON Lines land when the test says so.
final class TestPipeline: Sendable {
    let scratch: Scratch
    private let current: Mutex<PipelineDefinition>
    private let told = Mutex<[PipelineEvent]>([])
    private let landed = Mutex(0)
    /// So many files the last run was handed, one that is handed out again counted again.
    let handedOut = Mutex(0)

    private let bronze: String
    private let source: String
    private let beside: String

    /// `silver` are the lines of the stage besides its asset, `suite` those of its suite besides the name, and `bronze` what stands
    /// behind the asset of that stage.
    init(
        bronze: String = "", silver: String = "", suite: String? = nil, source: String = "", beside: String = ""
    ) throws {
        let scratch = try Scratch()
        self.scratch = scratch
        (self.bronze, self.source, self.beside) = (bronze, source, beside)
        for name in ["expectations", "landing"] {
            try FileManager.default.createDirectory(atPath: scratch.path(name), withIntermediateDirectories: true)
        }
        if let suite { _ = try scratch.file("suite: events\n" + suite, "expectations/events.yaml") }
        _ = try scratch.file(Self.project(bronze: bronze, silver: silver, source: source, beside: beside), "assay.yaml")
        current = Mutex(try Self.load(scratch))
    }

    private static func project(bronze: String, silver: String, source: String, beside: String) -> String {
        func indented(_ text: String, _ depth: Int) -> String {
            text.split(separator: "\n").map { String(repeating: " ", count: depth) + $0 }.joined(separator: "\n")
        }
        return """
            assets:
              bronze: {delta: bronze}
              silver: {delta: silver}
              kept: {delta: kept}
              gold: {delta: gold}
            pipelines:
              events:
                source:
                  files: landing
                  settle: 0s
            \(indented(source, 6))
                batch: {max_files: 1}
                bronze: {asset: bronze\(bronze)}
                silver:
                  asset: silver
            \(indented(silver, 6))
                quarantine: {asset: kept}
            \(indented(beside, 4))
            """
    }

    private static func load(_ scratch: Scratch) throws -> PipelineDefinition {
        let path = scratch.path("assay.yaml")
        guard let pipeline = try Project.load(path: path, environment: [:]).pipelines.first else {
            throw CocoaError(.fileReadCorruptFile)
        }
        return pipeline
    }

    var definition: PipelineDefinition { current.withLock { $0 } }

    /// Replaces the suite, as it is read from the next run on.
    func change(suite: String) throws {
        _ = try scratch.file("suite: events\n" + suite, "expectations/events.yaml")
        let pipeline = try Self.load(scratch)
        current.withLock { $0 = pipeline }
    }

    /// Replaces the lines of silver's stage, as they are read from the next run on.
    func change(silver: String) throws {
        _ = try scratch.file(Self.project(bronze: bronze, silver: silver, source: source, beside: beside), "assay.yaml")
        let pipeline = try Self.load(scratch)
        current.withLock { $0 = pipeline }
    }

    /// Replaces the project's text, as it is read from the next run on.
    func change(_ text: (String) -> String) throws {
        let before = Self.project(bronze: bronze, silver: "", source: source, beside: beside)
        _ = try scratch.file(text(before), "assay.yaml")
        let pipeline = try Self.load(scratch)
        current.withLock { $0 = pipeline }
    }

    /// Lets a held batch pass, as an operator does.
    func letPass() throws {
        let state = try PipelineState(folder: definition.state)
        defer { try? state.close() }
        var breaker = try state.breaker()
        breaker.letNextPass()
        try state.setBreaker(breaker)
    }

    /// Puts a file into the landing folder, after all others.
    @discardableResult func land(_ lines: [String], as name: String? = nil) throws -> String {
        let number = landed.withLock { number in
            number += 1
            return number
        }
        let path = try scratch.file(lines.map { $0 + "\n" }.joined(), "landing/\(name ?? "\(number).jsonl")")
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_700_000_000 + Double(number))], ofItemAtPath: path)
        return path
    }

    /// Lets a file land that has landed elsewhere: the very same one, since what it is is part of its records' identity.
    func land(linking path: String) throws {
        let own = URL(fileURLWithPath: scratch.path("landing/\(URL(fileURLWithPath: path).lastPathComponent)"))
        try FileManager.default.linkItem(atPath: path, toPath: own.path)
    }

    /// The machine's time, where a test doesn't name another.
    static let machineNow: Int64 = 1_800_000_000_000_000

    /// What the state tells of all batches.
    func overview() throws -> PipelineOverview {
        guard let state = try PipelineState(readingFrom: definition.state) else { throw CocoaError(.fileNoSuchFile) }
        defer { try? state.close() }
        return try state.overview()
    }

    /// Files that are remembered.
    func sourceCount() throws -> Int {
        guard let state = try PipelineState(readingFrom: definition.state) else { throw CocoaError(.fileNoSuchFile) }
        defer { try? state.close() }
        var count = 0
        try state.forEachSource { _ in count += 1 }
        return count
    }

    /// Runs until all that landed is where it belongs; each call is a process of its own.
    ///
    /// `stoppingAt` is a point of the protocol where it is told to give up whatever it is at; `reached` hears of each, with the batch;
    /// `hearing` of what is told, with the state. Without `once` it runs until it is told to give up.
    func run(
        threads: Int = 2, now: Int64 = 1_800_000_000_000_000, machine: Int64 = machineNow,
        once: Bool = true, stoppingAt: ProtocolPoint? = nil,
        at reached: @escaping @Sendable (ProtocolPoint, Int) -> Void = { _, _ in },
        hearing: @escaping @Sendable (PipelineEvent, PipelineState) -> Void = { _, _ in }
    ) async throws -> PipelineDriver.Ending {
        let made = Set(definition.silver.select.map { ColumnName($0.name) })
        var options = PipelineOptions(clock: { now }, machineClock: { machine })
        options.declared = (definition.silver.gate?.suite.declaredTypes ?? [:]).filter { !made.contains($0.key) }
            .merging(definition.source.records.declaredTypes) { $1 }.mapValues(\.type)
        options.intake.json.declaredTypes = options.declared
        options.intake.json.readsLines = true
        if let zone = definition.source.records.timezone.flatMap({ ZoneRule($0) }) {
            options.intake.json.timeZone = zone
        }
        options.intake.json.missingValues = Set(definition.source.records.missingValues)
        options.intake.json.maximumRowBytes = definition.source.records.maximumRowBytes ?? 16 << 20
        options.intake.keptOfLongRecords = 4_096
        options.threads = threads
        let state = try PipelineState(folder: definition.state)
        defer { try? state.close() }
        options.report = { [weak self] event in
            self?.told.withLock { $0.append(event) }
            hearing(event, state)
        }
        let running = Running()
        options.probe = { point, batch in
            reached(point, batch)
            if point == stoppingAt { running.driver.withLock { $0 }?.stop(grace: 0) }
        }
        guard case .files(let landing) = definition.source.kind else { throw CocoaError(.featureUnsupported) }
        let arrivals = LandingOptions(folder: landing.folder, settle: .zero)
        let observed = ObservedArrivals(LandingArrivals(LandingFolder(arrivals)))
        defer { handedOut.withLock { $0 = observed.handedOut } }
        let driver = PipelineDriver(definition, state: state, arrivals: observed, options: options)
        running.driver.withLock { $0 = driver }
        defer { running.driver.withLock { $0 = nil } }
        return try await driver.run(once: once)
    }

    private final class Running: Sendable {
        let driver = Mutex<PipelineDriver?>(nil)
    }

    /// What was told so far.
    var events: [PipelineEvent] { told.withLock { $0 } }

    /// What was told besides.
    var notes: [String] { events.compactMap { if case .note(let text) = $0 { text } else { nil } } }

    /// The counts of silver, of all batches that were committed.
    var counts: HopCounts {
        var total = HopCounts("silver")
        for case .committed(let summary) in events {
            for hop in summary.counts where hop.hop == "silver" {
                total.input += hop.input
                total.output += hop.output
                total.quarantined += hop.quarantined
                total.dropped += hop.dropped
                total.filtered += hop.filtered
                total.deduplicated += hop.deduplicated
                total.late += hop.late
            }
        }
        return total
    }

    /// Rows of a layer, in the order of the table's files.
    func rows(_ layer: String) throws -> [[String: String]] {
        let folder = scratch.path(layer)
        guard DeltaTable.isTable(folder) else { return [] }
        let source = try DeltaSource(table: folder)
        var projection = Projection()
        for index in source.schema.fields.indices { projection.add([.values, .text], of: index) }
        let worker = try source.open(projection, ordinals: nil).makeWorker()
        var rows: [[String: String]] = []
        while let batch = try worker.next() {
            for row in 0..<batch.rowCount {
                var cells: [String: String] = [:]
                for (index, field) in source.schema.fields.enumerated() {
                    cells[field.name] = batch.column(index).text(at: row)
                }
                rows.append(cells)
            }
        }
        return rows
    }

    /// The cells of a column, in order; `-` where there is none.
    func cells(_ layer: String, _ column: String) throws -> [String] {
        try rows(layer).map { $0[column] ?? "-" }
    }

    /// All files of a layer but for its log, by their paths.
    func files(_ layer: String) throws -> [String: Data] {
        let root = URL(fileURLWithPath: scratch.path(layer))
        var files: [String: Data] = [:]
        for path in FileManager.default.enumerator(atPath: root.path)?.compactMap({ $0 as? String }) ?? []
        where !path.hasPrefix("_delta_log") {
            var isFolder: ObjCBool = false
            let url = root.appendingPathComponent(path)
            guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), !isFolder.boolValue
            else { continue }
            files[path] = try Data(contentsOf: url)
        }
        return files
    }
}
