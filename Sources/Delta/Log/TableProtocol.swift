public import Tables

/// What a table demands of those who read and write it.
public struct TableProtocol: Sendable, Equatable {
    public let minReaderVersion: Int
    public let minWriterVersion: Int
    /// From reader version 3 on.
    public let readerFeatures: [String]?
    /// From writer version 7 on.
    public let writerFeatures: [String]?

    public init(
        minReaderVersion: Int, minWriterVersion: Int, readerFeatures: [String]? = nil, writerFeatures: [String]? = nil
    ) {
        self.minReaderVersion = minReaderVersion
        self.minWriterVersion = minWriterVersion
        self.readerFeatures = readerFeatures
        self.writerFeatures = writerFeatures
    }

    init(_ reader: ActionReader) throws(ActionError) {
        minReaderVersion = Int(try reader.integer("minReaderVersion"))
        minWriterVersion = Int(try reader.integer("minWriterVersion"))
        readerFeatures = try reader.strings("readerFeatures")
        writerFeatures = try reader.strings("writerFeatures")
    }

    public var json: JSON {
        .members([
            ("minReaderVersion", .integer(minReaderVersion)), ("minWriterVersion", .integer(minWriterVersion)),
            ("readerFeatures", readerFeatures.map { .array($0.map { .string($0) }) }),
            ("writerFeatures", writerFeatures.map { .array($0.map { .string($0) }) }),
        ])
    }

    /// Whether a feature is in force, by its name or by the version that includes it.
    public func has(_ feature: TableFeature) -> Bool { features.contains(feature.rawValue) }

    /// The names of all features in force, sorted.
    public var features: [String] {
        var names: Set<String> = []
        if minReaderVersion >= 3 { names.formUnion(readerFeatures ?? []) }
        if minWriterVersion >= 7 { names.formUnion(writerFeatures ?? []) }
        for feature in TableFeature.allCases {
            guard let version = feature.legacyWriterVersion, minWriterVersion < 7, minWriterVersion >= version else {
                continue
            }
            names.insert(feature.rawValue)
        }
        return names.sorted()
    }
}

/// Table features that are known by name (Delta protocol, Valid Feature Names).
public enum TableFeature: String, Sendable, CaseIterable {
    case appendOnly, invariants, checkConstraints, changeDataFeed, generatedColumns, columnMapping, identityColumns
    case deletionVectors, timestampNtz, v2Checkpoint, typeWidening
    case typeWideningPreview = "typeWidening-preview"
    case domainMetadata, inCommitTimestamp, vacuumProtocolCheck, rowTracking, allowColumnDefaults, clustering
    case icebergCompatV1, icebergCompatV2, icebergCompatV3, checkpointProtection
    case variantType, variantShredding
    case variantTypePreview = "variantType-preview"
    case variantShreddingPreview = "variantShredding-preview"

    /// The writer version that includes the feature without naming it.
    var legacyWriterVersion: Int? {
        switch self {
        case .appendOnly, .invariants: 2
        case .checkConstraints: 3
        case .changeDataFeed, .generatedColumns: 4
        case .columnMapping: 5
        case .identityColumns: 6
        default: nil
        }
    }

    /// Whether tables with it are read here.
    var isRead: Bool {
        switch self {
        case .columnMapping, .deletionVectors, .timestampNtz, .v2Checkpoint, .typeWidening, .typeWideningPreview,
            .vacuumProtocolCheck:
            true
        // What they say is about columns of one type, which are passed over.
        case .variantType, .variantTypePreview, .variantShredding, .variantShreddingPreview: true
        default: false
        }
    }
}
