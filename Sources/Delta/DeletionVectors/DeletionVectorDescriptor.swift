public import Tables

/// Where a file's deletion vector is (Delta protocol, Deletion Vector Descriptor Schema).
public struct DeletionVectorDescriptor: Sendable, Equatable {
    public enum Storage: String, Sendable {
        /// In a file of the table's folder whose name is made of a UUID.
        case relative = "u"
        /// In the log itself.
        case inline = "i"
        /// In a file with an absolute path.
        case absolute = "p"
    }

    public let storage: Storage
    public let pathOrInline: String
    /// Where it begins in its file.
    public let offset: Int32?
    /// Bytes of the vector itself.
    public let sizeInBytes: Int32
    /// How many rows don't count.
    public let cardinality: Int64

    public init(storage: Storage, pathOrInline: String, offset: Int32?, sizeInBytes: Int32, cardinality: Int64) {
        self.storage = storage
        self.pathOrInline = pathOrInline
        self.offset = offset
        self.sizeInBytes = sizeInBytes
        self.cardinality = cardinality
    }

    init(json: JSON) throws(ActionError) {
        let reader = ActionReader(json, "deletionVector")
        guard let storage = Storage(rawValue: try reader.string("storageType")) else {
            throw ActionError("deletionVector.storageType is none of u, i and p")
        }
        self.storage = storage
        pathOrInline = try reader.string("pathOrInlineDv")
        let offset = try reader.optionalInteger("offset")
        guard let size = Int32(exactly: try reader.integer("sizeInBytes")), size >= 0,
            offset.map({ (0...Int64(Int32.max)).contains($0) }) ?? true
        else { throw ActionError("deletionVector.offset or sizeInBytes is out of range") }
        self.offset = offset.map { Int32($0) }
        sizeInBytes = size
        cardinality = try reader.integer("cardinality")
        guard cardinality >= 0 else { throw ActionError("deletionVector.cardinality is below 0") }
    }

    public var json: JSON {
        .members([
            ("storageType", .string(storage.rawValue)), ("pathOrInlineDv", .string(pathOrInline)),
            ("offset", offset.map { .integer($0) }), ("sizeInBytes", .integer(sizeInBytes)),
            ("cardinality", .integer(cardinality)),
        ])
    }

    /// Tells vectors apart.
    var uniqueID: String { storage.rawValue + pathOrInline + (offset.map { "@\($0)" } ?? "") }

    /// The path of the vector's file; `nil` for an inline one.
    func path(table: String) throws(DeltaError) -> String? {
        switch storage {
        case .inline: return nil
        case .absolute: return try DataPath.resolve(pathOrInline, table: table)
        case .relative:
            // Twenty characters for the UUID, and before them a folder.
            guard pathOrInline.utf8.count >= 20, pathOrInline.utf8.allSatisfy({ $0 < 0x80 }),
                let uuid = Z85.decode(pathOrInline.suffix(20)), uuid.count == 16
            else { throw DeltaError(.corrupt, "the name of a deletion vector's file can't be read", place: table) }
            let folder = String(pathOrInline.dropLast(20))
            let name = "deletion_vector_\(Self.text(ofUUID: uuid)).bin"
            return DataPath.joined(table, folder.isEmpty ? name : "\(folder)/\(name)")
        }
    }

    private static func text(ofUUID bytes: [UInt8]) -> String {
        var text = ""
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text += "-" }
            text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return text
    }
}
