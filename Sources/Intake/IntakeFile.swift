public import Tables

/// A file that a batch reads: where it is, and what tells it from a later file of the same name.
///
/// A value with a JSON form: a plan keeps it, and who runs the plan again must find the same file.
public struct IntakeFile: Sendable, Hashable {
    /// Where it can be opened.
    public let path: String
    /// As records and people are told of it: the path within its landing folder, or the name of a segment.
    public let name: String
    public let device: UInt64
    public let node: UInt64
    /// Bytes to be read; what the file gets beyond them is none of the plan's.
    public let byteCount: Int64
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    public let modified: Int64

    public init(path: String, name: String, device: UInt64, node: UInt64, byteCount: Int64, modified: Int64) {
        self.path = path
        self.name = name
        self.device = device
        self.node = node
        self.byteCount = byteCount
        self.modified = modified
    }

    /// `nil` for what no file was written as.
    public init?(json: JSON) {
        guard let path = json["path"]?.string, let name = json["name"]?.string,
            let device = json["device"]?.string.flatMap({ UInt64($0) }),
            let node = json["node"]?.string.flatMap({ UInt64($0) }),
            let byteCount = json["bytes"]?.integer.map({ Int64($0) }),
            let modified = json["modified"]?.integer.map({ Int64($0) })
        else { return nil }
        self.init(path: path, name: name, device: device, node: node, byteCount: byteCount, modified: modified)
    }

    /// Device and node are texts: they take all 64 bits.
    public var json: JSON {
        .object([
            JSON.Member("path", .string(path)), JSON.Member("name", .string(name)),
            JSON.Member("device", .string(String(device))), JSON.Member("node", .string(String(node))),
            JSON.Member("bytes", .integer(Int(byteCount))), JSON.Member("modified", .integer(Int(modified))),
        ])
    }
}
