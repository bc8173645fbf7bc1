import Ledger
import Schedules
import Tables

extension Scheduler {
    /// What is to begin now, and when to look again.
    struct Look {
        var runs: [ScheduledRun] = []
        /// Assets whose data is to be looked at.
        var watched: [String] = []
        var until: Int64
    }

    /// Asks the ledger what is known, and begins what is to be begun.
    func look() async -> Look {
        let now = clock.now()
        noteClock(now)
        var look = Look(until: now.addingClamped(settings.pollEvery))
        do {
            let standings = try await standings(now)
            try await noteFirstFingerprints(validations, standings)
            let found = agenda.look(
                at: now, standings: validations.map { standing($0.id, standings, now) },
                absentUntil: attendance.absentUntil)
            try await passOver(found, validations, standings, now)
            noteSlotsAhead(standings, except: found.setBack, now)
            places.admit()
            for candidate in candidates(found, validations, standings, now) {
                guard let place = places.place(below: room()) else { break }
                do {
                    guard let run = try await begin(candidate, at: place, now) else {
                        place.leave()
                        continue
                    }
                    look.runs.append(run)
                } catch {
                    place.leave()
                    throw error
                }
            }
            if let next = found.next { look.until = min(look.until, max(next, now)) }
        } catch {
            work.report(.troubled(reason: error.schedulerText))
        }
        look.watched = watch.due(validations, at: now)
        if let next = watch.next { look.until = min(look.until, max(next, now)) }
        for (_, until) in setbacks.values where until > now { look.until = min(look.until, until) }
        return look
    }

    /// What the ledger knows of this project's validations: all of them, though another process may have forgotten some meanwhile.
    private func standings(_ now: Int64) async throws -> [Validation: ScheduleStanding] {
        let known = try await desk.ask { try $0.scheduleStandings(now: now) }
        guard validations.contains(where: { known[$0.id] == nil }) else { return known }
        try await register()
        return try await desk.ask { try $0.scheduleStandings(now: now) }
    }

    /// What data looks like that nobody has looked at before: only what differs from that is a change.
    private func noteFirstFingerprints(
        _ validations: [ScheduledValidation], _ standings: [Validation: ScheduleStanding]
    ) async throws {
        for validation in validations where validation.watch != nil {
            guard let standing = standings[validation.id], standing.watched == nil,
                let fingerprint = watch.fresh[validation.asset]
            else { continue }
            let id = validation.id
            try await desk.transaction { try $0.noteWatched(fingerprint, of: id) }
        }
    }

    /// Finds out whether the clock has done anything else than go on.
    func noteClock(_ now: Int64) {
        guard let passed = attendance.look(at: now) else { return }
        if passed < -1_000_000 {
            work.report(.clockWentBack(by: passed == .min ? .max : -passed))
            attendance.isMissing(until: min(attendance.absentUntil, now))
            knowsSlotsAhead = false
            slotsAhead.clockWentBack()
        }
        if passed > settings.pollEvery.addingClamped(60_000_000) {
            work.report(.clockWentAhead(by: passed))
            attendance.isMissing(until: now)
        }
    }

    /// Tells, once after the clock was set back and at the beginning, of what waits for it.
    private func noteSlotsAhead(_ standings: [Validation: ScheduleStanding], except gone: [Int], _ now: Int64) {
        guard !knowsSlotsAhead else { return }
        knowsSlotsAhead = true
        let gone = Set(gone)
        let ends = validations.indices.filter { !gone.contains($0) }.compactMap { index in
            standings[validations[index].id].flatMap { validations[index].clockBehindUntil($0, at: now) }
        }
        if let last = ends.max() { work.report(.clockIsBehind(validations: ends.count, until: last)) }
    }

    func standing(
        _ id: Validation, _ standings: [Validation: ScheduleStanding], _ now: Int64
    ) -> Agenda.Standing {
        let known = standings[id]
        let isHeldElsewhere = (known?.heldUntil ?? .min) > now
        return Agenda.Standing(
            lastSlot: known?.lastSlot ?? now, isBusy: inHand.contains(id) || isHeldElsewhere || isSetBack(id, now))
    }

    private func isSetBack(_ id: Validation, _ now: Int64) -> Bool { (setbacks[id]?.until ?? .min) > now }

    private func passOver(
        _ look: Agenda.Look, _ validations: [ScheduledValidation], _ standings: [Validation: ScheduleStanding],
        _ now: Int64
    ) async throws {
        let ahead = look.setBack.map { validations[$0].id }
        if let lead = slotsAhead.note(ahead, standings, at: now) { work.report(.clocksDiffer(by: lead)) }
        for task in look.setBack where !slotsAhead.isOfAnother(validations[task].id) {
            guard let last = standings[validations[task].id]?.lastSlot else { continue }
            let id = validations[task].id
            _ = try await desk.transaction { try $0.goBack(to: now, of: id, after: last) }
        }
        for passed in look.passed {
            let validation = validations[passed.task]
            let id = validation.id
            if try await desk.transaction({ try $0.passOver(passed.through, of: id, after: passed.after) }) {
                report(validation, passedFrom: passed.after, before: passed.through.addingClamped(1))
            }
        }
    }

    func report(_ validation: ScheduledValidation, passedFrom start: Int64, before end: Int64) {
        let (count, isMore) = validation.schedule.count(after: start, before: end)
        if count > 0 { work.report(.passedOver(validation.id, count: count, isMore: isMore, through: end)) }
    }
}
