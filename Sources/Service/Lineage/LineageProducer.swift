import Tables

/// Who tells events: Assay, in a version, of jobs in a namespace.
struct LineageProducer: Sendable, Hashable {
    let namespace: String
    let version: String

    var name: String { "urn:assay:\(version)" }

    /// What a run was made with.
    var engine: JSON.Member {
        facet(
            "processing_engine", "1-1-1", "ProcessingEngineRunFacet",
            [.init("version", .string(version)), .init("name", .string("Assay"))])
    }

    /// What a job is, as in `VALIDATION`.
    func jobType(_ kind: String) -> JSON.Member {
        facet(
            "jobType", "2-0-4", "JobTypeJobFacet",
            [
                .init("processingType", .string("BATCH")), .init("integration", .string("ASSAY")),
                .init("jobType", .string(kind)),
            ])
    }

    /// Why a run failed.
    func errorMessage(_ message: String) -> JSON.Member {
        facet(
            "errorMessage", "1-0-1", "ErrorMessageRunFacet",
            [.init("message", .string(message)), .init("programmingLanguage", .string("SWIFT"))])
    }

    /// A facet of OpenLineage's registry.
    func facet(_ key: String, _ version: String, _ type: String, _ members: [JSON.Member]) -> JSON.Member {
        let schema = "https://openlineage.io/spec/facets/\(version)/\(type).json#/$defs/\(type)"
        return JSON.Member(
            key,
            .object([.init("_producer", .string(name)), .init("_schemaURL", .string(schema))] + members))
    }
}

/// Something that happened to a run of a job (specification 2-0-2, RunEvent).
struct LineageEvent {
    enum Kind: String {
        case start = "START"
        case complete = "COMPLETE"
        case fail = "FAIL"
        case abort = "ABORT"
    }

    let kind: Kind
    /// Microseconds since 1970-01-01T00:00:00Z.
    let time: Int64
    /// A UUID.
    let run: String
    let runFacets: [JSON.Member]
    let job: String
    let jobFacets: [JSON.Member]
    var inputs: [JSON] = []
    var outputs: [JSON] = []

    func json(by producer: LineageProducer) -> JSON {
        .object([
            .init("eventTime", .string(CivilTime.format(microseconds: time))),
            .init("eventType", .string(kind.rawValue)),
            .init("producer", .string(producer.name)),
            .init("schemaURL", .string("https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent")),
            .init("run", .object([.init("runId", .string(run)), .init("facets", .object(runFacets))])),
            .init(
                "job",
                .object([
                    .init("namespace", .string(producer.namespace)), .init("name", .string(job)),
                    .init("facets", .object(jobFacets)),
                ])),
            .init("inputs", .array(inputs)), .init("outputs", .array(outputs)),
        ])
    }

    /// The event that ends a run of which only its beginning is known.
    static func abort(_ start: String, at time: Int64) -> String {
        guard case .object(let members)? = JSON(text: start) else { return start }
        return JSON.object(
            members.map { member in
                switch member.name {
                case "eventTime": JSON.Member(member.name, .string(CivilTime.format(microseconds: time)))
                case "eventType": JSON.Member(member.name, .string(Kind.abort.rawValue))
                default: member
                }
            }
        ).text()
    }
}

extension LineageDataset {
    /// As events name it, with what they say of it.
    func json(_ facets: [JSON.Member] = []) -> JSON {
        .object([.init("namespace", .string(namespace)), .init("name", .string(name))] + facets)
    }
}
