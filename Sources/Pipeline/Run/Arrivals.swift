public import Intake
public import Tables

/// What arrives at a pipeline: a landing folder, or a spool.
///
/// One thread at a time asks.
public protocol Arrivals: AnyObject, Sendable {
    /// Files that are whole and were not handed out, in the order in which they are to be read.
    ///
    /// `now` is the machine's time, in microseconds since 1970-01-01T00:00:00Z.
    func discover(now: Int64) throws(SourceError) -> Arrived

    /// The files were read: they are not handed out again.
    func take(_ files: [IntakeFile])

    /// The files can't be read: they are kept, and not handed out again as they are, unless it was the machine that was in the way
    /// (`mayPass`): then after a while.
    func setAside(_ files: [(file: IntakeFile, mayPass: Bool)])

    /// The files' records are where they belong; what only held them until then may go.
    func release(_ files: [IntakeFile]) throws(PipelineError)

    /// Returns when something may have arrived, or after so many microseconds.
    func wait(upTo microseconds: Int64) async
}

/// What was found to have arrived.
public struct Arrived: Sendable {
    public var files: [IntakeFile] = []
    /// Files that are still being written, as far as can be told.
    public var waiting = 0
    /// What is wrong with other files, for people.
    public var notes: [String] = []
    /// Whether more is sure to come, or the word that nothing does.
    public var mayGrow = false
    /// Whether nothing will arrive any more.
    public var isEnded = false

    public init() {}
}
