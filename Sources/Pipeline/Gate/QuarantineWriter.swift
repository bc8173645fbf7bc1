import Expectations
import Tables

/// Writes records that were kept apart, each as one line of JSON: its bytes, where it came from, and every rule that it broke.
///
/// | key | value |
/// |---|---|
/// | `raw` | the record as it was read; absent where it is no UTF-8 |
/// | `raw_base64` | the same bytes in Base64, where it is no UTF-8 |
/// | `source_file`, `source_row`, `source_offset` | where it was read: rows from 1, bytes from the beginning |
/// | `rules` | each rule that it broke, once: its id, or else the kind of expectation |
/// | `errors` | a list of them, in the suite's order |
///
/// The columns of a quarantine's table have the same names, and errors the same members: `rule`, `id` where the author gave one,
/// `columns`, `message` (the rule in words), `action`, `values` (what was found in the columns; numbers as they were written) and, where
/// there are some, `uncomparable` (those of the columns whose value no type holds that it could be compared as).
struct QuarantineWriter: Sendable {
    /// By rule, in the gate's order.
    private let errors: [BrokenRule]
    /// By partition: what stands before the number of a row.
    private let sources: [[UInt8]]

    init(_ gate: Gate, _ partitions: [Partition]) {
        errors = gate.rules.map { BrokenRule($0, gate.schema) }
        sources = partitions.map { partition in
            var text = Array("\"source_file\":".utf8)
            JSON.string(partition.name).write(to: &text)
            text += ",\"source_row\":".utf8
            return text
        }
    }

    /// The lines of some rows of a batch, whose numbers are told later.
    func lines(of rows: Bitmap, in batch: Batch, _ verdicts: GateVerdicts) -> QuarantinedLines {
        var lines = QuarantinedLines()
        var problem = 0
        rows.forEach { row in
            lines.bytes.append(UInt8(ascii: "{"))
            if let records = batch.records { Self.write(record: row, of: records, to: &lines.bytes) }
            lines.bytes += sources[batch.partition]
            lines.endWithNumber(of: row)
            if let offset = batch.offsets[row] { lines.bytes += ",\"source_offset\":\(offset)".utf8 }
            while problem < batch.problems.count, batch.problems[problem].row < row { problem += 1 }
            let problems = batch.problems[problem...].prefix { $0.row == row }.map { RecordError($0) }
            let broken = verdicts.failures.filter { $0.rows[row] }.map { errors[$0.rule] }
            let rules = RecordError.rules(problems.map(\.name) + broken.map(\.name))
            lines.bytes += ",\"rules\":".utf8
            JSON.array(rules.map { .string($0) }).write(to: &lines.bytes)
            lines.bytes += ",\"errors\":".utf8
            // A malformed record breaks no rule besides.
            if problems.isEmpty {
                Self.write(broken, row, of: batch, to: &lines.bytes)
            } else {
                JSON.array(problems.map(\.json)).write(to: &lines.bytes)
            }
            lines.bytes += "}\n".utf8
        }
        return lines
    }

    /// Writes the rules that a row breaks, as a list.
    private static func write(_ broken: [BrokenRule], _ row: Int, of batch: Batch, to text: inout [UInt8]) {
        text.append(UInt8(ascii: "["))
        for (place, rule) in broken.enumerated() {
            if place > 0 { text.append(UInt8(ascii: ",")) }
            rule.write(row, of: batch, to: &text)
        }
        text.append(UInt8(ascii: "]"))
    }

    /// Writes a record's bytes, with the comma behind.
    private static func write(record row: Int, of records: TextCells, to text: inout [UInt8]) {
        records.withCells { bytes, starts, lengths in
            let start = Int(starts[row])
            let record = UnsafeRawBufferPointer(rebasing: bytes[start..<start + Int(lengths[row])])
            if record.allSatisfy({ $0 < 0x80 }) || String(validating: record, as: UTF8.self) != nil {
                text += "\"raw\":".utf8
                JSON.write(string: record, to: &text)
            } else {
                text += "\"raw_base64\":".utf8
                JSON.string(Base64.text(record)).write(to: &text)
            }
        }
        text.append(UInt8(ascii: ","))
    }
}

/// A rule as the errors of records name it: the same for all of them, but for the values.
private struct BrokenRule: Sendable {
    /// Its id, or else the kind of expectation.
    let name: String
    private let columns: [Int]
    private let names: [String]
    /// What stands before each column's value; the first begins with all that comes before the values.
    private let openings: [[UInt8]]

    init(_ rule: GateRule, _ schema: Schema) {
        columns = rule.columns
        names = rule.columns.map { schema.fields[$0].name }
        let error = RecordError(rule, columns: names)
        name = error.name
        var opening: [UInt8] = []
        error.json.write(to: &opening)
        opening.removeLast()
        opening += ",\"values\":{".utf8
        var openings: [[UInt8]] = []
        for name in names {
            JSON.string(name).write(to: &opening)
            opening.append(UInt8(ascii: ":"))
            openings.append(opening)
            opening = [UInt8(ascii: ",")]
        }
        self.openings = openings.isEmpty ? [opening] : openings
    }

    func write(_ row: Int, of batch: Batch, to text: inout [UInt8]) {
        text += openings[0]
        for (place, column) in columns.enumerated() {
            if place > 0 { text += openings[place] }
            batch.column(column).written(at: row).write(to: &text)
        }
        text.append(UInt8(ascii: "}"))
        let uncomparable = zip(columns, names).filter { batch.column($0.0).isUncomparable(at: row) }.map(\.1)
        if !uncomparable.isEmpty {
            text += ",\"uncomparable\":".utf8
            JSON.array(uncomparable.map { .string($0) }).write(to: &text)
        }
        text.append(UInt8(ascii: "}"))
    }
}

extension Column {
    /// A row's value as it was written, where JSON has a form for it: 1.50 stays 1.50.
    fileprivate func written(at row: Int) -> JSON {
        let column = strays.first { $0.rows[row] }?.column ?? self
        guard column.type.isNumeric, column.present[row], !(column.uncomparable?[row] ?? false),
            let lexemes = column.lexemes
        else { return column.value(at: row).json }
        return .number(lexemes.string(at: row))
    }
}

/// Lines of quarantined records that wait for the number of the row which the first of their batch has.
struct QuarantinedLines: Sendable {
    fileprivate(set) var bytes: [UInt8] = []
    /// Where numbers belong, ascending, and the rows within the batch that they are of.
    private var numbers: [(place: Int, row: Int)] = []

    fileprivate mutating func endWithNumber(of row: Int) { numbers.append((bytes.count, row)) }

    /// The lines, where so many rows are before the batch.
    func numbered(after rows: Int) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count + 8 * numbers.count)
        var copied = 0
        for (place, row) in numbers {
            text += bytes[copied..<place]
            text += String(rows + row + 1).utf8
            copied = place
        }
        text += bytes[copied...]
        return text
    }
}
