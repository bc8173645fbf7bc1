import Expectations
import Tables

/// What events tell of a run, its job and its data, in the facets of OpenLineage's registry.
struct LineageFacets {
    let run: RunResult
    let producer: LineageProducer
    let showsValues: Bool

    var ofRun: [JSON.Member] {
        guard let failure = run.failure else { return [producer.engine] }
        return [producer.engine, producer.errorMessage("\(failure.message) [\(failure.code)]")]
    }

    /// `facets` and `inputFacets` of the dataset.
    var ofDataset: [JSON.Member] {
        var facets: [JSON.Member] = []
        if !run.schema.fields.isEmpty {
            facets.append(
                producer.facet(
                    "schema", "1-2-0", "SchemaDatasetFacet", [.init("fields", LineageSchema.fields(run.schema.fields))])
            )
        }
        if let table = run.tableVersion {
            facets.append(
                producer.facet(
                    "version", "1-0-1", "DatasetVersionDatasetFacet",
                    [.init("datasetVersion", .string("\(table.number)"))]))
        }
        guard run.failure == nil else { return [.init("facets", .object(facets))] }
        return [
            .init("facets", .object(facets)),
            .init(
                "inputFacets",
                .object([
                    producer.facet(
                        "dataQualityMetrics", "1-0-3", "DataQualityMetricsInputDatasetFacet",
                        LineageMetrics(run: run, showsValues: showsValues).members),
                    producer.facet(
                        "dataQualityAssertions", "1-1-0", "DataQualityAssertionsDatasetFacet",
                        [.init("assertions", .array(run.results.map { LineageAssertion($0).json }))]),
                ])),
        ]
    }
}

/// A schema as the facet has it: nested fields inside of their parents, places from 1.
enum LineageSchema {
    static func fields(_ fields: [Field]) -> JSON {
        .array(
            fields.enumerated().map { index, field in
                var members: [JSON.Member] = [
                    .init("name", .string(field.name)), .init("type", .string(name(field.type))),
                    .init("ordinal_position", .integer(index + 1)),
                ]
                let inner = children(field.type)
                if !inner.isEmpty { members.append(.init("fields", Self.fields(inner))) }
                return .object(members)
            })
    }

    private static func name(_ type: LogicalType) -> String {
        switch type {
        case .list: "array"
        case .structure: "struct"
        case .map: "map"
        default: type.description
        }
    }

    /// As the specification has elements of arrays and maps: fields of their own.
    private static func children(_ type: LogicalType) -> [Field] {
        switch type {
        case .structure(let fields): fields
        case .list(let element): [Field("_element", element)]
        case .map(let key, let value): [Field("key", key), Field("value", value)]
        default: []
        }
    }
}
