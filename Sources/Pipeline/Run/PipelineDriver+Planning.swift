import Expectations
import Foundation
import Intake
import Statistics
import Suites
import Tables

/// Planning: what a batch reads, and by which columns, before any of it is read.
extension PipelineDriver {
    /// Fixes what the next batch reads.
    func planNext(_ hand: inout BatchInHand) throws -> BatchMachine.Event {
        hand.clear()
        if let plan = try planRequested(wider: hand.wider) {
            hand.plan = plan
            probe(.planned, hand)
            return .planned
        }
        guard !options.onlyRequests, hand.held == nil else {
            hand.isCaughtUp = true
            return .nothingToPlan
        }
        let now = options.machineClock()
        let arrived = try arrived(now, &hand)
        hand.hasEnded = arrived.isEnded
        hand.isCaughtUp = arrived.files.isEmpty && arrived.waiting == 0 && !arrived.mayGrow
        // What was held goes before all else, and may be written to still.
        if hand.givenUp?.wasHeld == true, arrived.files.isEmpty, arrived.waiting > 0,
            arrived.missing.count < hand.heldBack.count
        {
            return .nothingToPlan
        }
        try letGo(&hand, arrived)
        hand.heldBack = []
        let files = definition.trigger.batch(of: arrived.files)
        guard !files.isEmpty else { return try planFlush(&hand) }
        hand.began = now
        hand.backlog = (
            max(0, arrived.backlog.files - files.count),
            max(0, arrived.backlog.byteCount - Self.byteCount(files))
        )
        return try plan(files, &hand)
    }

    /// Fixes a batch of files, as far as their beginnings can be read.
    private func plan(_ files: [IntakeFile], _ hand: inout BatchInHand) throws -> BatchMachine.Event {
        probe(.beforePlan, hand)
        let number = try state.lastBatch() + 1
        let (kept, change) = try schema(for: files, &hand)
        let readable = files.filter { file in !hand.unreadable.contains { $0.file == file } }
        // Before there is a plan: where this fails there is none, and the same is found again.
        try setAside(&hand, batch: number)
        guard !readable.isEmpty else {
            if try state.heldBatch() != nil { try state.letGoOfHeld() }
            return .nothingToPlan
        }
        let plan = BatchPlan(
            number: number, kind: .normal, files: readable, schema: kept, fingerprint: definition.fingerprint,
            clock: options.clock(), lanes: lanes(for: readable))
        if let change {
            try state.plan(plan)
            hand.plan = plan
            var breaker = try state.breaker()
            try hold(&hand, plan, &breaker, "\(change.place): \(change.message)")
            return .mustWait
        }
        // What doesn't fit is told before anything is fixed: a plan keeps its schema.
        let stage = try RecordStage(definition, source: kept, plan: plan, keySeed: 0, zone: options.zone)
        for note in stage.notes { tell(ArrivalNote(note), &hand) }
        try state.plan(plan)
        hand.plan = plan
        options.report(
            .began(batch: number, files: readable.count, bytes: Self.byteCount(readable)))
        probe(.planned, hand)
        return .planned
    }

    private static func byteCount(_ files: [IntakeFile]) -> Int64 {
        files.reduce(0) { $0.addingClamped($1.byteCount) }
    }

    /// As many as there are threads, unless the files would be too small to be worth it.
    private func lanes(for files: [IntakeFile]) -> Int {
        let bytes = Self.byteCount(files)
        return max(1, min(BatchPlan.mostLanes, options.threads, Int(clamping: bytes / Self.leastLaneBytes)))
    }

    private static let leastLaneBytes: Int64 = 8 << 20

    /// Where nothing more is to come, windows that are still open are closed, if that is wanted.
    private func planFlush(_ hand: inout BatchInHand) throws -> BatchMachine.Event {
        let clock = options.clock()
        guard options.closesWindows, hand.isCaughtUp,
            let schema = try state.schema().map({ definition.columnsJudgedAgain($0, options) }),
            try state.canCloseWindows(of: definition.gold, at: clock)
        else { return .nothingToPlan }
        let plan = BatchPlan(
            number: try state.lastBatch() + 1, kind: .flush, files: [], schema: schema,
            fingerprint: definition.fingerprint, clock: clock, lanes: 1)
        try state.plan(plan)
        hand.plan = plan
        probe(.planned, hand)
        return .planned
    }

    /// Notes files that can't be read, as their beginnings told: they never were part of a plan.
    private func setAside(_ hand: inout BatchInHand, batch: Int) throws(PipelineError) {
        guard !hand.unreadable.isEmpty else { return }
        try state.setAside(hand.unreadable.map { ($0.file, $0.reason) }, batch: batch)
        leaveAside(hand.unreadable)
        hand.unreadable = []
    }

