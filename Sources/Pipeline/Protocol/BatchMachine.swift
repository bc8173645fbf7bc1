/// What a pipeline does next, and what that depends on: nothing but what happened before.
///
/// A pure value. Whoever carries out the steps tells it how they ended; after a death it is told what the state remembers.
/// Before `prepare` nothing of a batch can be seen, and its plan is run again; behind it everything is carried through.
public struct BatchMachine: Sendable, Equatable {
    /// What is to be done.
    public enum Step: String, Sendable, Hashable, CaseIterable {
        /// Fix what the next batch reads.
        case plan
        /// Read it, judge it, write it under hidden names.
        case run
        /// See whether every record is somewhere, and whether the batch may go on.
        case check
        /// The commit point.
        case prepare
        /// Give files their names, and tables their versions.
        case publish
        /// Let go of what was read.
        case finish
        /// Give up the plan: its files are planned anew.
        case abandon
        /// There is nothing to do, or nothing may be done.
        case rest
    }

    /// How a step ended, or what the state remembers.
    public enum Event: Sendable, Hashable {
        case found(Remembered)
        case planned
        /// Nothing has arrived.
        case nothingToPlan
        case ran
        /// The plan can't be run as it is: a file is gone, changed or damaged.
        case cannotRun
        case mayGoOn
        case mustWait
        case prepared
        case published
        case finished
        case abandoned
        /// Something arrived, or a time came.
        case woken
        /// Something else is asked for while a batch is held.
        case asked
    }

    /// What the state says of its last batch.
    public enum Remembered: String, Sendable, Hashable, CaseIterable {
        case nothing
        case planned
        case held
        case prepared
    }

    public private(set) var step: Step
    /// Whether the batch at hand is held.
    public private(set) var isHeld = false

    /// Before the state was asked.
    public init() { step = .rest }

    public mutating func handle(_ event: Event) {
        switch (step, event) {
        case (.rest, .found(.nothing)): step = .plan
        case (.rest, .found(.planned)): step = .run
        case (.rest, .found(.held)): isHeld = true
        case (.rest, .found(.prepared)): step = .publish
        case (.plan, .planned): step = .run
        case (.plan, .nothingToPlan): step = .rest
        // What arrived can't even be begun as it is.
        case (.plan, .mustWait): (step, isHeld) = (.rest, true)
        case (.run, .ran): step = .check
        case (.run, .cannotRun): step = .abandon
        case (.check, .mayGoOn): step = .prepare
        case (.check, .mustWait): (step, isHeld) = (.rest, true)
        case (.prepare, .prepared): step = .publish
        case (.publish, .published): step = .finish
        case (.finish, .finished): step = .plan
        case (.abandon, .abandoned): step = .plan
        // A held batch is planned anew: rules and files may have changed, and nothing of it was seen.
        case (.rest, .woken): (step, isHeld) = (isHeld ? .abandon : .plan, false)
        // The held batch stays as it is meanwhile.
        case (.rest, .asked): step = .plan
        default: preconditionFailure("\(event) can't follow \(step)")
        }
    }
}
