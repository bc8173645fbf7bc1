import Expectations
import Intake
import Suites
import Tables

/// The quarantined records of a chunk as rows of the quarantine's table.
struct QuarantineRows {
    private let chunk: Settlement.Settled
    private let rows: [Int]
    /// As in `silver`, `gold.revenue_hourly`.
    private let stageName: String
    private let errors: (Int) -> [RecordError]
    private let lineage: LineageColumns
    private let plan: BatchPlan
    private let layers: PipelineLayers

    /// Rows that don't get into silver.
    init(
        _ chunk: Settlement.Settled, _ rows: [Int], _ lineage: LineageColumns, plan: BatchPlan, layers: PipelineLayers
    ) {
        let late = Set(chunk.late)
        self.init(chunk, rows, "silver", lineage, plan, layers) { row in
            late.contains(row)
                ? [RecordError(rule: "late", message: "repetitions of so old a record are not remembered any more")]
                : chunk.errors(at: row, layers.stage)
        }
    }

    /// Rows of silver that a gold table can't take.
    init(
        _ chunk: Settlement.Settled, of apart: Settlement.Apart, _ lineage: LineageColumns, plan: BatchPlan,
        layers: PipelineLayers
    ) {
        self.init(chunk, apart.late + apart.problems, apart.table, lineage, plan, layers) { row in
            guard let problem = apart.input.problem(at: row) else {
                return [RecordError(rule: "late", message: "the windows of its time are closed", action: "late")]
            }
            return [RecordError(rule: problem.code, message: problem.message, action: "late")]
        }
    }

    private init(
        _ chunk: Settlement.Settled, _ rows: [Int], _ stageName: String, _ lineage: LineageColumns, _ plan: BatchPlan,
        _ layers: PipelineLayers, errors: @escaping (Int) -> [RecordError]
    ) {
        self.chunk = chunk
        self.rows = rows
        self.stageName = stageName
        self.lineage = lineage
        self.plan = plan
        self.layers = layers
        self.errors = errors
    }

    var count: Int { rows.count }

    static let schema = Schema([
        Field("id", .string), Field("attempt", .int64), Field("quarantined_at", .timestamp), Field("batch", .int64),
        Field("stage", .string), Field("source_file", .string), Field("source_row", .int64),
        Field("source_offset", .int64), Field("rules", .list(.string)), Field("errors", .string),
        Field("raw", .string), Field("raw_base64", .string), Field("record", .string), Field("suite", .string),
        Field("suite_fingerprint", .string),
    ])

    /// In the order of the schema.
    var columns: [Column] {
        let origins = rows.map { lineage.origin(of: $0) }
        let earlier = rows.map { lineage.earlier($0) }
        let errors = rows.map { self.errors($0) }
        let raw = rows.map { self.raw(at: $0) }
        let count = rows.count
        let ids = zip(origins, earlier).map { origin, earlier in earlier?.id ?? id(of: origin) }
        return [
            Self.texts(ids), Self.integers(earlier.map { ($0?.attempt).map { Int64($0 + 1) } ?? 1 }),
            Column(.timestamp, repeating: .timestamp(microseconds: plan.clock), count: count),
            Column(.int64, repeating: .integer(Int128(plan.number)), count: count),
            Column(.string, repeating: .text(stageName), count: count),
            Self.texts(origins.map(\.file)), Self.integers(origins.map(\.row)), Self.integers(origins.map(\.offset)),
            Self.texts(errors.map { JSON.array(RecordError.rules($0.map(\.name)).map { .string($0) }).text() }),
            Self.texts(errors.map { JSON.array($0.map(\.json)).text() }), Self.texts(raw.map(\.text)),
            Self.texts(raw.map(\.base64)), Self.texts(rows.map { record(at: $0) }),
            Self.repeating(layers.suite?.name, count), Self.repeating(layers.suite?.fingerprint, count),
        ]
    }

    /// The same for the same record whenever it is judged; another for a record of a later file of the same name.
    private func id(of origin: RecordOrigin) -> String {
        let file = plan.files[chunk.judged.source.partition]
        let text =
            "\(layers.pipeline)\u{1F}\(file.name)\u{1F}\(file.node)\u{1F}\(file.modified)\u{1F}\(file.byteCount)\u{1F}\(origin.row)"
        return Hash128(text).hexadecimal
    }

    private func raw(at row: Int) -> (text: String?, base64: String?) {
        guard let records = chunk.judged.source.records else { return (nil, nil) }
        let bytes = records.bytes[Int(records.starts[row])..<Int(records.starts[row]) + Int(records.lengths[row])]
        if let text = String(validating: bytes, as: UTF8.self) { return (text, nil) }
        return (nil, Base64.text(bytes))
    }

    /// The source's values as an object, by which the record can be read again; what can't be read of it is in `raw`.
    private func record(at row: Int) -> String {
        let source = chunk.judged.source
        let members = zip(layers.stage.columns.source.fields, source.columns).compactMap { field, column in
            column.flatMap { column -> JSON.Member? in
                guard column.present[row] else { return nil }
                return JSON.Member(field.name, Self.json(column, row))
            }
        }
        let rescued = chunk.judged.rescue.column.text(at: row).flatMap { JSON(text: $0) }
        let rest = rescued.map { [JSON.Member(RecordLineage.rescued.field.name, $0)] } ?? []
        return JSON.object(members + rest).text()
    }

    /// A value as JSON; bytes that are no text as `{"base64": …}`.
    private static func json(_ column: Column, _ row: Int) -> JSON {
        guard column.type == .binary, case .text(let cells) = column.values else { return column.value(at: row).json }
        let bytes = cells.bytes[Int(cells.starts[row])..<Int(cells.starts[row]) + Int(cells.lengths[row])]
        if let text = String(validating: bytes, as: UTF8.self) { return .string(text) }
        return .object([JSON.Member("base64", .string(Base64.text(bytes)))])
    }

    private static func texts(_ texts: [String?]) -> Column {
        Column(
            type: .string, present: Bitmap(count: texts.count) { texts[$0] != nil }, values: .text(TextCells(texts)))
    }

    private static func integers(_ numbers: [Int64?]) -> Column {
        Column(
            type: .int64, present: Bitmap(count: numbers.count) { numbers[$0] != nil },
            values: .int64(numbers.map { $0 ?? 0 }))
    }

    private static func repeating(_ text: String?, _ count: Int) -> Column {
        Column(.string, repeating: text.map { .text($0) } ?? .missing, count: count)
    }
}

extension Settlement.Settled {
    /// Everything that keeps a row out of silver, what is wrong with it as a record first.
    func errors(at row: Int, _ stage: RecordStage) -> [RecordError] {
        let broken = judged.verdicts.failures.filter { $0.rows[row] }.map { failure in
            let rule = stage.gate.rules[failure.rule]
            let names = rule.columns.map { stage.columns.silver.fields[$0].name }
            var error = RecordError(rule, columns: names)
            error.values = zip(names, rule.columns).map {
                JSON.Member($0, judged.silver.column($1).value(at: row).json)
            }
            error.uncomparable = zip(names, rule.columns).filter { judged.silver.column($1).isUncomparable(at: row) }
                .map(\.0)
            return error
        }
        return judged.problems.errors(at: row) + broken
    }
}
