import Delta
import Expectations
import Intake
import Suites
import Tables

/// Checking, committing and publishing: what makes a batch seen, once.
extension PipelineDriver {
    /// Sees whether every record is somewhere, and whether it is the feed that is wrong.
    func check(_ hand: inout BatchInHand) async throws -> BatchMachine.Event {
        guard let plan = hand.plan, var made = hand.made else {
            preconditionFailure("a batch is run before it is checked")
        }
        let counts = try balanced(made, plan)
        var breaker = try state.breaker()
        if plan.kind == .normal, !breaker.passesNext, let reason = try await reasonToHold(made, plan) {
            try hold(&hand, plan, &breaker, reason)
            for file in made.files.values.joined() { file.discard() }
            hand.memory?.rollBack()
            hand.made = nil
            return .mustWait
        }
        // Records that are judged again say nothing of the feed.
        if plan.order == nil { breaker.succeed() }
        let gold = try closeWindows(made, plan, hand.memory)
        let manifest = BatchManifest(
            layers: made.opened.manifest(made.files.merging(gold.files, uniquingKeysWith: +)),
            counts: counts + gold.counts, failures: made.settlement.ruleCounts)
        made.commit = BatchCommit(
            plan: plan, manifest: manifest, watermark: watermark(made, plan), breaker: breaker,
            milliseconds: made.milliseconds)
        made.commit?.windows = gold.changes
        made.commit?.byteCount = made.settlement.byteCount
        made.commit?.schema = plan.schema
        hand.made = made
        hand.manifest = manifest
        probe(.checked, hand)
        return .mayGoOn
    }

    /// Keeps a batch back, of which nothing can be seen.
    func hold(
        _ hand: inout BatchInHand, _ plan: BatchPlan, _ breaker: inout CircuitBreaker, _ reason: String
    ) throws(PipelineError) {
        breaker.trip(reason, at: options.clock(), wait: definition.retryAfter)
        try state.hold(plan.number, reason: reason, breaker: breaker)
        (hand.plan, hand.held) = (nil, BatchInHand.Held(plan: plan, reason: reason))
        if case .open(_, let until, _) = breaker.state {
            options.report(.held(batch: plan.number, reason: reason, until: until))
        }
    }

    /// The counts of each hop, compared with the rows that the files say they have.
    private func balanced(_ made: BatchInHand.Made, _ plan: BatchPlan) throws(PipelineError) -> [HopCounts] {
        func written(_ layer: String) throws(PipelineError) -> Int {
            var rows = 0
            for file in made.files[layer] ?? [] {
                guard let count = file.add.numRecords else {
                    throw PipelineError(.imbalance, "a file doesn't say how many rows it has", place: file.add.path)
                }
                rows += count
            }
            return rows
        }
        let silver = made.settlement.silver
        var counts: [HopCounts] = []
        if made.opened.bronze != nil, plan.replayed.isEmpty {
            var bronze = HopCounts("bronze")
            bronze.input = silver.input
            bronze.output = try written("bronze")
            counts.append(bronze)
        }
        counts.append(silver)
        let rows = (silver: try written("silver"), quarantine: try written("quarantine"))
        guard rows.silver == silver.output, rows.quarantine == silver.quarantined + silver.late else {
            throw PipelineError(
                .imbalance,
                "\(silver.output) records passed and \(rows.silver) were written; "
                    + "\(silver.quarantined + silver.late) were kept apart and \(rows.quarantine) were written",
                place: definition.name)
        }
        for hop in counts where hop.imbalance != 0 {
            throw PipelineError(
                .imbalance, "\(hop.imbalance) records of batch \(plan.number) are nowhere at the hop \(hop.hop)",
                place: definition.name, hint: "nothing was published; this is a mistake of Assay's, please report it")
        }
        return counts
    }

