import Dispatch
import Ledger
import Pipeline
import Service
import Suites
import Synchronization

/// Has lineage told of the batches of pipelines, whichever process runs these.
///
/// Pipelines' own states say what their batches came to, so what could not be told is found again: at the next look, or by the next process. What was committed before
/// anybody asked for lineage isn't told.
final class PipelineLineage: Sendable {
    private let definitions: [PipelineDefinition]
    private let lineage: BatchLineage
    private let ledger: Ledger
    private let clock: @Sendable () -> Int64
    private let onFailure: @Sendable (_ pipeline: String, any Error) -> Void
    private let seen = Mutex<[String: StateLook]>([:])
    /// Databases are waited for by blocking: one look after the other, on a thread of their own.
    private let queue = DispatchQueue(label: "assay.pipelines.lineage")

    /// Between two looks.
    private static let interval = Duration.seconds(5)
    /// Batches that are told in one transaction.
    private static let most = 100

    init(
        _ project: Project, _ lineage: BatchLineage, in ledger: Ledger, clock: @escaping @Sendable () -> Int64,
        onFailure: @escaping @Sendable (String, any Error) -> Void
    ) {
        definitions = project.pipelines
        self.lineage = lineage
        self.ledger = ledger
        self.clock = clock
        self.onFailure = onFailure
    }

    /// Looks until its task is cancelled.
    func run() async {
        guard !definitions.isEmpty else { return }
        while !Task.isCancelled {
            do { try await Task.sleep(for: Self.interval) } catch { return }
            await look()
        }
    }

    /// Looks at all of them, once.
    func look() async {
        await withCheckedContinuation { continuation in
            queue.async { [self] in
                for definition in definitions { look(definition, isNews: false) }
                continuation.resume()
            }
        }
    }

    /// A pipeline of this process has begun with a batch, or is done with one.
    func hear(_ event: PipelineEvent, of pipeline: String) {
        switch event {
        case .began, .committed, .held:
            queue.async { [self] in
                for definition in definitions where definition.name == pipeline { look(definition, isNews: true) }
            }
        case .recovering, .setAside, .note, .retrying, .stalled, .caughtUp: break
        }
    }

    private func look(_ definition: PipelineDefinition, isNews: Bool) {
        let look = StateLook(definition.state)
        guard isNews || look != seen.withLock({ $0[definition.name] }) else { return }
        do {
            guard try tell(definition) else { return }
            seen.withLock { $0[definition.name] = look }
        } catch { onFailure(definition.name, error) }
    }

    /// Whether all was told; what wasn't is left for a later look.
    private func tell(_ definition: PipelineDefinition) throws -> Bool {
        guard let state = try PipelineState(readingFrom: definition.state) else {
            // Whatever it does from now on is to be told.
            _ = try mark(PipelineMark(pipeline: definition.name, state: "", batch: 0))
            return true
        }
        defer { try? state.close() }
        let standing = try state.standing()
        var reached = try mark(
            PipelineMark(pipeline: definition.name, state: standing.state, batch: standing.batch))
        while true {
            let mark = reached
            let told = try state.batches(after: mark.batch, limit: Self.most).map { definition.lineage($0) }
            let next = try ledger.transaction { transaction in
                try lineage.tell(told, behind: mark, at: clock(), in: transaction)
            }
            guard let next else { return false }
            guard next != mark else { return true }
            reached = next
        }
    }

    /// How far a pipeline was told: to where it stands, where it is new here, and not at all, where it began anew.
    private func mark(_ standing: PipelineMark) throws -> PipelineMark {
        try ledger.transaction { transaction in
            let (pipeline, state) = (standing.pipeline, standing.state)
            if let known = try transaction.lineageMark(ofPipeline: pipeline, state: state) { return known }
            let isNew = try !transaction.tellsLineage(ofPipeline: pipeline)
            let mark = PipelineMark(pipeline: pipeline, state: state, batch: isNew ? standing.batch : 0)
            try transaction.noteLineage(mark)
            return mark
        }
    }
}
