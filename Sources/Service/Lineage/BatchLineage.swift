public import Ledger
import Tables

/// Tells of pipelines' batches: each is a run of the pipeline, and of a job for each of its hops, that begins and ends once.
///
/// A batch that is committed is told for good when the ledger has its events and how far was told, in one transaction; so each is told, whatever is killed, and none twice.
/// While many events wait, batches are left to the pipelines' states: a catalogue that is down must not fill the store.
public struct BatchLineage: Sendable {
    private let producer: LineageProducer
    /// Events that may wait when a batch is told.
    private let mostWaiting: Int

    /// `namespace` is that of jobs, `version` Assay's.
    public init(namespace: String, version: String, mostWaiting: Int = 10_000) {
        producer = LineageProducer(namespace: namespace, version: version)
        self.mostWaiting = mostWaiting
    }

    /// Tells of the batches behind a mark, by number, and gives how far was told.
    ///
    /// `nil` where nothing was told: somebody else was faster, or so many events wait that this is to be done later.
    public func tell(
        _ batches: [LineageBatch], behind mark: PipelineMark, at now: Int64, in transaction: LedgerTransaction
    ) throws -> PipelineMark? {
        guard try transaction.lineageMark(ofPipeline: mark.pipeline, state: mark.state) == mark,
            try transaction.lineageCount(upTo: mostWaiting) < mostWaiting
        else { return nil }
        var told = mark.batch
        for batch in batches {
            for job in jobs(of: batch, mark) { try tell(job, batch, at: now, in: transaction) }
            guard batch.standing != .open else { break }
            told = batch.number
        }
        let reached = PipelineMark(pipeline: mark.pipeline, state: mark.state, batch: told)
        if told > mark.batch { try transaction.noteLineage(reached) }
        return reached
    }

    /// A job's part in a batch.
    private struct Part {
        let job: String
        /// A UUID.
        let run: String
        let parent: [JSON.Member]
        let hop: LineageBatch.Hop?
    }

    /// The pipeline itself, then its hops.
    private func jobs(of batch: LineageBatch, _ mark: PipelineMark) -> [Part] {
        func run(_ job: String) -> String {
            LineageRunID.text(of: "\(mark.state) \(batch.number) \(job)", startedAt: batch.begin)
        }
        let pipeline = Part(job: mark.pipeline, run: run(mark.pipeline), parent: [], hop: nil)
        let parent = producer.facet(
            "parent", "1-2-0", "ParentRunFacet",
            [
                .init("run", .object([.init("runId", .string(pipeline.run))])),
                .init(
                    "job",
                    .object([
                        .init("namespace", .string(producer.namespace)), .init("name", .string(pipeline.job)),
                    ])),
            ])
        return [pipeline]
            + batch.hops.map { hop in
                let job = "\(mark.pipeline).\(hop.name)"
                return Part(job: job, run: run(job), parent: [parent], hop: hop)
            }
    }

    private func tell(
        _ part: Part, _ batch: LineageBatch, at now: Int64, in transaction: LedgerTransaction
    ) throws {
        if let open = try transaction.openLineage(ofJob: part.job), open.run != part.run {
            try transaction.endLineage(LineageEvent.abort(open.event, at: now), job: part.job, at: now)
        }
        if try transaction.openLineage(ofJob: part.job) == nil {
            guard batch.standing != .abandoned else { return }
            let start = event(.start, part, at: batch.begin, hasAmounts: false)
            try transaction.beginLineage(
                LineageStart(job: part.job, run: part.run, event: start, lease: nil), at: now)
        }
        let end: String
        switch batch.standing {
        case .open: return
        case .complete: end = event(.complete, part, at: batch.end, hasAmounts: true)
        case .failed(let reason):
            end = event(.fail, part, at: now, hasAmounts: false, [producer.errorMessage(reason)])
        case .abandoned: end = event(.abort, part, at: now, hasAmounts: false)
        }
        try transaction.endLineage(end, job: part.job, at: now)
    }

    private func event(
        _ kind: LineageEvent.Kind, _ part: Part, at time: Int64, hasAmounts: Bool, _ facets: [JSON.Member] = []
    ) -> String {
        let (input, outputs, rules) = (part.hop?.input, part.hop?.outputs ?? [], part.hop?.rules ?? [])
        return LineageEvent(
            kind: kind, time: time, run: part.run, runFacets: [producer.engine] + part.parent + facets, job: part.job,
            jobFacets: [producer.jobType(part.hop == nil ? "PIPELINE" : "HOP")],
            inputs: input.map { [$0.dataset.json(hasAmounts ? read($0, rules) : [])] } ?? [],
            outputs: outputs.map { $0.dataset.json(hasAmounts ? written($0) : []) }
        ).json(by: producer).text()
    }

    private func read(_ amount: LineageBatch.Amount, _ rules: [LineageBatch.Rule]) -> [JSON.Member] {
        var facets: [JSON.Member] = []
        let numbers = Self.numbers(amount)
        if !numbers.isEmpty {
            facets.append(producer.facet("inputStatistics", "1-0-0", "InputStatisticsInputDatasetFacet", numbers))
        }
        if !rules.isEmpty {
            facets.append(
                producer.facet(
                    "dataQualityAssertions", "1-1-0", "DataQualityAssertionsDatasetFacet",
                    [.init("assertions", .array(rules.map { LineageAssertion($0).json }))]))
        }
        return facets.isEmpty ? [] : [.init("inputFacets", .object(facets))]
    }

    private func written(_ amount: LineageBatch.Amount) -> [JSON.Member] {
        let numbers = Self.numbers(amount)
        guard !numbers.isEmpty else { return [] }
        let facet = producer.facet("outputStatistics", "1-0-2", "OutputStatisticsOutputDatasetFacet", numbers)
        return [.init("outputFacets", .object([facet]))]
    }

    private static func numbers(_ amount: LineageBatch.Amount) -> [JSON.Member] {
        [
            amount.rows.map { JSON.Member("rowCount", .integer($0)) },
            amount.byteCount.map { JSON.Member("size", .integer($0)) },
            amount.files.map { JSON.Member("fileCount", .integer($0)) },
        ].compactMap(\.self)
    }
}