    /// Records before it may be late from the next batch on.
    private func watermark(_ made: BatchInHand.Made, _ plan: BatchPlan) -> KeyWatermark? {
        guard let same = definition.silver.deduplicate, same.within != nil else { return nil }
        let reached = made.settlement.newest.map { $0.subtractingClamped(same.lateness) }
        let known =
            made.settlement.memory.watermark
            ?? reached.map { KeyWatermark(column: same.timeColumn, time: $0, clock: plan.clock) }
        return known?.advanced(toClock: plan.clock, reached: reached)
    }

    private typealias Closing = (
        files: [String: [DataFile]], counts: [HopCounts],
        changes: [(layer: String, fingerprint: String, change: WindowStateChange)]
    )

    /// Writes the windows that the batch closes, under hidden names.
    private func closeWindows(
        _ made: BatchInHand.Made, _ plan: BatchPlan, _ memory: StreamMemory?
    ) throws(PipelineError) -> Closing {
        var closing: Closing = ([:], [], [])
        var apart = 0
        for (table, layer) in zip(memory?.gold ?? [], made.opened.gold) {
            let (change, closed) = table.prepare(flushAt: plan.kind == .flush ? plan.clock : nil)
            closing.changes.append((table.stage.name, table.stage.plan.fingerprint, change))
            closing.counts.append(table.counts)
            apart += table.counts.late + table.counts.quarantined
            guard table.counts.imbalance == 0 else {
                throw PipelineError(
                    .imbalance, "records are nowhere at the hop \(table.stage.name)", place: definition.name)
            }
            tell(closed.problems.map(\.problem.message), of: layer)
            guard closed.batch.rowCount > 0 else { continue }
            let writer = try layer.writer(
                made.opened.table(of: layer), pipeline: definition.name, plan: plan, lane: 0)
            do throws(DeltaError) {
                let columns = closed.batch.columns.compactMap(\.self)
                try writer.append(
                    Batch(ordinal: 0, rowCount: closed.batch.rowCount, columns: layer.fitted(columns)))
                closing.files[layer.name] = try writer.finish()
            } catch { throw PipelineError(error) }
        }
        let kept = (made.files["late"] ?? []).reduce(0) { $0 + ($1.add.numRecords ?? 0) }
        guard kept == apart else {
            throw PipelineError(
                .imbalance, "\(apart) records came too late for gold, and \(kept) were written", place: definition.name)
        }
        return closing
    }

    /// Tells of values that windows should have and don't, the first ten; equal ones, of several groups, once.
    private func tell(_ problems: [String], of layer: LayerTable) {
        var counts: [String: Int] = [:]
        var told: [String] = []
        for problem in problems {
            if counts[problem] == nil { told.append(problem) }
            counts[problem, default: 0] += 1
        }
        for problem in told.prefix(10) {
            let count = counts[problem] ?? 1
            options.report(.note("\(layer.name): \(problem)\(count > 1 ? ", in \(Wording.count(count)) groups" : "")"))
        }
        if told.count > 10 {
            options.report(.note("\(layer.name): and so it is with \(Wording.count(told.count - 10)) more"))
        }
    }

    /// Why the batch is to be kept back; `nil` where it may go on.
    private func reasonToHold(_ made: BatchInHand.Made, _ plan: BatchPlan) async throws -> String? {
        let silver = made.settlement.silver
        if definition.source.evolution == .fail, let change = made.settlement.newColumns.change(plan.files) {
            return "\(change.place): \(change.message)"
        }
        if let rule = made.settlement.stoppedBy {
            return "a record breaks a rule that stops the pipeline: \(made.stage.gate.rules[rule].expectation.rule)"
        }
        if let threshold = definition.silver.gate?.stopAbove,
            threshold.isExceeded(by: silver.quarantined, of: silver.input)
        {
            return "\(silver.quarantined) of \(silver.input) records would be quarantined, more than the share "
                + "\(threshold.share)"
        }
        return try await BatchJudge(made, threads: options.threads).reasonToHold(now: options.clock())
    }

