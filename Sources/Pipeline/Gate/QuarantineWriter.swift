import Expectations
import Tables

/// Writes records that were kept apart, each as one line of JSON: its bytes, where it came from, and every rule that it broke.
///
/// | key | value |
/// |---|---|
/// | `raw` | the record as it was read; absent where it is no UTF-8 |
/// | `raw_base64` | the same bytes in Base64, where it is no UTF-8 |
/// | `source` | `file`, `row` (from 1, within what was read), `offset` (bytes from its beginning) |
/// | `errors` | a list, in the suite's order; malformed records come first |
///
/// An error has `expectation`, `columns`, `message` (the rule in words), `action` and `values` (what was found in the columns), and `id` where the
/// author gave one.
struct QuarantineWriter: Sendable {
    /// By rule, in the gate's order.
    private let errors: [BrokenRule]
    /// By partition: what stands before the number of a row.
    private let sources: [[UInt8]]

    init(_ gate: Gate, _ partitions: [Partition]) {
        errors = gate.rules.map { BrokenRule($0, gate.schema) }
        sources = partitions.map { partition in
            var text = Array("\"source\":{\"file\":".utf8)
            JSON.string(partition.name).write(to: &text)
            text += ",\"row\":".utf8
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
            if let offset = batch.offsets[row] { lines.bytes += ",\"offset\":\(offset)".utf8 }
            lines.bytes += "},\"errors\":[".utf8
            while problem < batch.problems.count, batch.problems[problem].row < row { problem += 1 }
            var isFirst = true
            while problem < batch.problems.count, batch.problems[problem].row == row {
                if !isFirst { lines.bytes.append(UInt8(ascii: ",")) }
                isFirst = false
                Self.write(batch.problems[problem], to: &lines.bytes)
                problem += 1
            }
            for failure in verdicts.failures where failure.rows[row] {
                if !isFirst { lines.bytes.append(UInt8(ascii: ",")) }
                isFirst = false
                errors[failure.rule].write(row, of: batch, to: &lines.bytes)
            }
            lines.bytes += "]}\n".utf8
        }
        return lines
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

    private static func write(_ problem: RowProblem, to text: inout [UInt8]) {
        JSON.object([
            JSON.Member("expectation", .string("expect_table_rows_to_be_well_formed")),
            JSON.Member("columns", .array([])),
            JSON.Member("message", .string("\(problem.kind.rawValue): \(problem.detail)")),
            JSON.Member("action", .string(OnFail.quarantine.rawValue)),
        ]).write(to: &text)
    }
}

/// A rule as the errors of records name it: the same for all of them, but for the values.
private struct BrokenRule: Sendable {
    private let columns: [Int]
    /// What stands before each column's value; the first begins with all that comes before the values.
    private let openings: [[UInt8]]

    init(_ rule: GateRule, _ schema: Schema) {
        columns = rule.columns
        let names = rule.columns.map { schema.fields[$0].name }
        var members = [JSON.Member("expectation", .string(rule.expectation.kind.name))]
        if let id = rule.expectation.id { members.append(JSON.Member("id", .string(id))) }
        members += [
            JSON.Member("columns", .array(names.map { .string($0) })),
            JSON.Member("message", .string(rule.expectation.description ?? rule.expectation.rule)),
            JSON.Member("action", .string(rule.action.rawValue)),
        ]
        var opening: [UInt8] = []
        JSON.object(members).write(to: &opening)
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
            batch.column(column).value(at: row).json.write(to: &text)
        }
        text += "}}".utf8
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
