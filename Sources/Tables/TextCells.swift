/// The texts of a column: UTF-8 bytes in one buffer, and where each row's text lies in it.
///
/// The bytes are as they were read and may be invalid UTF-8. A buffer holds less than 4 GiB.
public struct TextCells: Sendable {
    public let bytes: [UInt8]
    public let starts: [UInt32]
    public let lengths: [UInt32]

    /// `starts` and `lengths` have one entry a row, and every cell lies inside `bytes`.
    public init(bytes: [UInt8], starts: [UInt32], lengths: [UInt32]) {
        precondition(starts.count == lengths.count, "every cell has a start and a length")
        self.bytes = bytes
        self.starts = starts
        self.lengths = lengths
    }

    public init(_ texts: [String?]) {
        var bytes: [UInt8] = []
        var starts: [UInt32] = []
        var lengths: [UInt32] = []
        for text in texts {
            starts.append(UInt32(bytes.count))
            bytes.append(contentsOf: (text ?? "").utf8)
            lengths.append(UInt32(bytes.count) - starts[starts.count - 1])
        }
        self.init(bytes: bytes, starts: starts, lengths: lengths)
    }

    public var count: Int { starts.count }

    /// The text of a row, invalid UTF-8 repaired with U+FFFD.
    ///
    /// For values that are shown, never in a loop over rows.
    public func string(at row: Int) -> String {
        let start = Int(starts[row])
        return String(decoding: bytes[start..<start + Int(lengths[row])], as: UTF8.self)
    }

    /// The buffer and the cells, for the length of `body`.
    @inlinable
    public func withCells<Result>(
        _ body: (
            _ bytes: UnsafeRawBufferPointer, _ starts: UnsafeBufferPointer<UInt32>,
            _ lengths: UnsafeBufferPointer<UInt32>
        ) throws -> Result
    ) rethrows -> Result {
        try bytes.withUnsafeBytes { bytes in
            try starts.withUnsafeBufferPointer { starts in
                try lengths.withUnsafeBufferPointer { lengths in try body(bytes, starts, lengths) }
            }
        }
    }
}
