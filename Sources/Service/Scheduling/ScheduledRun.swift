import Ledger
import Schedules
import Tables

/// One run of a validation, from a granted claim to its end.
///
/// The claim's lease is kept while it lasts. What is stored is stored in one transaction that checks the lease first.
struct ScheduledRun: Sendable {
    enum End: Sendable, Equatable {
        /// Stored, and the claim is at its end.
        case recorded
        /// It was cancelled, or somebody has taken it over.
        case abandoned
        /// It couldn't be stored, and trying again didn't help.
        case notRecorded
    }

    /// What one attempt came to.
    private enum Attempt: Sendable {
        case outcome(ScheduledOutcome)
        case undecided(UndecidedReason)
        case cancelled
    }

    let validation: ScheduledValidation
    let claim: ScheduleClaim
    /// What the data looked like before.
    let fingerprint: String?
    let startedAt: Int64
    let settings: SchedulerSettings
    let work: SchedulerWork
    let clock: SchedulerClock
    let desk: LedgerDesk
    let hanging: HangingReads
    let place: RunPlace
    let rests: Rests
    /// Rung when the place is free.
    let bell: Bell
    /// How many runs may be at work.
    let room: @Sendable () -> Int

    func carryOut() async -> End {
        work.report(.started(occasion(1)))
        return await withTaskGroup(of: End?.self) { group in
            group.addTask { await keepLease() }
            group.addTask { await attempts() }
            var end = End.abandoned
            for await result in group {
                // The lease is gone, or the work is done: either ends the other.
                group.cancelAll()
                if let result, result != .abandoned { end = result }
            }
            return end
        }
    }

    /// Renews the lease until it is lost or the task is cancelled.
    private func keepLease() async -> End? {
        var lease = claim.lease
        while true {
            let wake = clock.now().addingClamped(settings.leaseLength / 3)
            do { try await clock.sleep(wake) } catch { return nil }
            let now = clock.now()
            do {
                let held = lease
                let length = settings.leaseLength
                guard let renewed = try await desk.transaction({ try $0.renewLease(held, now: now, length: length) })
                else { return .abandoned }
                lease = renewed
            } catch {
                // Nobody else can write now either; whoever does first has it.
                work.report(.troubled(reason: error.schedulerText))
            }
        }
    }

    private func attempts() async -> End {
        if case .slot = claim.cause, claim.attempts > settings.deathsPerSlot {
            let last = occasion(1, isLast: true)
            return await record(work.undecided(validation, last, .died(claim.attempts - 1)), last)
        }
        guard !hanging.contains(.run(validation.id)) else {
            let last = occasion(1, isLast: true)
            return await record(work.undecided(validation, last, .hangs), last)
        }
        var number = 1
        while true {
            let pause = validation.retries.pause(afterAttempts: number, for: validation.name)
            let occasion = occasion(number, isLast: pause == nil)
            let (attempt, end) = await attempt(occasion)
            if let end { return end }
            let reason: UndecidedReason
            switch attempt {
            case .cancelled: return await abandon(occasion)
            case .outcome(let outcome) where !outcome.isUndecided || pause == nil:
                return await record(outcome, occasion)
            case .outcome: reason = .failed("the run was undecided")
            case .undecided(let cause): reason = cause
            }
            guard let pause else { return await record(work.undecided(validation, occasion, reason), occasion) }
            work.report(.retrying(occasion, reason: reason.description, pause: pause))
            guard await rest(pause) else { return await abandon(occasion) }
            number += 1
        }
    }

    /// Rests without its place, and takes one again; whether there is to be another attempt.
    private func rest(_ pause: Int64) async -> Bool {
        let end = clock.now().addingClamped(pause)
        place.leave()
        bell.ring()
        return await rests.rest { [clock, place, room] in
            do { try await clock.sleep(end) } catch { return false }
            return await place.takeAgain(below: room)
        }
    }

