public import Ledger

/// What a scheduler does, for logs and for counting.
public enum SchedulerEvent: Sendable, Hashable {
    case started(Occasion)
    /// A run was stored, and its slot is done. `took` is in microseconds, from the first attempt on.
    case recorded(Occasion, run: String?, isUndecided: Bool, took: Int64)
    /// An attempt was undecided; another follows after so many microseconds.
    case retrying(Occasion, reason: String, pause: Int64)
    /// The run took too long and was cancelled.
    case timedOut(Occasion)
    /// The run was cancelled and doesn't end: its data doesn't come. It is left behind, with its thread.
    case hangs(Occasion)
    /// A run that was left behind has ended; nothing of it is stored.
    case answered(Occasion)
    /// A look at whether an asset's data has changed takes long; others go on without it.
    case lookHangs(asset: String)
    /// The service is being stopped, and the run with it; it is still to be done.
    case abandoned(Occasion)
    /// Another process has taken the run over; nothing of this one was stored.
    case leaseLost(Occasion)
    /// The run couldn't be stored. It is tried again.
    case notRecorded(Occasion, reason: String)
    /// So many slots were missed and nobody will do them; more than that where `isMore`.
    case passedOver(Validation, count: Int, isMore: Bool, through: Int64)
    /// The clock has gone ahead by so many microseconds that nobody saw: the machine slept, or the clock was set.
    case clockWentAhead(by: Int64)
    case clockWentBack(by: Int64)
    /// Another process over the ledger has a clock that is ahead by so many microseconds or more: what it does isn't done again.
    case clocksDiffer(by: Int64)
    /// The last slots of so many validations lie ahead of the clock: they wait for it, the last one until then.
    case clockIsBehind(validations: Int, until: Int64)
    /// The ledger couldn't be read or written; the scheduler goes on.
    case troubled(reason: String)
    /// Nothing is to be done until then, but for what is in hand: runs, and a look at whether data has changed.
    case waiting(until: Int64, inHand: Int)
}
