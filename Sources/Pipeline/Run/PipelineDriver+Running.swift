import Expectations
import Intake
import Scan
import Suites
import Tables

/// Running: what happens before a batch can be seen.
extension PipelineDriver {
    /// Reads the plan's files, judges their records, and writes them under hidden names.
    func run(_ hand: inout BatchInHand) async throws -> BatchMachine.Event {
        guard let plan = hand.plan, let schema = plan.schema else {
            preconditionFailure("a batch is planned before it is run")
        }
        if let order = plan.order, try state.request(order.request)?.withdrawal != nil {
            options.report(
                .note("batch \(plan.number) is given up: request \(order.request), which it is part of, was withdrawn"))
            return .cannotRun
        }
        guard plan.fingerprint == definition.fingerprint else {
            // What it was planned with is gone, and nothing of it was seen: it is planned anew, by the definition of now.
            options.report(
                .note("batch \(plan.number) was planned by another definition than that of now: it is planned anew"))
            return .cannotRun
        }
        try state.beginAttempt(of: plan.number)
        let begin = ContinuousClock.now
        let stage = try stage(of: plan, schema)
        let layers = try PipelineLayers(
            definition, stage: stage, state: state, lastBatch: plan.number - 1, now: plan.clock)
        let memory = try memory(stage, plan, &hand)
        let settlement = Settlement(stage: stage, plan: plan, memory: memory)
        do throws(BatchFailure) {
            let source = try open(plan, schema)
            if plan.order != nil { try memory.recall(whatRepeats: source, plan, stage, silver: layers.silver.place) }
            let lanes = (0..<max(1, plan.lanes)).map { Lane(layers, plan: plan, number: $0) }
            let made = try await BatchRun(
                source, stage: stage, plan: plan, settlement: settlement, lanes: lanes,
                isCancelled: { [self] in isCancelled }
            ).run(threads: options.threads)
            hand.made = BatchInHand.Made(
                settlement: made.settlement, files: made.files, opened: layers, stage: stage,
                milliseconds: Int((ContinuousClock.now - begin) / Duration.milliseconds(1)))
            probe(.ran, hand)
            return .ran
        } catch {
            return try giveUp(plan, error, &hand)
        }
    }

    /// The stages of a plan, for the columns that it was made for.
    private func stage(of plan: BatchPlan, _ schema: KeptSchema) throws -> RecordStage {
        let seed = try state.hashKey()
        do throws(SuiteProblems) {
            return try RecordStage(definition, source: schema, plan: plan, keySeed: seed, zone: options.zone)
        } catch {
            // Stages were changed since it was planned: another plan may have other columns.
            if plan.kind == .normal {
                try state.abandon(plan, settingAside: [], isHeld: state.breaker().state != .closed)
            }
            throw error
        }
    }

    /// Sees whether the plan can do without what failed; throws where it is nothing of the plan's.
    private func giveUp(
        _ plan: BatchPlan, _ failure: BatchFailure, _ hand: inout BatchInHand
    ) throws -> BatchMachine.Event {
        switch failure {
        case .file(let number, let error):
            // What is another file now, or none, is found as such; of one that landed it is told when its batch is planned anew.
            let isLanded = plan.order == nil && definition.source.isLanding
            if error.code == "changed" || error.code == "not-found" {
                if error.code == "changed" || !isLanded { options.report(.note(error.summary)) }
            } else {
                hand.unreadable.append(BatchInHand.UnreadableFile(file: plan.files[number], error: error))
            }
            return .cannotRun
        case .tooNarrow(let fields):
            hand.wider += fields
            let wanted = fields.map { "\($0.name): \($0.type)" }.joined(separator: ", ")
            options.report(
                .note("batch \(plan.number) has values that want wider types (\(wanted)): it is planned anew"))
            return .cannotRun
        case .source(let error): throw PipelineError(error)
        case .pipeline(let error): throw error
        case .cancelled: throw failure
        }
    }

    private func open(_ plan: BatchPlan, _ schema: KeptSchema) throws(BatchFailure) -> IntakeSource {
        var intake = options.intake
        intake.filesMayGrow = plan.kind == .normal && !definition.source.isLanding
        do throws(SourceError) { return try plan.open(schema, intake) } catch { throw BatchFailure(error) }
    }

    /// The keys seen so far, for a stage's rules; opened once, unless the rules change.
    private func memory(_ stage: RecordStage, _ plan: BatchPlan, _ hand: inout BatchInHand) throws -> StreamMemory {
        if let memory = hand.memory, memory.fits(stage, definition.silver) {
            memory.rollBack()
            return memory
        }
        hand.memory = nil
        let memories = KeyMemories(stage, definition.silver)
        if let note = try memories.note(state, definition.silver.place) { tell(ArrivalNote(note), &hand) }
        let memory = try StreamMemory(state, stage: stage, definition.silver, clock: plan.clock)
        try memory.sweep()
        hand.memory = memory
        return memory
    }

    /// Gives the plan up: its files are found anew, but for those that can't be read.
    func abandon(_ hand: inout BatchInHand) throws -> BatchMachine.Event {
        guard let plan = hand.plan else { preconditionFailure("there is no plan to give up") }
        hand.memory?.rollBack()
        if let order = plan.order {
            try giveUp(plan, of: order, &hand)
        } else {
            let wasHeld = try state.breaker().state != .closed
            hand.givenUp = BatchInHand.GivenUp(number: plan.number, wasHeld: wasHeld)
            try state.abandon(plan, settingAside: hand.unreadable.map { ($0.file, $0.reason) }, isHeld: wasHeld)
            leaveAside(hand.unreadable)
            // What was held is tried as it was: what came since must not outweigh it.
            let unreadable = Set(hand.unreadable.map(\.file))
            hand.heldBack = plan.files.filter { !unreadable.contains($0) }
        }
        hand.clear()
        return .abandoned
    }

    /// The same for records that were to be judged again; where they can't be read, that is refused.
    private func giveUp(
        _ plan: BatchPlan, of order: ReplayOrder, _ hand: inout BatchInHand
    ) throws(PipelineError) {
        try state.abandon(plan, settingAside: [])
        if let reason = hand.unreadable.first?.reason { try state.refuse(order.request, reason) }
        ReplayFolder(state).sweep()
    }
}
