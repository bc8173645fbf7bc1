public import Tables

/// A record as the quarantine has it: one judgement of it.
public struct QuarantinedRecord: Sendable {
    /// The same for all judgements of the same record.
    public let id: String
    /// Which judgement, from 1.
    public let attempt: Int
    /// Microseconds since 1970-01-01T00:00:00Z.
    public let quarantinedAt: Int64
    public let batch: Int
    public let file: String
    /// In its file, from 1.
    public let row: Int64
    public let offset: Int64?
    /// Each rule that it broke, once.
    public let rules: [String]
    /// What was wrong, rule by rule; `nil` where nobody asked for it, as all that follows.
    public let errors: JSON?
    /// The record as it was read, where the source is text.
    public let raw: String?
    /// The same, where the bytes are no UTF-8.
    public let rawBase64: String?
    /// The source's values by column, as JSON text.
    public let record: String?
    public let suite: String?
    public let suiteFingerprint: String?

    /// The rule of records that can't be read as such.
    static let malformed = "malformed"

    /// Whether it could not be read as a record: judged again it would be found the same.
    public var isMalformed: Bool { rules.contains { Self.unreadable.contains($0) } }

    /// Whether only its beginning was kept: there is nothing that could be judged again, mended or not.
    public var isCutShort: Bool { rules.contains { Self.tooLong.contains($0) } }

    /// The rules of records that can't be read as records, or not as a whole.
    private static let unreadable = tooLong.union([malformed])

    private static let tooLong: Set<String> = [
        RowProblem.Kind.rowTooLong.rawValue, RowProblem.Kind.unclosedQuote.rawValue,
    ]

    /// The judgement's key, under which its resolution is.
    public var key: QuarantineKey { QuarantineKey(id: id, attempt: attempt) }
}

/// Names one judgement of one record.
public struct QuarantineKey: Sendable, Hashable {
    public let id: String
    public let attempt: Int
}