    /// Ends what was to be done about a batch that was given up, now that it is known what is left of its files.
    ///
    /// Where nothing is left of what was held, nobody has seen what is planned instead: it passes no more easily than anything else.
    private func letGo(_ hand: inout BatchInHand, _ arrived: Arrived) throws(PipelineError) {
        guard let batch = hand.givenUp else { return }
        hand.givenUp = nil
        try tellLost(batch, arrived.missing)
        guard batch.wasHeld, Set(hand.heldBack).isDisjoint(with: arrived.files) else { return }
        if try isLetPass() {
            options.report(
                .note("nothing is left of batch \(batch.number), which was to pass: what comes now is judged as ever"))
        }
        try state.letGoOfHeld()
    }

    /// Tells of files of a batch that was given up and that are gone: nothing of them is in any table, and nothing else would say so.
    ///
    /// One that was written to before its batch could be run is read as it is now; where it was held, what it had may have been gone
    /// for as long.
    private func tellLost(
        _ batch: BatchInHand.GivenUp, _ missing: [IntakeFile]
    ) throws(PipelineError) {
        let lost = missing.compactMap { file -> (file: IntakeFile, reason: String)? in
            let records =
                "its records (\(Wording.count(Int(file.byteCount), "byte"))) were \(batch.wasHeld ? "held with" : "planned for") "
                + "batch \(batch.number): "
            if file.isAsItWas {
                return (
                    file, "it is none of the source's files any more, and \(records)they are in no table [not-found]"
                )
            }
            guard FileManager.default.fileExists(atPath: file.path) else {
                return (file, "it is gone, and \(records)they are in no table [not-found]")
            }
            guard batch.wasHeld else { return nil }
            return (file, "it was written to, and \(records)those that it no longer has are in no table [changed]")
        }
        guard !lost.isEmpty else { return }
        try state.setAside(lost, batch: batch.number)
        for (file, reason) in lost { options.report(.setAside(file: file.name, reason: reason)) }
    }

    /// Tells of files that can't be read, and leaves them where they are.
    func leaveAside(_ files: [BatchInHand.UnreadableFile]) {
        for unreadable in files {
            options.report(.setAside(file: unreadable.file.name, reason: unreadable.reason))
        }
        arrivals.setAside(files.map { ($0.file, mayPass: $0.error.code == "unreadable") })
    }

    /// What has arrived of what a batch takes, but for files without a byte: those are read by looking at them.
    private func arrived(_ now: Int64, _ hand: inout BatchInHand) throws(PipelineError) -> Arrived {
        let limits = ArrivalLimits(
            files: definition.trigger.maximumFiles, bytes: definition.trigger.maximumBytes, heldBack: hand.heldBack)
        while true {
            var arrived = try discover(now, limits)
            for note in arrived.notes { tell(note, &hand) }
            let empty = arrived.files.filter { options.intake.holdsNothing($0) }
            guard !empty.isEmpty else { return arrived }
            if definition.source.isLanding { try state.noteEmpty(empty) }
            arrivals.take(empty)
            arrived.files.removeAll { options.intake.holdsNothing($0) }
            arrived.backlog.files -= empty.count
            if !arrived.files.isEmpty { return arrived }
        }
    }

    private func discover(_ now: Int64, _ limits: ArrivalLimits) throws(PipelineError) -> Arrived {
        do throws(SourceError) { return try arrivals.discover(now: now, upTo: limits) } catch {
            throw PipelineError(error)
        }
    }

    /// Tells something once.
    func tell(_ note: ArrivalNote, _ hand: inout BatchInHand) {
        if hand.told.count > 10_000 { hand.told = [] }
        if hand.told.insert(note.occasion).inserted { options.report(.note(note.text)) }
    }

    /// The columns that the batch has; with it comes what is new and not wanted.
    private func schema(
        for files: [IntakeFile], _ hand: inout BatchInHand
    ) throws -> (schema: KeptSchema, change: SourceError?) {
        do {
            let columns = try BatchColumns(definition, files, state, wider: hand.wider, options)
            hand.unreadable += columns.unreadable
            hand.retyped = columns.retyped
            for note in columns.notes { tell(note, &hand) }
            if columns.change != nil, try isLetPass() { return (columns.schema, nil) }
            return (columns.schema, columns.change)
        } catch let error as SourceError { throw PipelineError(error) }
    }

    /// Whether somebody lets the next batch pass.
    private func isLetPass() throws(PipelineError) -> Bool { try state.breaker().passesNext }
}
