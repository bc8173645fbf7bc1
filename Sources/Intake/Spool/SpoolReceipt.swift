/// Where the records of a request are.
///
/// The retry of a request that is in is given the same one.
public struct SpoolReceipt: Sendable, Hashable {
    /// The segment's name; its records are told of under it (`_source_file`).
    public let segment: String
    /// Where in the segment the first record begins, in bytes from 0.
    public let byteOffset: Int64
    /// How many records there are.
    public let records: Int
    /// Whether an earlier request under the same key brought them.
    public let isRepeated: Bool
    /// Whether that one brought other records: these here are not taken.
    public let differs: Bool

    init(segment: String, byteOffset: Int64, records: Int, isRepeated: Bool, differs: Bool = false) {
        (self.segment, self.byteOffset, self.records) = (segment, byteOffset, records)
        (self.isRepeated, self.differs) = (isRepeated, differs)
    }
}
