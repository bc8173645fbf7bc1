import Delta
import Foundation
import Parquet
import Suites
import Tables

/// A Delta table that a pipeline writes, and the columns that it writes there.
struct LayerTable: Sendable {
    /// As in `bronze`, `silver`, `quarantine`, `gold.revenue_hourly`.
    let name: String
    let place: LayerPlace
    /// What is written, in order.
    let schema: DeltaSchema
    /// Of the columns that there are, those that are written.
    private let written: [Int]
    /// Columns whose values go as text: Delta has no type for them.
    private let textColumns: [Int]
    private let marks: LayerMarks

    /// - awaited: columns without a value, by index: they are written as soon as they have one, unless the table is partitioned by them.
    /// - marks: where the project writes them down.
    init(
        name: String, place: LayerPlace, columns: Schema, awaited: Set<Int> = [], marks: LayerMarks = .none
    ) throws(PipelineError) {
        self.name = name
        self.place = place
        self.marks = marks
        written = columns.fields.indices.filter { index in
            !awaited.contains(index) || place.partitionColumns.contains(column: columns.fields[index].name)
        }
        var fields: [DeltaField] = []
        var texts: [Int] = []
        for (index, column) in written.enumerated() {
            let field = columns.fields[column]
            if DeltaType(field.type) == nil { texts.append(index) }
            fields.append(DeltaField(field.name, DeltaType(field.type) ?? .string))
        }
        schema = DeltaSchema(fields)
        textColumns = texts
        for column in place.partitionColumns where schema[column] == nil {
            throw PipelineError(
                .schemaMismatch, "there is no column \"\(column)\" to partition by", place: place.folder,
                at: marks.layout)
        }
    }

    /// How the table names a batch of the pipeline.
    func applicationID(_ pipeline: String) -> String { "assay.\(pipeline).\(name)" }

    /// The pipeline and layer that name batches so; `nil` for what is none of a pipeline's names.
    static func writer(of applicationID: String) -> (pipeline: String, layer: String)? {
        // Names of pipelines have no dots.
        let parts = applicationID.split(separator: ".", maxSplits: 2).map(String.init)
        return parts.count == 3 && parts[0] == "assay" ? (parts[1], parts[2]) : nil
    }

    /// A table as it was when a batch began.
    struct Opened: Sendable {
        /// Without its files; of a table that isn't there yet, what its first version is to be.
        let header: Snapshot
        let isThere: Bool
    }

    /// Sees that what is written fits the table; one that isn't there is made when the first batch is committed.
    ///
    /// `lastBatch` is the newest that the state, a folder, knows, and `written` what it knows of rows in the table. Errors: `state-lost`,
    /// `table-lost`, `schema-mismatch`.
    func open(
        pipeline: String, state: String, lastBatch: Int, written: WrittenTable?, now: Int64
    ) throws(PipelineError) -> Opened {
        let isThere = DeltaTable.hasVersion(place.folder)
        if !isThere { try written?.check(self, nil, pipeline: pipeline) }
        let header: Snapshot
        do throws(DeltaError) {
            guard isThere else {
                return Opened(
                    header: try DeltaTable.draft(
                        place.folder, schema: schema, partitionedBy: place.partitionColumns, name: place.name, now: now),
                    isThere: false)
            }
            header = try DeltaTable(place.folder).header()
        } catch { throw PipelineError(error) }
        let known = header.transactions[applicationID(pipeline)]?.version ?? 0
        guard known <= lastBatch else {
            throw PipelineError(
                .stateLost, "the table has batch \(known) of this pipeline, and its state knows \(lastBatch) at most",
                place: place.folder,
                hint:
                    "remove the folder of state, \(state), and put a copy of the right one in its place; with the one that is there "
                    + "records would be read and written again")
        }
        if let written {
            try written.check(self, header, pipeline: pipeline)
        } else {
            try WrittenTable.checkFree(header, of: self, pipeline: pipeline, state: state)
        }
        try Self.check(schema.fields, partitionedBy: place.partitionColumns, against: header, marks)
        return Opened(header: header, isThere: true)
    }

