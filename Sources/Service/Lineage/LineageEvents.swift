public import Expectations
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

    /// The events in their order, each as JSON on one line.
    ///
    /// `inputs` are the datasets that the asset is; the first has the facets.
    public func events(of run: RunResult, inputs: [LineageDataset]) -> [String] {
        let end = run.startedAt + Int64(min(max(run.durationSeconds, 0), 1e9) * 1_000_000)
        let facets = LineageFacets(run: run, version: version, producer: producer, showsValues: showsValues)
        let described = inputs.enumerated().map { index, dataset in
            JSON.object(named(dataset) + (index == 0 ? facets.ofDataset : []))
        }
        return [
            event("START", run, at: run.startedAt, facets, inputs: inputs.map { .object(named($0)) }),
            event(run.failure == nil ? "COMPLETE" : "FAIL", run, at: end, facets, inputs: described),
        ].map { $0.text() }
    }

    private var producer: String { "urn:assay:\(version)" }

    private func named(_ dataset: LineageDataset) -> [JSON.Member] {
        [.init("namespace", .string(dataset.namespace)), .init("name", .string(dataset.name))]
    }

    private func event(
        _ type: String, _ run: RunResult, at time: Int64, _ facets: LineageFacets, inputs: [JSON]
    ) -> JSON {
        .object([
            .init("eventTime", .string(CivilTime.format(microseconds: time))),
            .init("eventType", .string(type)),
            .init("producer", .string(producer)),
            .init("schemaURL", .string("https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent")),
            .init(
                "run",
                .object([
                    .init("runId", .string(LineageRunID.text(of: run.id, startedAt: run.startedAt))),
                    .init("facets", .object(facets.ofRun(isFailed: type == "FAIL"))),
                ])),
            .init(
                "job",
                .object([
                    .init("namespace", .string(namespace)),
                    .init("name", .string(Self.job(suite: run.suite, asset: run.asset))),
                    .init("facets", .object(facets.ofJob)),
                ])),
            .init("inputs", .array(inputs)),
            .init("outputs", .array([])),
        ])
    }
}
