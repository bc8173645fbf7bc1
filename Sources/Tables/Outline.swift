/// A run of a source's batches, and what is known of its rows before they are read.
public struct Outline: Sendable {
    /// By ordinal; never empty.
    public let batches: Range<Int>
    public let partition: Int
    public let rowCount: Int
    /// Exact and trustworthy summaries of all of its rows, by the schema's index; columns of which too little is known have none.
    public let columns: [Int: ColumnSummary]

    public init(batches: Range<Int>, partition: Int, rowCount: Int, columns: [Int: ColumnSummary]) {
        self.batches = batches
        self.partition = partition
        self.rowCount = rowCount
        self.columns = columns
    }
}

/// A source that knows something of its rows before they are read, as files with a footer do.
public protocol OutlinedSource: BatchSource {
    /// In order, without overlaps; batches of none are read whole.
    ///
    /// Outlined rows have no problems as rows.
    var outlines: [Outline] { get }

    /// What is known of parts of an outline, for some columns: finer runs of its batches, in order, maybe not all of them.
    ///
    /// Asked for where the outline alone is not enough; may read a little.
    func refined(_ outline: Outline, columns: Set<Int>) -> [Outline]

    /// Begins to read: batches in `narrowed` with the columns of that projection only, others with those of `projection`.
    ///
    /// Every batch comes, even one without columns.
    func open(_ projection: Projection, narrowed: [Int: Projection]) throws(SourceError) -> any BatchReader
}

extension OutlinedSource {
    public func refined(_ outline: Outline, columns: Set<Int>) -> [Outline] { [] }
}

/// A source whose partitions have a log that tells of them, so that those of which it tells enough needn't be opened.
///
/// A partition that isn't open is one batch, of rows whose values can't be read.
public protocol DeferredSource: OutlinedSource {
    /// Partitions that aren't open.
    var unopened: Set<Int> { get }

    /// The same table with some more of its partitions open; their outlines and batches may be others then.
    func opening(_ partitions: Set<Int>) throws(SourceError) -> any BatchSource
}
