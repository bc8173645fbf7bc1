import Tables

extension TableProtocol {
    /// Refuses a table that this reader can't read as it is meant, and names the reason.
    func checkReading(place: String) throws(DeltaError) {
        guard (1...3).contains(minReaderVersion) else {
            throw DeltaError(
                .unsupportedFeature, "the table needs reader version \(minReaderVersion), and 3 is the newest here",
                place: place)
        }
        guard minReaderVersion == 3 else { return }
        let foreign = (readerFeatures ?? []).filter { TableFeature(rawValue: $0)?.isRead != true }.sorted()
        guard foreign.isEmpty else {
            throw DeltaError(
                .unsupportedFeature,
                "reading the table needs \(Self.list(foreign)), which \(foreign.count == 1 ? "is" : "are") not supported here",
                place: place)
        }
    }

    /// Refuses a table whose writers must do what isn't done here, and names the reason.
    ///
    /// A feature that is in force but not in use (constraints without a constraint) is no reason.
    func checkWriting(_ metadata: TableMetadata, _ schema: DeltaSchema, place: String) throws(DeltaError) {
        try checkReading(place: place)
        guard (1...7).contains(minWriterVersion) else {
            throw DeltaError(
                .unsupportedFeature, "the table needs writer version \(minWriterVersion), and 7 is the newest here",
                place: place)
        }
        let inUse = features.filter { name in
            TableFeature(rawValue: name).map { $0.isUnmet(metadata, schema) } ?? true
        }
        guard inUse.isEmpty else {
            throw DeltaError(
                .unsupportedFeature,
                "writing to the table needs \(Self.list(inUse)), which \(inUse.count == 1 ? "is" : "are") not supported here",
                place: place, hint: "the table can be read")
        }
        try schema.checkWritable(place: place)
    }

    private static func list(_ names: [String]) -> String {
        "the \(names.count == 1 ? "feature" : "features") \(names.joined(separator: ", "))"
    }
}

extension TableFeature {
    /// Whether a writer has something to do for the feature that isn't done here.
    fileprivate func isUnmet(_ metadata: TableMetadata, _ schema: DeltaSchema) -> Bool {
        func hasColumn(_ keys: String...) -> Bool {
            schema.allFields.contains { field in keys.contains { field.metadata($0) != nil } }
        }
        return switch self {
        case .appendOnly, .deletionVectors, .timestampNtz, .v2Checkpoint, .typeWidening, .typeWideningPreview,
            .domainMetadata, .inCommitTimestamp, .vacuumProtocolCheck, .checkpointProtection:
            false
        // Whole files are added and removed, from which readers of changes see the changes.
        case .changeDataFeed: false
        case .invariants: hasColumn("delta.invariants")
        case .checkConstraints: metadata.configuration.keys.contains { $0.hasPrefix("delta.constraints.") }
        case .generatedColumns: hasColumn("delta.generationExpression")
        case .identityColumns: hasColumn("delta.identity.start", "delta.identity.step")
        case .allowColumnDefaults: hasColumn("CURRENT_DEFAULT")
        case .columnMapping: ColumnMapping(metadata) != .none
        case .rowTracking, .clustering, .icebergCompatV1, .icebergCompatV2, .icebergCompatV3, .variantType,
            .variantTypePreview, .variantShredding, .variantShreddingPreview:
            true
        }
    }
}

/// How columns of the table are found in its data files.
enum ColumnMapping: Equatable {
    /// By their names.
    case none
    /// By names that the schema's metadata has.
    case name
    /// By numbers that the schema's metadata has.
    case id
    case unknown(String)

    init(_ metadata: TableMetadata) {
        switch metadata.configuration["delta.columnMapping.mode"]?.lowercased() {
        case nil, "none"?: self = .none
        case "name"?: self = .name
        case "id"?: self = .id
        case let other?: self = .unknown(other)
        }
    }
}
