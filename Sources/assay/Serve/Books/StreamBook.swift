import Expectations
import Pipeline
import Reports
import Service
import Suites
import Tables

/// What pages and programs see of pipelines, and what people ask of them there.
struct StreamBook: PipelineBook {
    /// As the project is now.
    let project: @Sendable () -> Project
    private let memory = QuarantineMemory()

    init(project: @escaping @Sendable () -> Project) { self.project = project }

    func pipelines() throws -> [PipelineEntry] {
        try project().pipelines.sorted { $0.name < $1.name }.map { try Self.entry($0) }
    }

    func pipeline(_ name: String) throws -> PipelineEntry? {
        try project().pipeline(named: name).map { try Self.entry($0) }
    }

    func quarantine(
        _ name: String, _ filter: QuarantineFilter, limit: Int, isUnwanted: () -> Bool
    ) throws -> QuarantineListing? {
        let project = project()
        guard let definition = project.pipeline(named: name) else { return nil }
        let count = try memory.count(in: definition, filter, isUnwanted: isUnwanted)
        let mask = RecordMask(definition, of: project, others: ValueRules(project).display)
        return QuarantineListing(
            pipeline: name, status: filter.status.rawValue, count: count.tally.count,
            rules: count.tally.sorted.map { line in
                QuarantineListing.Rule(
                    name: line.rule.name, columns: line.rule.columns, count: line.span.count, first: line.span.first,
                    last: line.span.last, file: line.files.first?.name)
            },
            records: count.newest.sorted.prefix(limit).map { entry in
                QuarantineListing.Record(
                    id: entry.record.id, attempt: entry.record.attempt, at: entry.record.quarantinedAt,
                    file: entry.record.file, row: Int(clamping: entry.record.row), rules: entry.record.rules,
                    errors: mask.errors(entry.record.errors ?? .array([])),
                    resolution: entry.resolution.map { "\($0.status.rawValue) by \($0.actor): \($0.reason)" })
            })
    }

    func request(_ request: Service.QuarantineRequest, of name: String, at now: Int64) throws -> RequestReceipt? {
        guard let definition = project().pipeline(named: name) else { return nil }
        guard let (state, table) = try Self.opened(definition) else {
            throw DeskRefusal(.conflict, code: "nothing-quarantined", message: "nothing of \(name) was ever kept apart")
        }
        try state.close()
        let count = try memory.count(in: definition, request.filter, isUnwanted: { false }).tally.count
        guard count > 0 else {
            throw DeskRefusal(
                .conflict, code: "nothing-meant", message: "no record is meant that nothing became of yet")
        }
        let kind: Pipeline.QuarantineRequest.Kind =
            switch request.kind {
            case .replay: .replay
            case .release: .release
            case .discard: .discard
            }
        let number = try PipelineState.leave(
            Pipeline.QuarantineRequest(
                kind: kind, selector: QuarantineSelector(request.filter), version: table.version, actor: request.actor,
                reason: request.reason, time: now), in: definition.state)
        return RequestReceipt(id: String(number), recordCount: count)
    }

    /// A pipeline's state and its quarantine, open for reading; `nil` where nothing was ever kept apart.
    static func opened(_ definition: PipelineDefinition) throws -> (PipelineState, QuarantineTable)? {
        guard let state = try PipelineState(readingFrom: definition.state) else { return nil }
        do throws(PipelineError) {
            if let table = try state.quarantine(definition.quarantine) { return (state, table) }
        } catch {
            guard error.code == .tableLost else { throw error }
            throw DeskRefusal(
                .conflict, code: error.code.rawValue, message: "\(error.place): \(error.message)", hint: error.hint)
        }
        return nil
    }

    private static func entry(_ definition: PipelineDefinition) throws -> PipelineEntry {
        let status = try PipelineStatus(definition)
        let overview = status.overview
        var reason = status.wait?.reason ?? status.brokenRunSentence
        if case .open(_, _, let text) = status.breaker.state { reason = text }
        return PipelineEntry(
            name: definition.name, state: status.word, reason: reason, batchCount: overview?.batchCount ?? 0,
            lastBatchAt: overview?.last?.clock,
            lastBatchSeconds: overview?.last.map { Double($0.milliseconds) / 1_000 },
            lastBatchRecords: overview?.last?.recordCount,
            hops: (overview?.arrived ?? []).map { hop in
                PipelineEntry.Hop(
                    name: hop.hop, input: hop.input, output: hop.output, quarantined: hop.quarantined,
                    dropped: hop.dropped, filtered: hop.filtered, deduplicated: hop.deduplicated, late: hop.late)
            },
            rules: (overview?.rules ?? []).map { count in
                PipelineEntry.Rule(sentence: count.rule, action: count.action?.rawValue, count: count.count)
            }, backlogFiles: status.backlog.failure == nil ? status.backlog.fileCount : nil,
            backlogBytes: status.backlog.failure == nil ? status.backlog.byteCount : nil, watermark: status.watermark,
            quarantined: overview?.unresolved ?? 0, waitingRequests: status.waitingRequests.count,
            imbalancedBatches: overview?.imbalanced ?? [])
    }
}
