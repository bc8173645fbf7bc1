public import Tables

/// A test of single rows: a batch goes in, two bitmaps come out.
///
/// The scan counts with it, a gate splits by it.
public protocol RowTest: Sendable {
    /// The same for equal tests: what sets its metric apart.
    var key: MetricKey { get }
    var projection: Projection { get }
    /// Columns whose values are shown for an unexpected row, by the schema's index.
    var shownColumns: [Int] { get }

    /// Judges all rows of a batch.
    func evaluate(_ batch: Batch) -> RowVerdicts

    /// The column, where the verdict on a row depends on nothing but that column's value.
    ///
    /// Such tests of one column are gathered together, and may be asked for verdicts on its different values.
    var valueColumn: Int? { get }
    /// Whether missing values are judged as well.
    var judgesMissingValues: Bool { get }
    /// What a summary of the value's column must tell to be worth asking; no columns but that one.
    var summaryParts: ColumnSummary.Parts { get }
    /// Rows that are judged, where a summary of the value's column tells that none of them is unexpected; `nil` where the
    /// rows need a look.
    func consideredCount(ifDecidedBy summary: ColumnSummary) -> Int?
}

extension RowTest {
    public var valueColumn: Int? { nil }
    public var judgesMissingValues: Bool { false }
    public var summaryParts: ColumnSummary.Parts { [] }
    /// Whether the texts of the shown values decide, and not the values.
    var judgesTexts: Bool { shownColumns.allSatisfy { projection.needs[$0] == .text } }
    public func consideredCount(ifDecidedBy summary: ColumnSummary) -> Int? { nil }
}

/// What a test says of the rows of a batch.
public struct RowVerdicts: Sendable {
    /// Rows that are judged: those whose value is not missing, for most kinds.
    public var considered: Bitmap
    /// A subset of the considered ones.
    public var unexpected: Bitmap
    /// Rows that could not be decided, as where a pattern ran into its limit; a subset of the considered ones.
    public var undecided: Bitmap?

    public init(considered: Bitmap, unexpected: Bitmap, undecided: Bitmap? = nil) {
        self.considered = considered
        self.unexpected = unexpected
        self.undecided = undecided
    }
}