    /// Sees that columns and partitions are those of a table, or that its columns can become as wide and take new ones beside them.
    ///
    /// Error: `schema-mismatch`.
    static func check(
        _ fields: [DeltaField], partitionedBy partitionColumns: [String], against header: Snapshot,
        _ marks: LayerMarks = .none
    ) throws(PipelineError) {
        let new = fields.filter { header.schema[$0.name] == nil }
        do throws(DeltaError) {
            try DeltaSchema(new).checkNames(beside: header.schema, place: header.table)
        } catch {
            var names = Set(header.schema.fields.map { ColumnName($0.name).folded })
            let second = new.first { !names.insert(ColumnName($0.name).folded).inserted }
            throw PipelineError(
                .schemaMismatch, error.message, place: header.table,
                hint: "call the new column as the table does, or otherwise; or write into another table",
                at: second.flatMap { marks[$0.name] })
        }
        for field in fields {
            guard let known = header.schema[field.name] else { continue }
            // A table of narrower columns is widened by the first batch that is committed.
            guard known.type.logical == field.type.logical || known.type.canWiden(to: field.type) else {
                throw PipelineError(
                    .schemaMismatch,
                    "the column \"\(field.name)\" holds \(known.type) in the table, and \(field.type) is to be written",
                    place: header.table, hint: "cast it in select, or write into another table",
                    at: marks[field.name])
            }
        }
        guard header.metadata.partitionColumns == partitionColumns else {
            throw PipelineError(
                .schemaMismatch,
                "the table is partitioned by [\(header.metadata.partitionColumns.joined(separator: ", "))], and not by "
                    + "[\(partitionColumns.joined(separator: ", "))]", place: header.table, at: marks.layout)
        }
    }

    /// A writer of data files whose names say which batch and lane made them.
    func writer(
        _ table: Opened, pipeline: String, plan: BatchPlan, lane: Int
    ) throws(PipelineError) -> DataFileWriter {
        var options = ParquetWriterOptions()
        options.uncomparable = .missing
        options.invalidText = .repair
        options.rowGroupByteLimit = Self.rowGroupBytes
        do throws(DeltaError) {
            return try DataFileWriter(
                table.header, schema: schema, partitionedBy: place.partitionColumns,
                stem: Self.stem(pipeline, batch: plan.number, lane: lane),
                time: plan.clock.millisecondsFromMicroseconds,
                options: options)
        } catch { throw PipelineError(error) }
    }

    /// Packed, some hundred thousand rows and more: each lane has that much in memory of each layer.
    private static let rowGroupBytes = 16 << 20

    /// Names the data files of a batch's lane.
    static func stem(_ pipeline: String, batch: Int, lane: Int) -> String {
        let digits = String(batch)
        return "\(pipeline)-\(String(repeating: "0", count: max(0, 10 - digits.utf8.count)))\(digits)-\(lane)"
    }

    /// Whether a stem names files of the pipeline, of whichever batch and lane.
    static func isStem(_ stem: Substring, of pipeline: String) -> Bool {
        guard stem.hasPrefix("\(pipeline)-") else { return false }
        // Another pipeline may be called like this one's files.
        let numbers = stem.dropFirst(pipeline.count + 1).split(separator: "-", omittingEmptySubsequences: false)
        return numbers.count == 2 && numbers[0].utf8.count >= 10
            && numbers.allSatisfy { part in !part.isEmpty && part.utf8.allSatisfy { (0x30...0x39).contains($0) } }
    }

    /// Columns as the table takes them.
    ///
    /// A cell that is none of its column's type, or of a time that no folder is named after, makes no partition: it has no value there.
    func fitted(_ columns: [Column]) -> [Column] {
        var columns = columns.count == written.count ? columns : written.map { columns[$0] }
        for index in place.partitionColumns.compactMap({ schema.index(of: $0) }) {
            let column = columns[index]
            let beyond = column.unpartitionable
            guard column.uncomparable != nil || beyond != nil else { continue }
            let present = beyond.map { column.typed.subtracting($0) } ?? column.typed
            columns[index] = Column(type: column.type, present: present, values: column.values)
        }
        for index in textColumns {
            let column = columns[index]
            columns[index] = Column(
                type: .string, present: column.present, values: .text(column.texts), lexemes: nil)
        }
        return columns
    }
}
