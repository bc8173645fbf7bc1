import Intake
import Suites
import Tables

/// What people want done about quarantined records, batch by batch.
extension PipelineDriver {
    /// Fixes the next batch of what was asked for; `nil` where nothing is left to be judged again.
    ///
    /// - wider: columns, with types that a run found first values of.
    func planRequested(wider: [Field]) throws -> BatchPlan? {
        _ = try takePasses()
        while let stored = try state.waitingRequest(passes: false) {
            guard let table = try quarantine(stored) else { continue }
            if stored.request.kind == .discard {
                try discard(stored, table)
            } else if let plan = try replayPlan(stored, table, wider) {
                return plan
            }
        }
        return nil
    }

    /// Lets a held batch pass where somebody asked for it; whether anything else is asked for.
    func takePasses() throws(PipelineError) -> Bool {
        while let stored = try state.waitingRequest(passes: true) { try state.letPass(stored) }
        return try state.waitingRequest(passes: false) != nil
    }

    /// Returns when something arrived, or is asked for, or after so many microseconds.
    func waitForWork(upTo microseconds: Int64) async throws {
        let end = options.machineClock().addingClamped(microseconds)
        while !mustStop {
            let begin = options.machineClock()
            let slice = min(1_000_000, end - begin)
            guard slice > 0 else { return }
            await arrivals.wait(upTo: slice)
            // Woken before its time: something is there.
            if options.machineClock() - begin < slice { return }
            if try state.waitingRequestCount() > 0 { return }
        }
    }

    /// The version that a request means; where it can't be read, the request is refused.
    private func quarantine(_ stored: StoredRequest) throws(PipelineError) -> QuarantineTable? {
        do throws(PipelineError) {
            if let table = try state.quarantine(definition.quarantine, version: stored.request.version) { return table }
            try state.refuse(stored.number, "there is no quarantine")
        } catch {
            if error.mayHelpToRetry { throw error }
            try state.refuse(stored.number, error.summary)
        }
        return nil
    }

    private func replayPlan(_ stored: StoredRequest, _ table: QuarantineTable, _ wider: [Field]) throws -> BatchPlan? {
        let number = try state.lastBatch() + 1
        guard let kept = try state.schema() else {
            try state.refuse(stored.number, "no batch was ever read")
            return nil
        }
        let columns = definition.columnsJudgedAgain(kept, options)
        let schema = try SchemaWidening(
            definition, from: columns, to: columns.widened(toInclude: wider), state: state, options
        ).schema
        let batch: ReplayBatch
        do {
            batch = try ReplayBatch(
                stored, of: table, state: state, number: number, schema: schema, intake: options.intake,
                pipeline: definition.name, in: ReplayFolder(state))
        } catch let error as PipelineError where !error.mayHelpToRetry {
            try state.refuse(stored.number, error.summary)
            return nil
        }
        guard
            let plan = try batch.plan(
                stored, number: number, schema: schema, fingerprint: definition.fingerprint, clock: options.clock())
        else {
            guard !batch.isFull else {
                try state.skip(stored, stayed: batch.stayed, to: batch.next)
                return nil
            }
            try state.complete(stored, stayed: batch.stayed)
            ReplayFolder(state).sweep()
            return nil
        }
        options.probe(.beforePlan, number)
        try state.plan(plan)
        options.report(.began(batch: number, files: 1, bytes: plan.files[0].byteCount))
        return plan
    }

    /// Marks records as discarded, a few thousand in a transaction.
    private func discard(_ stored: StoredRequest, _ table: QuarantineTable) throws(PipelineError) {
        let request = stored.request
        let reading = try table.reading(request.selector, .key, from: stored.next)
        while let found = try reading.next() {
            guard try state.request(stored.number)?.isDone == false else { return }
            guard let last = found.last else { continue }
            let resolved = try state.resolutions(of: found.map(\.record))
            let discarded = found.map(\.record).filter { resolved[$0.key] == nil }.map { record in
                Resolution(
                    id: record.id, attempt: record.attempt, status: .discarded, actor: request.actor,
                    reason: request.reason, time: request.time, fate: .discarded)
            }
            try state.discard(
                discarded, of: stored.number,
                next: QuarantineTable.Place(ordinal: last.place.ordinal, row: last.place.row + 1))
        }
        guard let now = try state.request(stored.number) else { return }
        try state.complete(now, stayed: 0)
    }
}