    /// The commit point.
    func prepare(_ hand: inout BatchInHand) throws -> BatchMachine.Event {
        guard let plan = hand.plan, var made = hand.made, var commit = made.commit else {
            preconditionFailure("a batch is checked before it is prepared")
        }
        commit.keyFiles = try hand.memory?.prepare(batch: plan.number, watermark: commit.watermark) ?? []
        commit.keyMemories = hand.memory?.names
        commit.resolutions = plan.resolutions(made.settlement.fates)
        if let schema = plan.schema { commit.schema = try next(schema, made) }
        probe(.keysWritten, hand)
        try state.prepare(commit)
        hand.memory?.commit()
        for change in hand.retyped { options.report(.note(change)) }
        if plan.order == nil { arrivals.take(plan.files) }
        made.commit = commit
        hand.made = made
        probe(.prepared, hand)
        return .prepared
    }

    /// The columns of the next batch: with those that records had beyond the beginnings of files.
    private func next(_ schema: KeptSchema, _ made: BatchInHand.Made) throws -> KeptSchema {
        let seen = made.settlement.newColumns.seen
        guard definition.source.evolution == .addNewColumns, !seen.isEmpty else { return schema }
        let evolved = try? schema.evolving(
            with: seen, mode: .addNewColumns, file: definition.name)
        return try evolved.map { try definition.admitting($0.schema, since: schema).schema } ?? schema
    }

    /// Gives files their names and tables their versions; what is there is skipped.
    func publish(_ hand: inout BatchInHand) throws -> BatchMachine.Event {
        guard let plan = hand.plan, let manifest = hand.manifest else {
            preconditionFailure("a batch is prepared before it is published")
        }
        do {
            try DataFile.publish(manifest.layers.flatMap(\.files))
            probe(.filesPublished, hand)
            for layer in manifest.layers {
                if let created = layer.created { try make(layer, created, plan, hand) }
                guard !layer.files.isEmpty else { continue }
                _ = try DeltaTable(layer.folder).commit(
                    layer.files.map(\.add), adding: layer.fields,
                    of: AppTransaction(
                        appID: "assay.\(definition.name).\(layer.name)", version: Int64(plan.number)), now: plan.clock)
                probe(.layerCommitted, hand)
            }
        } catch let error as DeltaError { throw PipelineError(error) }
        probe(.published, hand)
        return .published
    }

    /// Makes a layer's table, with the columns that the batch has.
    ///
    /// It is there where the process before this one came so far, or where another writer was faster: then it must fit.
    private func make(
        _ layer: BatchManifest.Layer, _ table: BatchManifest.NewTable, _ plan: BatchPlan, _ hand: BatchInHand
    ) throws {
        do throws(DeltaError) {
            _ = try DeltaTable.create(
                layer.folder, schema: DeltaSchema(layer.fields), partitionedBy: table.partitionColumns,
                name: table.name, now: plan.clock)
            probe(.tableMade, hand)
        } catch  where error.code == .tableExists {
            try LayerTable.check(
                layer.fields, partitionedBy: table.partitionColumns, against: DeltaTable(layer.folder).header())
        }
    }

    /// Lets go of what was read.
    func finish(_ hand: inout BatchInHand) throws -> BatchMachine.Event {
        guard let plan = hand.plan, let manifest = hand.manifest else {
            preconditionFailure("a batch is published before it is finished")
        }
        if plan.order == nil { try arrivals.release(plan.files) } else { ReplayFolder(state).sweep() }
        try state.finish(plan.number, keepsSources: definition.source.isLanding)
        options.report(
            .committed(
                BatchSummary(
                    batch: plan.number, kind: plan.kind, counts: manifest.counts, rules: manifest.failures,
                    byteCount: hand.made?.settlement.byteCount ?? 0, milliseconds: hand.made?.milliseconds ?? 0,
                    backlog: plan.kind == .normal ? hand.backlog : (0, 0), clock: plan.clock,
                    unseen: plan.kind == .normal ? plan.schema.map { definition.unseenColumns(of: $0) } ?? [] : [],
                    watermark: try state.eventTime(of: definition))))
        probe(.finished, hand)
        hand.clear()
        hand.wider = []
        return .finished
    }
}
