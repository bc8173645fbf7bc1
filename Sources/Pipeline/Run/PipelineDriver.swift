import Expectations
import Foundation
import Intake
import Scan
import Statistics
public import Suites
import Synchronization
import Tables

/// Runs a pipeline: carries out what `BatchMachine` says is next, and tells it how that ended.
///
/// One driver a pipeline and process. It may be killed at any instant and begun again.
public final class PipelineDriver: Sendable {
    let definition: PipelineDefinition
    let arrivals: any Arrivals
    let options: PipelineOptions
    let state: PipelineState
    private let isStopping = Mutex(false)
    private let deadline = Mutex<Int64?>(nil)
    /// Ends a pause when the run is to end.
    private let stopping = WakeSignal()

    /// How a run that was to catch up ended.
    public enum Ending: Sendable, Equatable {
        case caughtUp
        case stopped
        /// A batch is held, and nothing behind it was read.
        case held(reason: String)
    }

    /// Opens the pipeline's state, for this process alone.
    public init(
        _ definition: PipelineDefinition, state: PipelineState, arrivals: any Arrivals, options: PipelineOptions
    ) {
        self.definition = definition
        self.state = state
        self.arrivals = arrivals
        self.options = options
    }

    /// Asks the run to end: a batch at hand is carried through if it takes no longer than `grace`, else given up, whole.
    public func stop(grace: Int64 = 5_000_000) {
        isStopping.withLock { $0 = true }
        deadline.withLock { $0 = $0 ?? options.machineClock().addingClamped(grace) }
        stopping.wake()
    }

    var mustStop: Bool { isStopping.withLock { $0 } }

    /// Whether the batch at hand is to be given up.
    var isCancelled: Bool {
        guard let deadline = deadline.withLock({ $0 }) else { return false }
        return options.machineClock() >= deadline
    }

    /// Runs batches: with `once`, until all that has arrived is where it belongs; else until it is stopped.
    ///
    /// - Throws: `PipelineError` where it can't go on, `SuiteProblems` where stages or suites don't fit the records. The same call
    ///   goes on where this one ended.
    public func run(once: Bool) async throws -> Ending {
        let ending = try await carryThrough(once: once)
        // What can't be written any more looks like a run that was killed, as it may be next.
        try? state.closeRun()
        return ending
    }

    private func carryThrough(once: Bool) async throws -> Ending {
        var patience = RetryPatience()
        guard var hand = try await begin(&patience, once: once) else { return .stopped }
        var machine = BatchMachine()
        var isCaughtUp = false
        sweep(hand.remembered)
        if hand.held != nil { machine.handle(.found(.held)) }
        if hand.held == nil || hand.plan != nil { machine.handle(.found(hand.remembered)) }
        if let plan = hand.plan ?? hand.held?.plan {
            options.report(.recovering(batch: plan.number, phase: hand.remembered.rawValue))
        }
        while true {
            if machine.step == .plan { upkeep() }
            if machine.step == .plan, !once { await pace(hand) }
            if mustStop, [.plan, .rest].contains(machine.step) { return .stopped }
            do {
                if machine.step == .rest {
                    switch try await rest(&hand, once: once) {
                    case .awakening(let event): machine.handle(event)
                    case .ending(let ending): return ending
                    }
                } else {
                    machine.handle(try await carryOut(machine.step, &hand))
                }
                try goOn(&patience)
                if machine.isHeld { isCaughtUp = false }
                if machine.step == .rest, !machine.isHeld, hand.isCaughtUp, !isCaughtUp {
                    isCaughtUp = true
                    options.report(.caughtUp)
                }
            } catch BatchFailure.cancelled {
                return .stopped
            } catch let error as PipelineError where error.mayHelpToRetry && !once {
                isCaughtUp = false
                await wait(after: error, &patience)
                if mustStop { return .stopped }
            }
        }
    }

    /// What the run before this one left; `nil` where this one is to end before that could be read.
    private func begin(
        _ patience: inout RetryPatience, once: Bool
    ) async throws(PipelineError) -> BatchInHand? {
        while true {
            do throws(PipelineError) {
                try state.note(nil)
                try state.note(.run, at: options.machineClock())
                try state.forgetSetAside()
                try takeKnown()
                for windows in try state.strandedWindows(of: definition) { options.report(.note(windows.note)) }
                return try BatchInHand(state)
            } catch {
                guard error.mayHelpToRetry, !once else { throw error }
                await wait(after: error, &patience)
                if mustStop { return nil }
            }
        }
    }

    /// Waits until the same may be tried again, and tells why.
    private func wait(after error: PipelineError, _ patience: inout RetryPatience) async {
        let time = patience.next()
        let now = options.machineClock()
        let wait = PipelineWait(since: patience.began(at: now), reason: error.summary)
        // Where the state itself can't be written, it can't say so.
        try? state.note(wait)
        options.report(.retrying(error, after: time))
        if patience.isOver(at: now) { options.report(.stalled(error, since: wait.since)) }
        await pause(time)
    }

