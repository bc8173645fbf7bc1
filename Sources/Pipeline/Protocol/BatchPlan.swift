public import Intake
import Tables

/// What a batch reads and by what it judges, fixed before anything is read.
///
/// The same plan gives the same files, byte by byte, whoever runs it and how often.
public struct BatchPlan: Sendable {
    /// Why there is a batch.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Something arrived.
        case normal
        /// Quarantined records are judged again.
        case replay
        /// Quarantined records go on although they break rules.
        case release
        /// Open windows are closed.
        case flush
    }

    /// From 1.
    public let number: Int
    public let kind: Kind
    public let files: [IntakeFile]
    /// The source's columns, `nil` for a batch without files.
    public let schema: KeptSchema?
    /// Of what decides about records: the pipeline's stages and the suite.
    public let fingerprint: String
    /// Microseconds since 1970-01-01T00:00:00Z.
    public let clock: Int64
    /// Data files that each layer gets, if there is enough for them.
    public let lanes: Int
    static let mostLanes = 8
    /// The quarantined records that are read again, in the order of the file's rows.
    public let replayed: [ReplayedRecord]
    /// On whose behalf they are; `nil` where nothing is read again.
    public let order: ReplayOrder?

    public init(
        number: Int, kind: Kind, files: [IntakeFile], schema: KeptSchema?, fingerprint: String, clock: Int64,
        lanes: Int, replayed: [ReplayedRecord] = [], order: ReplayOrder? = nil
    ) {
        self.number = number
        self.kind = kind
        self.files = files
        self.schema = schema
        self.fingerprint = fingerprint
        self.clock = clock
        self.lanes = lanes
        self.replayed = replayed
        self.order = order
    }

    /// The plan's files as one table of some columns.
    func open(_ schema: KeptSchema, _ intake: IntakeOptions) throws(SourceError) -> IntakeSource {
        try IntakeSource.open(
            files, schema: order?.names(schema) ?? schema, options: order?.options(intake) ?? intake)
    }

    var json: JSON {
        .object([
            JSON.Member("version", .integer(1)), JSON.Member("number", .integer(number)),
            JSON.Member("kind", .string(kind.rawValue)), JSON.Member("files", .array(files.map(\.json))),
            JSON.Member("schema", schema?.json ?? .null), JSON.Member("fingerprint", .string(fingerprint)),
            JSON.Member("clock", .integer(Int(clock))), JSON.Member("lanes", .integer(lanes)),
            JSON.Member("replayed", .array(replayed.map(\.json))), JSON.Member("order", order?.json ?? .null),
        ])
    }

    init?(json: JSON) {
        guard json["version"]?.integer == 1, let number = json["number"]?.integer,
            let kind = json["kind"]?.string.flatMap(Kind.init), let files = json["files"]?.items,
            let fingerprint = json["fingerprint"]?.string, let clock = json["clock"]?.integer,
            let lanes = json["lanes"]?.integer, let replayed = json["replayed"]?.items
        else { return nil }
        let schema = json["schema"].flatMap { KeptSchema(json: $0) }
        guard number > 0, (1...Int64(Self.mostLanes)).contains(lanes), schema != nil || json["schema"]?.isNull == true
        else { return nil }
        self.init(
            number: Int(number), kind: kind, files: files.compactMap { IntakeFile(json: $0) },
            schema: schema, fingerprint: fingerprint, clock: clock, lanes: Int(lanes),
            replayed: replayed.compactMap { ReplayedRecord(json: $0) },
            order: json["order"].flatMap { ReplayOrder(json: $0) })
        guard self.files.count == files.count, self.replayed.count == replayed.count else { return nil }
    }
}

/// Where a quarantined record came from when it was first read.
public struct ReplayedRecord: Sendable, Hashable {
    public let id: String
    /// How often it was judged before.
    public let attempt: Int
    public let origin: RecordOrigin

    init?(json: JSON) {
        guard let id = json["id"]?.string, let attempt = json["attempt"]?.integer, let file = json["file"]?.string,
            let row = json["row"]?.integer, (1..<Int64(Int32.max)).contains(attempt)
        else { return nil }
        self.id = id
        self.attempt = Int(attempt)
        origin = RecordOrigin(file: file, row: row, offset: json["offset"]?.integer)
    }

    init(id: String, attempt: Int, origin: RecordOrigin) {
        self.id = id
        self.attempt = attempt
        self.origin = origin
    }

    var json: JSON {
        .object([
            JSON.Member("id", .string(id)), JSON.Member("attempt", .integer(attempt)),
            JSON.Member("file", .string(origin.file)), JSON.Member("row", .integer(Int(origin.row))),
            JSON.Member("offset", origin.offset.map { .integer(Int($0)) } ?? .null),
        ])
    }
}

/// Where a record was read.
public struct RecordOrigin: Sendable, Hashable {
    public let file: String
    /// From 1.
    public let row: Int64
    /// Bytes from the beginning of the unpacked file; `nil` where the format has no such place.
    public let offset: Int64?
}
