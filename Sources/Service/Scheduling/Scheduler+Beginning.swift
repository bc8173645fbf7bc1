import Ledger
import Schedules

extension Scheduler {
    /// What could begin.
    struct Candidate {
        let validation: ScheduledValidation
        let cause: ScheduleClaim.Cause
        /// Slots after this time and before its own are passed over.
        let passedFrom: Int64?
    }

    /// What could begin: first what somebody asks for, then what is due, then what has changed.
    func candidates(
        _ look: Agenda.Look, _ validations: [ScheduledValidation], _ standings: [Validation: ScheduleStanding],
        _ now: Int64
    ) -> [Candidate] {
        var asked: [Candidate] = []
        var due: [Candidate] = []
        var isTaken: Set<Validation> = []
        for item in look.due where !item.isHeld {
            let validation = validations[item.task]
            guard let standing = standings[validation.id] else { continue }
            let candidate = Candidate(
                validation: validation, cause: .slot(item.slot, after: standing.lastSlot), passedFrom: item.passedFrom)
            if standing.hasRequests { asked.append(candidate) } else { due.append(candidate) }
            isTaken.insert(validation.id)
        }
        var changed: [Candidate] = []
        for validation in validations where !isTaken.contains(validation.id) {
            let id = validation.id
            guard let standing = standings[id], !self.standing(id, standings, now).isBusy else { continue }
            if standing.hasRequests {
                asked.append(Candidate(validation: validation, cause: .request, passedFrom: nil))
            } else if let fingerprint = watch.change(of: validation, since: standing.watched) {
                changed.append(
                    Candidate(validation: validation, cause: .change(fingerprint: fingerprint), passedFrom: nil))
            }
        }
        return asked + due + changed
    }

    /// Claims what could begin; `nil` where somebody else has it.
    func begin(_ candidate: Candidate, at place: RunPlace, _ now: Int64) async throws -> ScheduledRun? {
        let (id, cause, settings) = (candidate.validation.id, candidate.cause, settings)
        let fingerprint = watch.fresh[candidate.validation.asset]
        let answer = try await desk.transaction {
            try $0.claim(id, for: cause, holder: settings.holder, now: now, length: settings.leaseLength)
        }
        switch answer {
        case .held: return nil
        case .done:
            // Somebody was faster: what is known is out of date.
            bell.ring()
            return nil
        case .granted(let claim):
            inHand.insert(id)
            if let start = candidate.passedFrom, case .slot(let slot, _) = cause {
                report(candidate.validation, passedFrom: start, before: slot)
            }
            return ScheduledRun(
                validation: candidate.validation, claim: claim,
                fingerprint: candidate.validation.watch == nil ? nil : fingerprint, startedAt: now, settings: settings,
                work: work, clock: clock, desk: desk, hanging: hanging, place: place,
                rests: rests, bell: bell, room: room)
        }
    }
}
