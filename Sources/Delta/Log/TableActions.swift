public import Tables

/// Schema, partitioning and properties of a table.
public struct TableMetadata: Sendable, Equatable {
    /// A UUID; the same for the whole life of the table.
    public let id: String
    public let name: String?
    public let description: String?
    public let schemaString: String
    public let partitionColumns: [String]
    /// Properties, as in `delta.appendOnly`.
    public let configuration: [String: String]
    /// Milliseconds since 1970-01-01T00:00:00Z.
    public let createdTime: Int64?
    /// Of data files; readers know `parquet` only.
    public let provider: String

    public init(
        id: String, name: String? = nil, description: String? = nil, schema: DeltaSchema,
        partitionColumns: [String] = [],
        configuration: [String: String] = [:], createdTime: Int64?
    ) {
        self.id = id
        self.name = name
        self.description = description
        schemaString = schema.json.text()
        self.partitionColumns = partitionColumns
        self.configuration = configuration
        self.createdTime = createdTime
        provider = "parquet"
    }

    init(_ reader: ActionReader) throws(ActionError) {
        id = try reader.string("id")
        name = try reader.optionalString("name")
        description = try reader.optionalString("description")
        schemaString = try reader.string("schemaString")
        partitionColumns = try reader.strings("partitionColumns") ?? []
        configuration = try reader.map("configuration").compactMapValues(\.self)
        createdTime = try reader.optionalInteger("createdTime")
        provider = reader.value("format")?["provider"]?.string ?? "parquet"
    }

    /// The same with another schema.
    func with(schema: DeltaSchema) -> TableMetadata {
        TableMetadata(
            id: id, name: name, description: description, schema: schema, partitionColumns: partitionColumns,
            configuration: configuration, createdTime: createdTime)
    }

    public var json: JSON {
        .members([
            ("id", .string(id)), ("name", name.map { .string($0) }),
            ("description", description.map { .string($0) }),
            ("format", .object([.init("provider", .string(provider)), .init("options", .object([]))])),
            ("schemaString", .string(schemaString)),
            ("partitionColumns", .array(partitionColumns.map { .string($0) })),
            ("configuration", .map(configuration.mapValues { $0 })),
            ("createdTime", createdTime.map { .integer($0) }),
        ])
    }

    /// Whether a property is `true`.
    func isSet(_ property: String) -> Bool { configuration[property]?.lowercased() == "true" }
}

/// How far an application has got with writing to the table.
public struct AppTransaction: Sendable, Equatable {
    public let appID: String
    public let version: Int64
    /// Milliseconds since 1970-01-01T00:00:00Z.
    public let lastUpdated: Int64?

    public init(appID: String, version: Int64, lastUpdated: Int64? = nil) {
        self.appID = appID
        self.version = version
        self.lastUpdated = lastUpdated
    }

    init(_ reader: ActionReader) throws(ActionError) {
        appID = try reader.string("appId")
        version = try reader.integer("version")
        lastUpdated = try reader.optionalInteger("lastUpdated")
    }

    public var json: JSON {
        .members([
            ("appId", .string(appID)), ("version", .integer(version)),
            ("lastUpdated", lastUpdated.map { .integer($0) }),
        ])
    }
}

/// Settings that a feature keeps with the table.
public struct DomainMetadata: Sendable, Equatable {
    public let domain: String
    public let configuration: String
    public let isRemoved: Bool

    init(_ reader: ActionReader) throws(ActionError) {
        domain = try reader.string("domain")
        configuration = try reader.string("configuration")
        isRemoved = try reader.boolean("removed", default: false)
    }

    public var json: JSON {
        .object([
            .init("domain", .string(domain)), .init("configuration", .string(configuration)),
            .init("removed", .boolean(isRemoved)),
        ])
    }
}

/// Who committed what and when; free in form, and kept as it was written.
public struct CommitInfo: Sendable, Equatable {
    public let json: JSON

    public init(_ json: JSON) { self.json = json }

    /// As in `WRITE`, `DELETE`, `CREATE TABLE`.
    public var operation: String? { json["operation"]?.string }

    /// Milliseconds since 1970-01-01T00:00:00Z, by the writer's clock.
    public var timestamp: Int64? { json["timestamp"]?.integer }

    /// The commit's time where the table has in-commit timestamps, in milliseconds.
    public var inCommitTimestamp: Int64? { json["inCommitTimestamp"]?.integer }

    public var engine: String? { json["engineInfo"]?.string }

    /// Numbers that the writer tells of its commit, as texts.
    public var metrics: [String: String] {
        var metrics: [String: String] = [:]
        for member in json["operationMetrics"]?.members ?? [] {
            if case .number(let digits) = member.value { metrics[member.name] = digits }
            if let text = member.value.string { metrics[member.name] = text }
        }
        return metrics
    }
}
