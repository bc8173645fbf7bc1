import Delta
import Expressions
import Suites
import Tables

/// Silver's rows, with silver's columns of which only some have values: those that keys are made of, and the time.
struct KeyRows {
    /// A data file of silver, and of when its rows are.
    struct File {
        fileprivate let add: AddFile
        /// When the newest of its batches began, by that batch's clock, at the latest: microseconds since 1970-01-01T00:00:00Z.
        let written: Int64
        /// Of its rows' own times, as its statistics have them; `nil` where nothing is known.
        let oldest: Int64?
        let newest: Int64?
    }

    /// In the order of their batches.
    let files: [File]
    private let snapshot: Snapshot
    private let silver: Schema
    /// Of the table, by silver's columns.
    private let places: [Int?]
    /// Reads the values of columns whose type the table has not, or not yet.
    private let casts: Projector
    private let projection: Projection
    private let timeColumn: Int?

    /// `nil` where silver isn't there.
    ///
    /// - columns: of silver.
    init?(_ place: LayerPlace, _ stage: RecordStage, columns: Projection) throws(PipelineError) {
        guard DeltaTable.hasVersion(place.folder) else { return nil }
        let silver = stage.columns.silver
        self.silver = silver
        timeColumn = stage.timeColumn
        let snapshot: Snapshot
        do throws(DeltaError) { snapshot = try DeltaTable(place.folder).snapshot(.latest) } catch {
            throw PipelineError(error)
        }
        self.snapshot = snapshot
        let timeName = stage.timeColumn.map { silver.fields[$0].name }
        files = snapshot.files.map { add in
            let known = timeName.flatMap { snapshot.statistics(of: add)?.columns[ColumnName($0)] }
            // The log has milliseconds, rounded down.
            let written = add.modificationTime.microsecondsFromMilliseconds.addingClamped(999)
            return File(
                add: add, written: written, oldest: Self.time(known?.least), newest: Self.time(known?.greatest))
        }
        let table = try Self.source(snapshot.holding(only: [AddFile]())).schema
        var wanted = columns
        if let timeColumn { wanted.add(.values, of: timeColumn) }
        let places = silver.fields.indices.map { index in
            wanted.needs[index] == nil ? nil : table.index(of: silver.fields[index].name)
        }
        self.places = places
        let known = places.compactMap(\.self)
        casts = try Self.casts(of: known.map { table.fields[$0].name }.compactMap { silver[$0] }, table, place)
        var projection = casts.projection
        for column in known { projection.add([.values, .text], of: column) }
        self.projection = projection
    }

    private static func time(_ bound: Value?) -> Int64? {
        if case .timestamp(let microseconds)? = bound { microseconds } else { nil }
    }

    private static func source(_ snapshot: Snapshot) throws(PipelineError) -> DeltaSource {
        do throws(SourceError) { return try DeltaSource(snapshot) } catch { throw PipelineError(error) }
    }

    /// Of some columns, those that the table has otherwise than silver: types that Delta has not, and those that silver has become wider than.
    private static func casts(
        of fields: [Field], _ table: Schema, _ place: LayerPlace
    ) throws(PipelineError) -> Projector {
        let other = fields.filter { field in
            (field.type.isNumeric || [.time, .duration, .timestamp].contains(field.type))
                && table.index(of: field.name).map { table.fields[$0].type != field.type } ?? false
        }
        do {
            return try Projector(
                other.map { field in
                    let name = "\"\(field.name.replacing("\"", with: "\"\""))\""
                    let cast =
                        if case .decimal(let precision, let scale) = field.type {
                            "decimal(\(name), \(precision), \(scale))"
                        } else {
                            "\(field.type)(\(name))"
                        }
                    return (field.name, try ValueExpression.parse(cast))
                }, of: table)
        } catch {
            throw PipelineError(
                .internal, "silver's keys can't be read: \(String(describing: error))", place: place.folder)
        }
    }

    /// Calls `body` with the rows of some files, some thousands at a time, and their own times; `nil` where none counts.
    func read(
        _ files: [File], _ body: (File, Batch, RecordTimes?) throws(PipelineError) -> Void
    ) throws(PipelineError) {
        for file in files {
            let source = try Self.source(snapshot.holding(only: [file.add]))
            let worker: any BatchWorker
            do throws(SourceError) { worker = try source.open(projection, ordinals: nil).makeWorker() } catch {
                throw PipelineError(error)
            }
            while let batch = try Self.next(worker) {
                let silver = silver(batch)
                try body(file, silver, timeColumn.map { RecordTimes(silver.column($0)) })
            }
        }
    }

    private static func next(_ worker: any BatchWorker) throws(PipelineError) -> Batch? {
        do throws(SourceError) { return try worker.next() } catch { throw PipelineError(error) }
    }

    /// A batch of the table with silver's columns.
    private func silver(_ batch: Batch) -> Batch {
        let read = casts.columns(of: batch, clock: 0).map(\.column)
        let columns = zip(silver.fields, places).map { field, place -> Column? in
            if let cast = casts.schema.index(of: field.name) { return read[cast] }
            // A column that the table has not yet, or that nobody wants.
            return place.map { batch.columns[$0] } ?? Column(field.type, repeating: .missing, count: batch.rowCount)
        }
        return Batch(ordinal: batch.ordinal, rowCount: batch.rowCount, columns: columns)
    }
}
