public import Formats

/// How what arrives is read, as far as somebody said so.
public struct IntakeOptions: Sendable, Hashable {
    /// `nil` to be told file by file, by name or first bytes.
    public var format: FileFormat?
    public var csv = CSVOptions()
    public var json = JSONOptions()
    /// Whether files may have got longer since they were planned, as segments do that are written to still; what they got is not read.
    public var filesMayGrow = false

    /// A malformed first record makes no array of a file of lines.
    public init() { json.trustsNames = true }
}
