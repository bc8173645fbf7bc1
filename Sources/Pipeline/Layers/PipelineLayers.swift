import Delta
import Suites
import Tables

/// The tables of a pipeline, open to be written.
struct PipelineLayers: Sendable {
    let pipeline: String
    let bronze: LayerTable?
    let silver: LayerTable
    let quarantine: LayerTable
    /// Records of silver that came too late for gold; `nil` without gold.
    let late: LayerTable?
    let gold: [LayerTable]
    /// By the layer's name.
    private let tables: [String: LayerTable.Opened]
    /// The gate's rules, which quarantined records name.
    let stage: RecordStage
    /// As the quarantine names it; `nil` without a gate.
    let suite: Suite?

    /// Looks at the tables; nothing is written.
    ///
    /// - state: what the pipeline remembers of them; `nil` for one that never ran.
    init(
        _ definition: PipelineDefinition, stage: RecordStage, state: PipelineState?, lastBatch: Int, now: Int64
    ) throws(PipelineError) {
        pipeline = definition.name
        self.stage = stage
        suite = definition.silver.gate?.suite
        bronze = try definition.bronze.map { place throws(PipelineError) in
            try LayerTable(
                name: "bronze", place: place,
                columns: Schema(stage.columns.source.fields + RecordLineage.allCases.map(\.field)),
                awaited: stage.columns.awaited.source, marks: .bronze(definition))
        }
        silver = try LayerTable(
            name: "silver", place: definition.silver.place, columns: stage.columns.silver,
            awaited: stage.columns.awaited.silver, marks: .silver(definition))
        quarantine = try LayerTable(
            name: "quarantine", place: definition.quarantine, columns: QuarantineRows.schema)
        late = try definition.late.map { place throws(PipelineError) in
            try LayerTable(name: "late", place: place, columns: QuarantineRows.schema)
        }
        gold = try zip(stage.gold, definition.gold).map { table, written throws(PipelineError) in
            try LayerTable(name: table.name, place: table.place, columns: table.plan.schema, marks: .gold(written))
        }
        let written = try state?.writtenTables() ?? [:]
        var tables: [String: LayerTable.Opened] = [:]
        for layer in [bronze, silver, quarantine, late].compactMap(\.self) + gold {
            tables[layer.name] = try layer.open(
                pipeline: definition.name, state: definition.state, lastBatch: lastBatch, written: written[layer.name],
                now: now)
        }
        self.tables = tables
    }

    var all: [LayerTable] { [bronze, silver, quarantine, late].compactMap(\.self) + gold }

    func table(of layer: LayerTable) -> LayerTable.Opened {
        guard let table = tables[layer.name] else { preconditionFailure("\(layer.name) was not opened") }
        return table
    }

    /// What a batch has for the tables, given its files by layer: tables without some are left out, but for those that it makes.
    func manifest(_ files: [String: [DataFile]]) -> [BatchManifest.Layer] {
        all.compactMap { layer in
            let files = files[layer.name] ?? []
            let isThere = table(of: layer).isThere
            guard !files.isEmpty || !isThere else { return nil }
            return BatchManifest.Layer(
                name: layer.name, folder: layer.place.folder, files: files, fields: layer.schema.fields,
                created: isThere
                    ? nil
                    : BatchManifest.NewTable(name: layer.place.name, partitionColumns: layer.place.partitionColumns))
        }
    }
}
