import Files
import Formats
import Intake
import Tables

/// Chooses the records of the next batch of a request, and writes them to the file that the batch reads.
struct ReplayBatch {
    private(set) var records: [ReplayedRecord] = []
    private(set) var form: ReplayOrder.Form?
    /// Records that are left as they are.
    private(set) var stayed = 0
    private(set) var next: QuarantineTable.Place
    private(set) var path = ""
    private var byteCount = 0
    /// Whether there may be more.
    private(set) var isFull = false

    /// A batch has no more records, or bytes of them, than these.
    private static let mostRecords = 10_000
    private static let mostBytes = 64 << 20

    /// Writes the file into a folder; without records there is none.
    init(
        _ stored: StoredRequest, of table: QuarantineTable, state: PipelineState, number: Int, schema: KeptSchema,
        intake: IntakeOptions, pipeline: String, in folder: ReplayFolder
    ) throws {
        next = stored.next
        let patch = try Self.patch(stored, schema, pipeline, intake.zone)
        let output = try folder.begin(number, part: patch == nil ? "records" : "unpatched")
        let reading = try table.reading(stored.request.selector, .whole, from: stored.next)
        while !isFull, let found = try reading.next() {
            let resolved = try state.resolutions(of: found.map(\.record))
            for (record, place) in found where !isFull && resolved[record.key] == nil {
                try take(record, place, format: intake.format, isPatched: patch != nil, output)
            }
        }
        guard let form else { return }
        do throws(OutputError) { try output.commit() } catch { throw PipelineError(error) }
        path = output.path
        guard let patch else { return }
        let order = order(stored, form)
        let unpatched = try ReplayFolder.planned(path)
        let source = try IntakeSource.open(
            [unpatched], schema: order.names(schema), options: order.options(intake))
        try apply(patch, source, form, clock: stored.request.time, folder.begin(number))
    }

    /// The order of the batch.
    func order(_ stored: StoredRequest, _ form: ReplayOrder.Form) -> ReplayOrder {
        ReplayOrder(
            request: stored.number, form: form, actor: stored.request.actor, reason: stored.request.reason,
            time: stored.request.time, next: next, stayed: stayed)
    }

    /// The plan of the batch; `nil` where it has no records.
    func plan(
        _ stored: StoredRequest, number: Int, schema: KeptSchema, fingerprint: String, clock: Int64
    ) throws(PipelineError) -> BatchPlan? {
        guard let form, !records.isEmpty else { return nil }
        return BatchPlan(
            number: number, kind: stored.request.kind == .release ? .release : .replay,
            files: [try ReplayFolder.planned(path)], schema: schema, fingerprint: fingerprint, clock: clock, lanes: 1,
            replayed: records, order: order(stored, form))
    }

    private static func patch(
        _ stored: StoredRequest, _ schema: KeptSchema, _ pipeline: String, _ zone: ZoneRule
    ) throws(PipelineError) -> (columns: RecordPatch, fields: Schema)? {
        let patch = stored.request.patch
        guard !patch.isEmpty else { return nil }
        return (try RecordPatch(patch, of: schema.schema, pipeline: pipeline, zone: zone), schema.schema)
    }

    private mutating func take(
        _ record: QuarantinedRecord, _ place: QuarantineTable.Place, format: FileFormat?, isPatched: Bool,
        _ output: OutputFile
    ) throws(PipelineError) {
        let after = QuarantineTable.Place(ordinal: place.ordinal, row: place.row + 1)
        guard let line = ReplayLine(record, format: format, isPatched: isPatched) else {
            (stayed, next) = (stayed + 1, after)
            return
        }
        guard form == nil || form == line.form else {
            isFull = true
            return
        }
        do throws(OutputError) { try output.write(Array(line.text.utf8) + [0x0A]) } catch { throw PipelineError(error) }
        form = line.form
        next = after
        byteCount += line.text.utf8.count
        records.append(
            ReplayedRecord(
                id: record.id, attempt: record.attempt,
                origin: RecordOrigin(file: record.file, row: record.row, offset: record.offset)))
        isFull = records.count >= Self.mostRecords || byteCount >= Self.mostBytes
    }

    /// Reads the lines as the batch would, and writes them with the values of the patch.
    private mutating func apply(
        _ patch: (columns: RecordPatch, fields: Schema), _ source: IntakeSource, _ form: ReplayOrder.Form,
        clock: Int64, _ output: OutputFile
    ) throws {
        var projection = Projection()
        for index in source.schema.fields.indices { projection.add([.values, .text], of: index) }
        projection.wantsRecords = true
        let worker = try source.open(projection, ordinals: nil).makeWorker()
        var patched: [ReplayedRecord] = []
        var row = 0
        while let batch = try worker.next() {
            let values = patch.columns.values(of: batch, clock: clock)
            for (place, members) in values.enumerated() {
                defer { row += 1 }
                guard let members, let text = batch.records?.string(at: place), var line = JSON(text: text),
                    row < records.count
                else {
                    stayed += 1
                    continue
                }
                for member in members {
                    let path = form == .raw ? JSONPath.keys(member.name) : [member.name]
                    line = line.setting(path[...], to: member.value)
                }
                try output.write(Array(line.text().utf8) + [0x0A])
                patched.append(records[row])
            }
        }
        records = patched
        guard !records.isEmpty else { return }
        try output.commit()
        path = output.path
    }
}