    /// One attempt, with its time-out.
    ///
    /// That of the last one is recorded at once, though the run may take its time to notice that it was cancelled. One that doesn't notice
    /// is left behind, and no other attempt follows.
    private func attempt(_ occasion: Occasion) async -> (Attempt, End?) {
        let judging = LooseWork(on: OwnExecutor()) { [self] in await judge(occasion) }
        let first = await withTaskGroup(of: Attempt.self) { group in
            group.addTask { await judging.value() ?? .cancelled }
            if let timeout = validation.timeout {
                let deadline = clock.now().addingClamped(timeout)
                group.addTask {
                    do { try await clock.sleep(deadline) } catch { return .cancelled }
                    return .undecided(.timedOut(timeout))
                }
            }
            let first = await group.next() ?? .cancelled
            group.cancelAll()
            return first
        }
        switch first {
        case .outcome, .undecided(.failed), .undecided(.died), .undecided(.hangs): return (first, nil)
        case .cancelled:
            _ = await ends(judging, occasion)
            return (first, nil)
        case .undecided(.timedOut(let timeout)):
            work.report(.timedOut(occasion))
            guard !occasion.isLastAttempt else { return (first, await end(judging, occasion, after: timeout)) }
            guard await !ends(judging, occasion) else { return (first, nil) }
            return (first, await record(work.undecided(validation, occasion, .timedOut(timeout)), occasion))
        }
    }

    /// Records that the time is over, and keeps the lease until nothing of the run is at work.
    private func end(_ judging: LooseWork<Attempt>, _ occasion: Occasion, after timeout: Int64) async -> End {
        judging.cancel()
        let outcome = await work.undecided(validation, occasion, .timedOut(timeout))
        let end = await record(outcome, occasion, keepsLease: true)
        _ = await ends(judging, occasion)
        let lease = claim.lease
        try? await desk.transaction { try $0.releaseLease(lease) }
        return end
    }

    /// Cancels a run, and says whether it ends soon; otherwise it is left behind, and nobody hears of what it comes to.
    private func ends(_ judging: LooseWork<Attempt>, _ occasion: Occasion) async -> Bool {
        judging.cancel()
        if await judging.ends(by: clock.now().addingClamped(settings.patience), clock) { return true }
        work.report(.hangs(occasion))
        hanging.leave(judging, reading: .run(validation.id)) { [work] _ in work.report(.answered(occasion)) }
        return false
    }

    @concurrent private func judge(_ occasion: Occasion) async -> Attempt {
        do {
            let outcome = try await work.judge(validation, occasion)
            return Task.isCancelled ? .cancelled : .outcome(outcome)
        } catch {
            return Task.isCancelled ? .cancelled : .undecided(.failed(error.schedulerText))
        }
    }

    // MARK: Ends

    /// Stores an outcome; where the ledger is locked or the disk full, until it can be stored.
    private func record(_ outcome: ScheduledOutcome, _ occasion: Occasion, keepsLease: Bool = false) async -> End {
        let pauses = RetryPolicy(retries: .max, firstPause: 1_000_000, longestPause: 60_000_000)
        var failures = 0
        while true {
            let now = clock.now()
            do {
                let (claim, fingerprint) = (claim, fingerprint)
                try await desk.transaction { transaction in
                    try transaction.checkLease(claim.lease)
                    try outcome.commit(transaction)
                    try transaction.finish(
                        claim, run: outcome.run, fingerprint: fingerprint, at: now, keepsLease: keepsLease)
                }
                work.report(
                    .recorded(
                        occasion, run: outcome.run, isUndecided: outcome.isUndecided,
                        took: CivilTime.age(of: startedAt, at: now)))
                return .recorded
            } catch let error as LedgerError where error.code == "lease-lost" {
                work.report(.leaseLost(occasion))
                return .abandoned
            } catch {
                work.report(.notRecorded(occasion, reason: error.schedulerText))
                guard (error as? LedgerError)?.mayHelpToRetry == true else { return await giveUp() }
            }
            failures += 1
            let pause = pauses.pause(afterAttempts: failures, for: validation.name) ?? 0
            do { try await clock.sleep(now.addingClamped(pause)) } catch { return await abandon(occasion) }
        }
    }

    private func abandon(_ occasion: Occasion) async -> End {
        let claim = claim
        let isHeld = (try? await desk.transaction { try $0.abandon(claim) }) ?? false
        work.report(isHeld ? .abandoned(occasion) : .leaseLost(occasion))
        return .abandoned
    }

    private func giveUp() async -> End {
        let claim = claim
        _ = try? await desk.transaction { try $0.abandon(claim) }
        return .notRecorded
    }

    private func occasion(_ attempt: Int, isLast: Bool? = nil) -> Occasion {
        let trigger: Occasion.Trigger =
            switch claim.cause {
            case .slot(let slot, _): .slot(slot)
            case .change: .change
            case .request: .request
            }
        return Occasion(
            validation: validation.id, trigger: trigger, at: startedAt, attempt: attempt,
            isLastAttempt: isLast ?? (validation.retries.retries < attempt), requests: claim.requests)
    }
}
