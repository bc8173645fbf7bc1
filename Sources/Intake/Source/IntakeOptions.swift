public import Formats
public import Tables

/// How what arrives is read, as far as somebody said so.
public struct IntakeOptions: Sendable, Hashable {
    /// `nil` to be told file by file, by name or first bytes.
    public var format: FileFormat?
    public var csv = CSVOptions()
    public var json = JSONOptions()
    /// Whether files may have got longer since they were planned, as segments do that are written to still; what they got is not read.
    public var filesMayGrow = false

    /// How much is kept of a record that is too long, or whose quote is never closed; `nil` where the file can't be read then.
    ///
    /// To be `nil` where nobody keeps the file: the rest of the record would be lost.
    public var keptOfLongRecords: Int? {
        get { json.keptOfLongRows }
        set { (csv.keptOfLongRows, json.keptOfLongRows) = (newValue, newValue) }
    }

    /// A malformed first record makes no array of a file of lines.
    public init() { json.trustsNames = true }
}

extension IntakeOptions {
    /// Where timestamps without zone are meant.
    public var zone: ZoneRule { json.timeZone }
}
