public import Intake
public import Tables

/// What arrives at a pipeline: a landing folder, or a spool.
///
/// One thread at a time asks.
public protocol Arrivals: AnyObject, Sendable {
    /// Files that are whole and were not taken, in the order in which they are to be read: the first of them, up to the limits.
    ///
    /// `now` is the machine's time, in microseconds since 1970-01-01T00:00:00Z. Costs what is new and what is handed out, and not
    /// what waits behind it.
    func discover(now: Int64, upTo limits: ArrivalLimits) throws(SourceError) -> Arrived

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

/// How much of what has arrived is wanted.
public struct ArrivalLimits: Sendable {
    /// So many files at most.
    public var files: Int
    /// No more files once there are so many bytes; one at least.
    public var bytes: Int64
    /// Files that go before all others: nothing else is handed out while some of them are there as they were.
    public var heldBack: [IntakeFile]

    public init(files: Int = .max, bytes: Int64 = .max, heldBack: [IntakeFile] = []) {
        self.files = files
        self.bytes = bytes
        self.heldBack = heldBack
    }
}

/// What is to be told of what arrives, once.
public struct ArrivalNote: Sendable {
    public let text: String
    /// What tells it from others.
    let occasion: Occasion

    struct Occasion: Sendable, Hashable {
        let subject: String
        let file: IntakeFile?
    }

    /// - file: as it is, where the same is told again of what becomes of it later.
    /// - subject: what it is about, where the text changes with the time and is told once all the same; the text when absent.
    public init(_ text: String, of file: IntakeFile? = nil, about subject: String? = nil) {
        self.text = text
        occasion = Occasion(subject: subject ?? text, file: file)
    }
}

/// What was found to have arrived.
public struct Arrived: Sendable {
    public var files: [IntakeFile] = []
    /// All that may be read, these files and those behind them.
    public var backlog: (files: Int, byteCount: Int64) = (0, 0)
    /// Files that are still being written, as far as can be told.
    public var waiting = 0
    /// Of the files that were held back, those whose content is there no more, under whatever name.
    public var missing: [IntakeFile] = []
    /// What is wrong with files, for people.
    public var notes: [ArrivalNote] = []
    /// Whether more is sure to come, or the word that nothing does.
    public var mayGrow = false
    /// Whether nothing will arrive any more.
    public var isEnded = false

    public init() {}
}
