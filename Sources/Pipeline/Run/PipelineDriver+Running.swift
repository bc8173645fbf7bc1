import Delta
import Expectations
import Intake
import Scan
import Statistics
import Suites
import Tables

/// Planning and running: what happens before a batch can be seen.
extension PipelineDriver {
    /// Fixes what the next batch reads.
    func planNext(_ hand: inout BatchInHand) throws -> BatchMachine.Event {
        hand.clear()
        if let plan = try planRequested() {
            hand.plan = plan
            probe(.planned, hand)
            return .planned
        }
        guard !options.onlyRequests else {
            hand.isCaughtUp = true
            return .nothingToPlan
        }
        let now = options.machineClock()
        let arrived = try found(now, &hand)
        hand.hasEnded = arrived.isEnded
        hand.isCaughtUp = arrived.files.isEmpty && arrived.waiting == 0 && !arrived.mayGrow
        let files = try nextFiles(arrived.files, &hand)
        guard !files.isEmpty else { return try planFlush(&hand) }
        hand.began = now
        hand.backlog = (
            max(0, arrived.files.count - files.count),
            max(0, Self.byteCount(arrived.files) - Self.byteCount(files))
        )
        probe(.beforePlan, hand)
        let number = try state.lastBatch() + 1
        let (kept, change) = try schema(for: files, &hand)
        let readable = files.filter { file in !hand.unreadable.contains { $0.file == file } }
        // Before there is a plan: where this fails there is none, and the same is found again.
        try setAside(&hand, batch: number)
        guard !readable.isEmpty else { return .nothingToPlan }
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
        _ = try RecordStage(definition, source: kept.schema, plan: plan, keySeed: 0, zone: options.zone)
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
        guard options.closesWindows, hand.isCaughtUp, let schema = try state.schema(), try state.hasOpenWindows() else {
            return .nothingToPlan
        }
        let plan = BatchPlan(
            number: try state.lastBatch() + 1, kind: .flush, files: [], schema: schema,
            fingerprint: definition.fingerprint, clock: options.clock(), lanes: 1)
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

    private func leaveAside(_ files: [BatchInHand.UnreadableFile]) {
        for unreadable in files {
            options.report(.setAside(file: unreadable.file.name, reason: unreadable.reason))
        }
        arrivals.setAside(files.map { ($0.file, mayPass: $0.error.code == "unreadable") })
    }

    private func found(_ now: Int64, _ hand: inout BatchInHand) throws(PipelineError) -> Arrived {
        do throws(SourceError) {
            let arrived = try arrivals.discover(now: now)
            if hand.told.count > 10_000 { hand.told = [] }
            for note in arrived.notes where hand.told.insert(note).inserted { options.report(.note(note)) }
            return arrived
        } catch { throw PipelineError(error) }
    }

    /// The files of the next batch: those of one that was held, as far as they are there; else as many as the trigger allows.
    ///
    /// Files without a byte are read by looking at them.
    private func nextFiles(_ arrived: [IntakeFile], _ hand: inout BatchInHand) throws(PipelineError) -> [IntakeFile] {
        let empty = arrived.filter { $0.byteCount == 0 }
        if !empty.isEmpty {
            if definition.source.isLanding { try state.noteEmpty(empty) }
            arrivals.take(empty)
        }
        let held = Set(hand.heldBack)
        hand.heldBack = []
        let again = arrived.filter { held.contains($0) }
        return again.isEmpty ? batchOf(arrived.filter { $0.byteCount > 0 }) : again
    }

    /// As many of the files as the trigger allows, one at least.
    private func batchOf(_ files: [IntakeFile]) -> [IntakeFile] {
        var bytes: Int64 = 0
        var taken: [IntakeFile] = []
        for file in files.prefix(definition.trigger.maximumFiles) {
            bytes = bytes.addingClamped(file.byteCount)
            guard taken.isEmpty || bytes <= definition.trigger.maximumBytes else { break }
            taken.append(file)
        }
        return taken
    }

    /// The columns that the batch has: those so far, and what the beginnings of its files bring; with it comes what is new and not wanted.
    ///
    /// Where somebody lets the batch pass all the same, what is new is rescued.
    private func schema(
        for files: [IntakeFile], _ hand: inout BatchInHand
    ) throws -> (schema: KeptSchema, change: SourceError?) {
        let declared = options.declared.sorted { $0.key < $1.key }.map { (name: $0.key, type: $0.value) }
        let kept = try state.schema() ?? KeptSchema(declared: declared)
        let mode = SchemaEvolution(rawValue: definition.source.evolution.rawValue) ?? .rescue
        var change: SourceError?
        do throws(SourceError) {
            var evolved: (schema: KeptSchema, added: [Field], looks: [FileSample.Look])
            do throws(SourceError) {
                evolved = try kept.evolving(with: files, mode: mode, options: options.intake)
            } catch  where error.code == "schema-changed" {
                change = error
                evolved = try kept.evolving(with: files, mode: .rescue, options: options.intake)
            }
            for (file, look) in zip(files, evolved.looks) {
                guard let error = look.error else { continue }
                hand.unreadable.append(BatchInHand.UnreadableFile(file: file, error: error))
            }
            if change != nil, try isLetPass() { change = nil }
            guard definition.settlesUnknownColumns(options.intake, files) else { return (evolved.schema, change) }
            let awaited = definition.columnsRead(notMadeBy: evolved.schema)
            note(awaited, unlike: evolved.schema.schema.names, &hand)
            return (evolved.schema.settling(awaited), change)
        } catch {
            throw PipelineError(error)
        }
    }

    /// Tells of columns that no record has had, but one of nearly the same name: they may be meant.
    private func note(_ awaited: [String], unlike names: [String], _ hand: inout BatchInHand) {
        for name in awaited {
            guard let near = Suggestion.nearest(to: name, among: names) else { continue }
            let text =
                "no record has had the column \"\(name)\", which the stages read: it is missing in all of them; "
                + "did you mean \"\(near)\"?"
            if hand.told.insert(text).inserted { options.report(.note(text)) }
        }
    }

    /// Whether somebody lets the next batch pass.
    private func isLetPass() throws(SourceError) -> Bool {
        do throws(PipelineError) { return try state.breaker().passesNext } catch {
            throw SourceError(code: "unreadable", message: error.message, place: error.place, hint: error.hint)
        }
    }

    /// Reads the plan's files, judges their records, and writes them under hidden names.
    func run(_ hand: inout BatchInHand) async throws -> BatchMachine.Event {
        guard let plan = hand.plan, let schema = plan.schema else {
            preconditionFailure("a batch is planned before it is run")
        }
        guard plan.fingerprint == definition.fingerprint else {
            // The rules that it was planned with are gone, and nothing of it was seen: it is planned anew, by those of now.
            options.report(
                .note("batch \(plan.number) was planned by other rules than those of now: it is planned anew"))
            return .cannotRun
        }
        try state.beginAttempt(of: plan.number)
        let begin = ContinuousClock.now
        let seed = try state.hashKey()
        let stage: RecordStage
        do throws(SuiteProblems) {
            stage = try RecordStage(definition, source: schema.schema, plan: plan, keySeed: seed, zone: options.zone)
        } catch {
            // Stages were changed since it was planned: another plan may have other columns.
            if plan.kind == .normal { try state.abandon(plan, settingAside: []) }
            throw error
        }
        try checkTables(plan)
        let layers = try PipelineLayers(
            definition, stage: stage, lastBatch: plan.number - 1, now: plan.clock)
        let settlement = Settlement(
            stage: stage, plan: plan, memory: try memory(stage, &hand), watermark: try state.watermark())
        do throws(BatchFailure) {
            var intake = options.intake
            intake.filesMayGrow = plan.kind == .normal && !definition.source.isLanding
            let source = try open(plan, schema, plan.order?.options(intake) ?? intake)
            let made = try await BatchRun(
                source, layers: layers, plan: plan, settlement: settlement,
                isCancelled: { [self] in isCancelled }
            ).run(threads: options.threads)
            let elapsed = ContinuousClock.now - begin
            hand.made = BatchInHand.Made(
                settlement: made.settlement, layers: made.layers, opened: layers, stage: stage,
                milliseconds: Int(elapsed.components.seconds) * 1_000
                    + Int(elapsed.components.attoseconds / 1_000_000_000_000_000))
            probe(.ran, hand)
            return .ran
        } catch {
            switch error {
            case .file(let number, let failure):
                let file = plan.files[number]
                if failure.code != "changed", failure.code != "not-found" {
                    hand.unreadable.append(BatchInHand.UnreadableFile(file: file, error: failure))
                } else {
                    options.report(.note(failure.summary))
                }
                return .cannotRun
            case .source(let failure): throw PipelineError(failure)
            case .pipeline(let failure): throw failure
            case .cancelled: throw error
            }
        }
    }

    /// Sees that tables which the state knows to have rows are there.
    private func checkTables(_ plan: BatchPlan) throws(PipelineError) {
        let gold = definition.gold.map { (GoldStage.name(of: $0.place), Optional($0.place)) }
        let places =
            [
                ("bronze", definition.bronze), ("silver", definition.silver.place),
                ("quarantine", definition.quarantine), ("late", definition.late),
            ] + gold
        for case (let layer, let place?) in places where !DeltaTable.hasVersion(place.folder) {
            guard try state.hasWritten(layer) else { continue }
            throw PipelineError(
                .tableLost, "the table is gone, and the pipeline's state knows of rows in it", place: place.folder,
                hint: "restore it; or remove the folder of state and the other tables as well, to read everything again"
            )
        }
    }

    private func open(
        _ plan: BatchPlan, _ schema: KeptSchema, _ intake: IntakeOptions
    ) throws(BatchFailure) -> IntakeSource {
        do throws(SourceError) {
            return try IntakeSource.open(plan.files, schema: plan.order?.names(schema) ?? schema, options: intake)
        } catch {
            throw BatchFailure(error)
        }
    }

    /// The keys seen so far, for a stage's rules; opened once, unless the rules change.
    private func memory(_ stage: RecordStage, _ hand: inout BatchInHand) throws -> StreamMemory {
        if let memory = hand.memory, memory.fits(stage) {
            memory.rollBack()
            return memory
        }
        hand.memory = nil
        let memory = try StreamMemory(state, stage: stage, within: definition.silver.deduplicate?.within)
        hand.memory = memory
        return memory
    }

    /// Gives the plan up: its files are found anew, but for those that can't be read.
    func abandon(_ hand: inout BatchInHand) throws -> BatchMachine.Event {
        guard let plan = hand.plan else { preconditionFailure("there is no plan to give up") }
        hand.memory?.rollBack()
        try state.abandon(plan, settingAside: plan.order == nil ? hand.unreadable.map { ($0.file, $0.reason) } : [])
        if let order = plan.order, let reason = hand.unreadable.first?.reason {
            try state.refuse(order.request, reason)
            hand.unreadable = []
        }
        leaveAside(hand.unreadable)
        // What was held is tried as it was: what came since must not outweigh it.
        hand.heldBack = plan.order == nil ? plan.files : []
        hand.clear()
        return .abandoned
    }
}
