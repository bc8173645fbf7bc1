public import Tables

/// A column that a source has had.
public struct KeptColumn: Sendable, Hashable {
    public let name: String
    /// `nil` as long as no value was seen: it is no column of batches then.
    public let type: LogicalType?
    public let origin: TypeOrigin

    public init(_ name: String, _ type: LogicalType?, origin: TypeOrigin) {
        self.name = name
        self.type = type
        self.origin = type == nil ? .unknown : origin
    }

    /// Names of the columns that every row gets on its way to bronze, and of what `_rescued` has besides columns.
    public static let reserved =
        ["_source_file", "_source_row", "_source_offset", "_ingested_at", "_batch", "_rescued"] + RescuedRows.Key.all

    /// Why nothing can be a column under a name; `nil` where it can.
    static func refusal(_ name: String) -> KeptSchema.Refusal.Reason? {
        if name.isEmpty { return .empty }
        if name.utf8.count > 255 { return .long }
        return reserved.contains { folded($0) == folded(name) } ? .reserved : nil
    }

    /// Equal for names that differ in nothing but case: tables can't tell their columns apart.
    static func folded(_ name: String) -> [UInt8] { Array(name.lowercased().utf8) }
}
