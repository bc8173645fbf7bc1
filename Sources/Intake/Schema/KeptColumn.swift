public import Tables

/// A column that a source has had.
public struct KeptColumn: Sendable, Hashable {
    public let name: String
    /// `nil` as long as no value was seen and none is awaited: it is no column of batches then.
    public let type: LogicalType?
    /// ``TypeOrigin/unknown`` as long as no value was seen: the first one tells the type, whatever it is until then.
    public let origin: TypeOrigin
    /// Whether the type stays what it is although it was inferred: something that is made of the column can't follow.
    public let isFinal: Bool

    public init(_ name: String, _ type: LogicalType?, origin: TypeOrigin, isFinal: Bool = false) {
        self.name = name
        self.type = type
        self.origin = type == nil ? .unknown : origin
        self.isFinal = isFinal
    }

    /// Whether batches have the column although no value of it was seen.
    var isAwaited: Bool { type != nil && origin == .unknown }

    /// Whether values may show that another type is wanted.
    var mayWiden: Bool {
        guard !isFinal, let type else { return false }
        return origin == .unknown || origin == .inferred && (type.isNumeric || type == .date)
    }

    /// The column with room for values of another type, where its own was inferred and there is a wider one, or where they are the
    /// first ones; else `nil`.
    func widened(toInclude other: LogicalType) -> KeptColumn? {
        if isAwaited { return KeptColumn(name, other, origin: .inferred) }
        guard mayWiden, let type, let wider = type.widenedStored(toInclude: other), wider != type else { return nil }
        return KeptColumn(name, wider, origin: origin)
    }

    /// Names of the columns that every row gets on its way to bronze, and of what `_rescued` has besides columns.
    public static let reserved =
        ["_source_file", "_source_row", "_source_offset", "_ingested_at", "_batch", "_rescued"] + RescuedRows.Key.all

    /// Why nothing can be a column under a name; `nil` where it can.
    static func refusal(_ name: String) -> KeptSchema.Refusal.Reason? {
        if name.isEmpty { return .empty }
        if name.utf8.count > 255 { return .long }
        if name.utf8.contains(0) { return .nul }
        return reserved.contains { folded($0) == folded(name) } ? .reserved : nil
    }

    /// Equal for names that differ in nothing but case: tables can't tell their columns apart.
    static func folded(_ name: String) -> ColumnName { ColumnName(name).folded }
}

extension LogicalType {
    /// Why nothing of the type can be a column; `nil` where it can.
    var refusal: KeptSchema.Refusal.Reason? {
        switch self {
        case .list(let element): element.refusal
        case .map(let key, let value): key.refusal ?? value.refusal
        case .structure(let fields):
            fields.lazy.compactMap { $0.name.utf8.contains(0) ? .nul : $0.type.refusal }.first
        default: nil
        }
    }

    /// The narrowest type other than text with room for the values of both, be they guessed ones or those of files that know their own
    /// types; `nil` where there is none.
    func widenedStored(toInclude other: LogicalType) -> LogicalType? {
        switch (self, other) {
        case (.int64, .decimal(let precision, let scale)), (.decimal(let precision, let scale), .int64):
            .decimal(wholeDigits: max(19, precision - scale), scale: scale)
        case (.decimal(let precision, let scale), .decimal(let otherPrecision, let otherScale)):
            .decimal(
                wholeDigits: max(precision - scale, otherPrecision - otherScale), scale: max(scale, otherScale))
        default: widened(toInclude: other)
        }
    }

    /// A decimal with so many digits on either side of the point, or fewer before it where there isn't room for all.
    private static func decimal(wholeDigits: Int, scale: Int) -> LogicalType {
        .decimal(precision: min(DecimalNumber.maximumDigits, wholeDigits + scale), scale: scale)
    }
}
