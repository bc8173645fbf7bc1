public import Tables

/// Gathers a metric from batches: starts empty, is fed, can be joined to another, is read at the end.
///
/// The laws, tested for every accumulator: merging an empty one changes nothing; feeding `a` then `b` equals merging one
/// fed `a` with one fed `b`; parts merge in input order; reading changes nothing. So the result doesn't depend on how the
/// rows were cut or how many threads read them.
public protocol Accumulator: Sendable {
    associatedtype Result: Sendable

    /// Takes in the rows of a batch that `rows` marks; all of them where it is `nil`.
    mutating func update(_ batch: Batch, rows: Bitmap?)

    /// Takes in all rows of an outline by what is known of them unread; `false`, and nothing is taken in, where that isn't enough.
    mutating func update(_ outline: Outline) -> Bool

    /// Joins what another gathered from the rows that follow this one's.
    mutating func merge(_ other: Self)

    func finish() -> Result

    /// How many of its samples are full; 0 where it keeps none.
    var fullSampleCount: Int { get }

    /// Has an empty one leave out the samples that `total` has full.
    ///
    /// `total` is of all rows that come before those that this one will be fed: what it gathered would be dropped when they are
    /// joined.
    mutating func follow(_ total: Self)
}

extension Accumulator {
    public mutating func update(_ outline: Outline) -> Bool { false }
    public var fullSampleCount: Int { 0 }
    public mutating func follow(_ total: Self) {}
}
