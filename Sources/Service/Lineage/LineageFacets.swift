import Expectations
import Tables

/// What events tell of a run, its job and its data, in the facets of OpenLineage's registry.
struct LineageFacets {
    let run: RunResult
    let version: String
    let producer: String
    let showsValues: Bool

    var ofJob: [JSON.Member] {
        [
            facet(
                "jobType", "2-0-4", "JobTypeJobFacet",
                [
                    .init("processingType", .string("BATCH")), .init("integration", .string("ASSAY")),
                    .init("jobType", .string("VALIDATION")),
                ])
        ]
    }

    func ofRun(isFailed: Bool) -> [JSON.Member] {
        let engine = facet(
            "processing_engine", "1-1-1", "ProcessingEngineRunFacet",
            [.init("version", .string(run.engineVersion)), .init("name", .string("Assay"))])
        guard isFailed, let failure = run.failure else { return [engine] }
        return [
            engine,
            facet(
                "errorMessage", "1-0-1", "ErrorMessageRunFacet",
                [
                    .init("message", .string("\(failure.message) [\(failure.code)]")),
                    .init("programmingLanguage", .string("SWIFT")),
                ]),
        ]
    }

    /// `facets` and `inputFacets` of the dataset.
    var ofDataset: [JSON.Member] {
        var facets: [JSON.Member] = []
        if !run.schema.fields.isEmpty {
            facets.append(
                facet(
                    "schema", "1-2-0", "SchemaDatasetFacet", [.init("fields", LineageSchema.fields(run.schema.fields))])
            )
        }
        if let table = run.tableVersion {
            facets.append(
                facet(
                    "version", "1-0-1", "DatasetVersionDatasetFacet",
                    [.init("datasetVersion", .string("\(table.number)"))]))
        }
        guard run.failure == nil else { return [.init("facets", .object(facets))] }
        return [
            .init("facets", .object(facets)),
            .init(
                "inputFacets",
                .object([
                    facet(
                        "dataQualityMetrics", "1-0-3", "DataQualityMetricsInputDatasetFacet",
                        LineageMetrics(run: run, showsValues: showsValues).members),
                    facet(
                        "dataQualityAssertions", "1-1-0", "DataQualityAssertionsDatasetFacet",
                        [.init("assertions", .array(run.results.map { Self.assertion($0) }))]),
                ])),
        ]
    }

    /// An expectation: its kind, its column where it has one, how loud it is.
    ///
    /// What it observed may be a value of a row, and stays here.
    private static func assertion(_ result: ExpectationResult) -> JSON {
        let expectation = result.expectation
        let severity =
            switch expectation.severity {
            case .critical: "error"
            case .warning: "warn"
            case .info: "info"
            }
        var members: [JSON.Member] = [
            .init("assertion", .string(expectation.type)), .init("success", .boolean(result.success)),
        ]
        if expectation.columns.count == 1, let column = expectation.columns.first {
            members.append(.init("column", .string(column)))
        }
        members.append(.init("severity", .string(severity)))
        if let id = expectation.id { members.append(.init("name", .string(id))) }
        return .object(members)
    }

    private func facet(_ key: String, _ version: String, _ name: String, _ members: [JSON.Member]) -> JSON.Member {
        let schema = "https://openlineage.io/spec/facets/\(version)/\(name).json#/$defs/\(name)"
        return JSON.Member(
            key,
            .object([.init("_producer", .string(producer)), .init("_schemaURL", .string(schema))] + members))
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