    /// What was in the way is so no more.
    private func goOn(_ patience: inout RetryPatience) throws(PipelineError) {
        if patience.isTried { try state.note(nil) }
        patience = RetryPatience()
    }

    /// Has what was read before be known as such.
    private func takeKnown() throws(PipelineError) {
        var seen: [IntakeFile] = []
        // Some at a time: there may be very many.
        try state.forEachSource { file in
            seen.append(file)
            guard seen.count >= 4_096 else { return }
            arrivals.take(seen)
            seen.removeAll(keepingCapacity: true)
        }
        arrivals.take(seen)
    }

    /// How a rest is over.
    private enum Rested {
        case awakening(BatchMachine.Event)
        case ending(Ending)
    }

    /// Waits for what is next.
    private func rest(_ hand: inout BatchInHand, once: Bool) async throws -> Rested {
        if let held = hand.held { return try await rest(&hand, held, once: once) }
        if once, hand.isCaughtUp { return .ending(.caughtUp) }
        if hand.isCaughtUp, hand.hasEnded { return .ending(.caughtUp) }
        try await waitForWork(upTo: max(50_000, min(definition.trigger.every, 1_000_000)))
        return mustStop ? .ending(.stopped) : .awakening(.woken)
    }

    /// Waits until a held batch is to be tried again, or something else is asked for.
    private func rest(_ hand: inout BatchInHand, _ held: BatchInHand.Held, once: Bool) async throws -> Rested {
        var held = held
        while true {
            if try takePasses() { return .awakening(.asked) }
            if options.onlyRequests { return .ending(.caughtUp) }
            var breaker = try state.breaker()
            // Other rules than those that held it, which the process before this one had.
            let isByOthers = held.reason == nil && held.plan.fingerprint != definition.fingerprint
            let mayTry = isByOthers || breaker.mayTry(at: options.clock(), wait: definition.retryAfter)
            guard case .open(_, let until, let reason) = breaker.state, !mayTry else {
                breaker.beginTrial(at: options.clock(), wait: definition.retryAfter, byOtherRules: isByOthers)
                try state.setBreaker(breaker)
                (hand.plan, hand.held) = (held.plan, nil)
                return .awakening(.woken)
            }
            // It was held by the process before this one.
            if held.reason == nil { options.report(.held(batch: held.plan.number, reason: reason, until: until)) }
            held.reason = reason
            hand.held = held
            if once { return .ending(.held(reason: reason)) }
            await pause(min(1_000_000, max(1, until - options.clock())))
            if mustStop { return .ending(.stopped) }
        }
    }

    /// Waits until the next batch may begin: many small ones would make tables of many small files.
    private func pace(_ hand: BatchInHand) async {
        while let began = hand.began, !mustStop {
            let left = began.addingClamped(definition.trigger.every) - options.machineClock()
            guard left > 0, left <= definition.trigger.every else { return }
            await pause(left)
        }
    }

    /// Lets so many microseconds pass, whatever arrives meanwhile; fewer where the run is to end.
    private func pause(_ microseconds: Int64) async {
        guard !mustStop else { return }
        await WorkerThreads.run(1) { [stopping] _ in stopping.wait(atMost: .microseconds(microseconds)) }
    }

    private func carryOut(
        _ step: BatchMachine.Step, _ hand: inout BatchInHand
    ) async throws -> BatchMachine.Event {
        switch step {
        case .plan: return try planNext(&hand)
        case .run: return try await run(&hand)
        case .check: return try await check(&hand)
        case .prepare: return try prepare(&hand)
        case .publish: return try publish(&hand)
        case .finish: return try finish(&hand)
        case .abandon: return try abandon(&hand)
        case .rest: preconditionFailure("a rest is waited for")
        }
    }

    func probe(_ point: ProtocolPoint, _ hand: BatchInHand) { options.probe(point, hand.plan?.number ?? 0) }
}

/// How long to wait before the machine is asked for the same again, longer each time, a minute at most; and when that has lasted too long.
private struct RetryPatience {
    private var pause: Int64 = 1_000_000
    private var since: Int64?
    private var isTold = false

    /// Microseconds after which somebody should know.
    private static let limit: Int64 = 5 * 60_000_000

    /// Whether anything was in the way.
    var isTried: Bool { since != nil }

    mutating func next() -> Int64 {
        defer { pause = min(60_000_000, pause * 2) }
        return pause
    }

    /// Since when the machine is in the way.
    mutating func began(at now: Int64) -> Int64 {
        // A clock that was set back must not make it wait for longer.
        let begin = min(since ?? now, now)
        since = begin
        return begin
    }

    /// Whether it has lasted too long, and nobody was told.
    mutating func isOver(at now: Int64) -> Bool {
        guard !isTold, let since, CivilTime.age(of: since, at: now) >= Self.limit else { return false }
        isTold = true
        return true
    }
}
