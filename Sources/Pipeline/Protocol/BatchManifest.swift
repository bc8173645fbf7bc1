public import Delta
public import Expectations
import Intake
public import Tables

/// What a batch made: everything that is needed to carry it through after its commit point.
public struct BatchManifest: Sendable {
    /// The files of one table.
    public struct Layer: Sendable, Equatable {
        /// As in `bronze`, `silver`, `quarantine`, `gold.revenue_hourly`.
        public let name: String
        public let folder: String
        public let files: [DataFile]
        /// The columns of the files; the table takes in those that it doesn't have.
        public let fields: [DeltaField]
        /// What the table is made with; `nil` for one that was there when the batch began.
        public let created: NewTable?

        var json: JSON {
            .object([
                JSON.Member("name", .string(name)), JSON.Member("folder", .string(folder)),
                JSON.Member("files", .array(files.map(\.json))),
                JSON.Member("schema", .string(DeltaSchema(fields).json.text())),
                JSON.Member("created", created?.json ?? .null),
            ])
        }

        init(name: String, folder: String, files: [DataFile], fields: [DeltaField], created: NewTable? = nil) {
            self.name = name
            self.folder = folder
            self.files = files
            self.fields = fields
            self.created = created
        }

        init?(json: JSON) {
            guard let name = json["name"]?.string, let folder = json["folder"]?.string,
                let files = json["files"]?.items,
                let schema = json["schema"]?.string.flatMap({ try? DeltaSchema(text: $0, place: folder) })
            else { return nil }
            var created: NewTable?
            // Batches of older days made their tables before.
            if let json = json["created"], !json.isNull {
                guard let table = NewTable(json: json) else { return nil }
                created = table
            }
            self.init(
                name: name, folder: folder, files: files.compactMap { try? DataFile(json: $0) }, fields: schema.fields,
                created: created)
            guard self.files.count == files.count else { return nil }
        }
    }

    /// What is said of a table when it is made, besides its columns.
    public struct NewTable: Sendable, Equatable {
        public let name: String
        public let partitionColumns: [String]

        var json: JSON {
            .object([
                JSON.Member("name", .string(name)),
                JSON.Member("partition_columns", .array(partitionColumns.map { .string($0) })),
            ])
        }

        init(name: String, partitionColumns: [String]) {
            self.name = name
            self.partitionColumns = partitionColumns
        }

        init?(json: JSON) {
            guard let name = json["name"]?.string, let columns = json["partition_columns"]?.items else { return nil }
            self.init(name: name, partitionColumns: columns.compactMap(\.string))
            guard partitionColumns.count == columns.count else { return nil }
        }
    }

    public let layers: [Layer]
    public let counts: [HopCounts]
    /// By rule: records that break it.
    public let failures: [RuleCount]

    /// Records that break a rule.
    public struct RuleCount: Sendable, Equatable {
        /// As a sentence.
        public let rule: String
        /// What became of them for its sake; `nil` in batches that an older Assay made.
        public let action: OnFail?
        public let count: Int

        public var json: JSON {
            .object([
                JSON.Member("rule", .string(rule)),
                JSON.Member("action", action.map { .string($0.rawValue) } ?? .null),
                JSON.Member("count", .integer(count)),
            ])
        }
    }

    var json: JSON {
        .object([
            JSON.Member("version", .integer(1)), JSON.Member("layers", .array(layers.map(\.json))),
            JSON.Member("counts", .array(counts.map(\.json))),
            JSON.Member("failures", .array(failures.map(\.json))),
        ])
    }

    init(layers: [Layer], counts: [HopCounts], failures: [RuleCount]) {
        self.layers = layers
        self.counts = counts
        self.failures = failures
    }

    init?(json: JSON) {
        guard json["version"]?.integer == 1, let layers = json["layers"]?.items, let counts = json["counts"]?.items,
            let failures = json["failures"]?.items
        else { return nil }
        self.layers = layers.compactMap { Layer(json: $0) }
        self.counts = counts.compactMap { HopCounts(json: $0) }
        self.failures = failures.compactMap { failure in
            guard let rule = failure["rule"]?.string, let count = failure["count"]?.integer else { return nil }
            return RuleCount(
                rule: rule, action: failure["action"]?.string.flatMap { OnFail(rawValue: $0) }, count: Int(count))
        }
        guard self.layers.count == layers.count, self.counts.count == counts.count else { return nil }
    }
}
