public import Expectations
public import Ledger
import Tables

/// The OpenLineage events of a run: that a validation began, and how it ended (specification 2-0-2, RunEvent).
///
/// A run whose data could be read is complete, whatever its expectations came to: that is what the assertions say. One whose data
/// could not be read has failed. Extremes and sums of a column are in them where its values may be shown, and counts always.
public struct LineageEvents: Sendable {
    /// The namespace of jobs.
    public let namespace: String
    /// Assay's version.
    public let version: String
    /// Whether values may be shown of columns that aren't personal.
    public let showsValues: Bool

    public init(namespace: String, version: String, showsValues: Bool) {
        self.namespace = namespace
        self.version = version
        self.showsValues = showsValues
    }

    /// The name of a validation's job: `suite.asset`.
    public static func job(suite: String, asset: String) -> String { "\(suite).\(asset)" }

    /// That a run begins: `inputs` are the datasets that its asset is.
    public func start(
        of id: String, _ validation: Validation, at startedAt: Int64, inputs: [LineageDataset]
    ) -> LineageStart {
        let (job, run) = (
            Self.job(suite: validation.suite, asset: validation.asset), LineageRunID.text(of: id, startedAt: startedAt)
        )
        let event = LineageEvent(
            kind: .start, time: startedAt, run: run, runFacets: [producer.engine], job: job,
            jobFacets: [producer.jobType("VALIDATION")], inputs: inputs.map { $0.json() })
        return LineageStart(
            job: job, run: run, event: event.json(by: producer).text(), lease: ScheduleClaim.leaseName(validation))
    }

    /// How a run ended, as JSON on one line; the first of the inputs has the facets.
    ///
    /// `name` is by what catalogues know it, where it began under another id.
    public func end(of run: RunResult, as name: String? = nil, inputs: [LineageDataset]) -> String {
        let end = run.startedAt + Int64(min(max(run.durationSeconds, 0), 1e9) * 1_000_000)
        let facets = LineageFacets(run: run, producer: producer, showsValues: showsValues)
        let described = inputs.enumerated().map { index, dataset in dataset.json(index == 0 ? facets.ofDataset : []) }
        let event = LineageEvent(
            kind: run.failure == nil ? .complete : .fail, time: end,
            run: name ?? LineageRunID.text(of: run.id, startedAt: run.startedAt), runFacets: facets.ofRun,
            job: Self.job(suite: run.suite, asset: run.asset), jobFacets: [producer.jobType("VALIDATION")],
            inputs: described)
        return event.json(by: producer).text()
    }

    private var producer: LineageProducer { LineageProducer(namespace: namespace, version: version) }
}
