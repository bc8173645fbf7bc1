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

    func pipelines() throws -> [PipelineEntry] {
        try project().pipelines.sorted { $0.name < $1.name }.map { try Self.entry($0) }
    }

    func pipeline(_ name: String) throws -> PipelineEntry? {
        try project().pipeline(named: name).map { try Self.entry($0) }
    }

    func quarantine(_ name: String, _ filter: QuarantineFilter, limit: Int) throws -> QuarantineListing? {
        let project = project()
        guard let definition = project.pipeline(named: name) else { return nil }
        var tally = QuarantineTally()
        var newest = NewestRecords(limit: limit)
        try Self.forEach(in: definition, filter) { record, resolution in
            tally.add(record)
            newest.add(record, resolution)
        }
        let mask = RecordMask(definition, of: project)
        return QuarantineListing(
            pipeline: name, status: filter.status.rawValue, count: tally.count,
            rules: tally.sorted.map { line in
                QuarantineListing.Rule(
                    name: line.rule.name, columns: line.rule.columns, count: line.span.count, first: line.span.first,
                    last: line.span.last, file: line.files.first?.name)
            },
            records: newest.sorted.map { entry in
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
        var count = 0
        try Self.forEach(in: definition, request.filter) { _, _ in count += 1 }
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

    /// Hands over the records that are meant, each with what became of it.
    private static func forEach(
        in definition: PipelineDefinition, _ filter: QuarantineFilter,
        _ body: (QuarantinedRecord, Resolution?) -> Void
    ) throws {
        guard let (state, table) = try opened(definition) else { return }
        defer { try? state.close() }
        let reading = try table.reading(QuarantineSelector(filter), .errors)
        while let found = try reading.next() {
            let records = found.map(\.record)
            let resolutions = try state.resolutions(of: records)
            for record in records {
                let resolution = resolutions[record.key]
                if filter.status.fits(resolution) { body(record, resolution) }
            }
        }
    }

    /// A pipeline's state and its quarantine, open for reading; `nil` where nothing was ever kept apart.
    private static func opened(_ definition: PipelineDefinition) throws -> (PipelineState, QuarantineTable)? {
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
        var reason: String?
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
            quarantined: overview?.unresolved ?? 0, waitingRequests: status.waitingRequests,
            imbalancedBatches: overview?.imbalanced ?? [])
    }
}

extension QuarantineSelector {
    fileprivate init(_ filter: QuarantineFilter) {
        self.init()
        rule = filter.rule
        file = filter.file
        since = filter.since
        until = filter.until
        if !filter.ids.isEmpty { ids = filter.ids }
    }
}

extension QuarantineFilter.Status {
    /// Whether a record with this resolution is of this status.
    fileprivate func fits(_ resolution: Resolution?) -> Bool {
        switch self {
        case .all: true
        case .quarantined: resolution == nil
        case .released, .replayed, .discarded: resolution?.status.rawValue == rawValue
        }
    }
}
