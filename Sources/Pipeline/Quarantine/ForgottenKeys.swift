import Delta
import Expressions
import Intake
import Suites
import Tables

extension StreamMemory {
    /// Remembers what records that are judged again may repeat, however old they are, for the batch at hand.
    ///
    /// Memories forget keys that no record can repeat which comes in time. Records that are judged again may be older: what they may
    /// repeat is then read from silver, which has every record that went on. Costs a second reading of the records; where some are as
    /// old as that, the columns of silver's keys besides, in the files whose records are of the time.
    func recall(
        whatRepeats source: IntakeSource, _ plan: BatchPlan, _ stage: RecordStage, silver place: LayerPlace
    ) throws(BatchFailure) {
        var asked = AskedKeys()
        do throws(SourceError) { asked = try AskedKeys(source, plan, stage, self) } catch { throw BatchFailure(error) }
        guard let times = asked.times, let column = stage.timeColumn else { return }
        do throws(PipelineError) {
            guard let rows = try KeyRows(place, stage, timeColumn: column, times: reach(of: times)) else { return }
            while let (silver, times) = try rows.next() {
                for (memory, considered, hashes) in stage.keys(of: silver) {
                    considered.intersection(times.rows).forEach { row in
                        let key = RecordStage.Key(memory: memory, hash: hashes[row])
                        if asked.keys.contains(key) { recall(key, times.ticks[row]) }
                    }
                }
            }
        } catch { throw .pipeline(error) }
    }
}

/// The keys of records so old that what they repeat may be forgotten.
private struct AskedKeys {
    private(set) var keys: Set<RecordStage.Key> = []
    /// Of those records; `nil` where there are none.
    private(set) var times: ClosedRange<Int64>?

    init() {}

    init(
        _ source: IntakeSource, _ plan: BatchPlan, _ stage: RecordStage, _ memory: StreamMemory
    ) throws(SourceError) {
        guard stage.timeColumn != nil else { return }
        let worker = try source.open(stage.projection, ordinals: nil).makeWorker()
        var rows = 0
        while let batch = try worker.next() {
            let rescue = source.rescue(batch)
            let lineage = LineageColumns(batch, rescue, plan: plan, firstRow: rows)
            add(stage.judge(batch, rescue, lineage: lineage), stage, memory)
            rows += batch.rowCount
        }
    }

    private mutating func add(_ judged: RecordStage.Judged, _ stage: RecordStage, _ memory: StreamMemory) {
        guard case .each(let ticks) = judged.times, let timed = judged.timed else { return }
        let old = Bitmap(count: timed.count) { timed[$0] && memory.hasForgotten(ticks[$0]) }
        old.forEach { row in
            let (first, last) = (times?.lowerBound ?? ticks[row], times?.upperBound ?? ticks[row])
            times = min(first, ticks[row])...max(last, ticks[row])
        }
        for (memory, rows, hashes) in stage.keys(of: judged) {
            rows.intersection(old).forEach { keys.insert(RecordStage.Key(memory: memory, hash: hashes[$0])) }
        }
    }
}

/// Silver's rows of a time, with silver's columns of which only those have values that keys are made of.
private struct KeyRows {
    private let worker: any BatchWorker
    private let silver: Schema
    /// Of the table, by silver's columns.
    private let places: [Int?]
    /// Reads the values of columns that the table has as text, for want of a type.
    private let casts: Projector
    private let timeColumn: Int
    private let times: ClosedRange<Int64>

    /// Rows that are of the time, and the time of every row.
    typealias Times = (rows: Bitmap, ticks: [Int64])

    /// `nil` where silver has no row of the time.
    init?(
        _ place: LayerPlace, _ stage: RecordStage, timeColumn: Int, times: ClosedRange<Int64>
    ) throws(PipelineError) {
        guard DeltaTable.hasVersion(place.folder) else { return nil }
        let silver = stage.columns.silver
        self.silver = silver
        self.timeColumn = timeColumn
        self.times = times
        var snapshot: Snapshot
        do throws(DeltaError) { snapshot = try DeltaTable(place.folder).snapshot(.latest) } catch {
            throw PipelineError(error)
        }
        let name = silver.fields[timeColumn].name
        snapshot = snapshot.holding(
            only: snapshot.files.filter { file in
                guard let known = snapshot.statistics(of: file)?.columns[name] else { return true }
                if case .timestamp(let least)? = known.least, least > times.upperBound { return false }
                if case .timestamp(let greatest)? = known.greatest, greatest < times.lowerBound { return false }
                return true
            })
        guard !snapshot.files.isEmpty else { return nil }
        let source: DeltaSource
        do throws(SourceError) { source = try DeltaSource(snapshot) } catch { throw PipelineError(error) }
        let table = source.schema
        var wanted = stage.keyProjection
        wanted.add(.values, of: timeColumn)
        places = silver.fields.indices.map { wanted.needs[$0] == nil ? nil : table.index(of: silver.fields[$0].name) }
        let known = places.compactMap(\.self)
        casts = try Self.casts(of: known.map { table.fields[$0].name }.compactMap { silver[$0] }, table, place)
        var projection = casts.projection
        for column in known { projection.add([.values, .text], of: column) }
        do throws(SourceError) { worker = try source.open(projection, ordinals: nil).makeWorker() } catch {
            throw PipelineError(error)
        }
    }

    /// Of the columns that keys are made of, those that the table has otherwise than silver.
    private static func casts(
        of fields: [Field], _ table: Schema, _ place: LayerPlace
    ) throws(PipelineError) -> Projector {
        let other = fields.filter { field in
            [.time, .duration, .uint64].contains(field.type)
                && table.index(of: field.name).map { table.fields[$0].type != field.type } ?? false
        }
        do {
            return try Projector(
                other.map { field in
                    let name = field.name.replacing("\"", with: "\"\"")
                    return (field.name, try ValueExpression.parse("\(field.type)(\"\(name)\")"))
                }, of: table)
        } catch {
            throw PipelineError(
                .internal, "silver's keys can't be read: \(String(describing: error))", place: place.folder)
        }
    }

    func next() throws(PipelineError) -> (silver: Batch, times: Times)? {
        let next: Batch?
        do throws(SourceError) { next = try worker.next() } catch { throw PipelineError(error) }
        guard let batch = next else { return nil }
        let count = batch.rowCount
        let read = casts.columns(of: batch, clock: 0).map(\.column)
        let columns = zip(silver.fields, places).map { field, place -> Column? in
            if let cast = casts.schema.index(of: field.name) { return read[cast] }
            // A column that the table has not yet.
            return place.map { batch.columns[$0] } ?? Column(field.type, repeating: .missing, count: count)
        }
        var times: Times = (Bitmap(repeating: false, count: count), [])
        if let column = columns[timeColumn], case .timestamp(let ticks) = column.values {
            times = (Bitmap(count: count) { column.typed[$0] && self.times.contains(ticks[$0]) }, ticks)
        }
        return (Batch(ordinal: batch.ordinal, rowCount: count, columns: columns), times)
    }
}
