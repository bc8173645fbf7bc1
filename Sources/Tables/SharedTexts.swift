/// What is found out about the long texts of a column, each once, however many rows have the same bytes of the buffer.
///
/// Whoever makes a file can have a million rows point at one text of a megabyte. Memory: an entry a long text.
public struct SharedTexts<Finding> {
    private var known: [UInt64: Finding] = [:]

    public init() {}

    /// A shorter text is looked at sooner than looked up.
    @usableFromInline static var leastByteCount: UInt32 { 1_024 }

    /// What is known of the text that lies there in the buffer, else what a look at it says.
    @inlinable
    public mutating func finding(start: UInt32, length: UInt32, _ look: () -> Finding) -> Finding {
        length < Self.leastByteCount ? look() : longTextFinding(UInt64(start) << 32 | UInt64(length), look)
    }

    @usableFromInline
    mutating func longTextFinding(_ place: UInt64, _ look: () -> Finding) -> Finding {
        if let finding = known[place] { return finding }
        let finding = look()
        known[place] = finding
        return finding
    }
}
