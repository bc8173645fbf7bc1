import Expectations
import Tables

/// A record that was kept apart, as one line of JSON: its bytes, where it came from, and every rule that it broke.
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
struct QuarantinedRecord {
    let batch: Batch
    let row: Int
    let file: String
    /// Of the row, from 1.
    let number: Int

    func json(_ verdicts: GateVerdicts, _ gate: Gate) -> JSON {
        var members = [JSON.Member]()
        if let records = batch.records {
            let bytes = records.bytes[Int(records.starts[row])..<Int(records.starts[row]) + Int(records.lengths[row])]
            if let text = String(validating: bytes, as: UTF8.self) {
                members.append(JSON.Member("raw", .string(text)))
            } else {
                members.append(JSON.Member("raw_base64", .string(Base64.text(bytes))))
            }
        }
        var source = [JSON.Member("file", .string(file)), JSON.Member("row", .integer(number))]
        if let offset = batch.offsets[row] { source.append(JSON.Member("offset", .integer(offset))) }
        members.append(JSON.Member("source", .object(source)))
        members.append(JSON.Member("errors", .array(malformed + broken(verdicts, gate))))
        return .object(members)
    }

    private var malformed: [JSON] {
        batch.problems.filter { $0.row == row }.map { problem in
            .object([
                JSON.Member("expectation", .string("expect_table_rows_to_be_well_formed")),
                JSON.Member("columns", .array([])),
                JSON.Member("message", .string("\(problem.kind.rawValue): \(problem.detail)")),
                JSON.Member("action", .string(OnFail.quarantine.rawValue)),
            ])
        }
    }

    private func broken(_ verdicts: GateVerdicts, _ gate: Gate) -> [JSON] {
        verdicts.failures.filter { $0.rows[row] }.map { failure in
            let rule = gate.rules[failure.rule]
            let names = rule.columns.map { gate.schema.fields[$0].name }
            var members = [JSON.Member("expectation", .string(rule.expectation.kind.name))]
            if let id = rule.expectation.id { members.append(JSON.Member("id", .string(id))) }
            members += [
                JSON.Member("columns", .array(names.map { .string($0) })),
                JSON.Member("message", .string(rule.expectation.description ?? rule.expectation.rule)),
                JSON.Member("action", .string(rule.action.rawValue)),
                JSON.Member(
                    "values",
                    .object(zip(names, rule.columns).map { JSON.Member($0, batch.column($1).value(at: row).json) })),
            ]
            return .object(members)
        }
    }
}

/// RFC 4648, §4.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func text(_ bytes: some Collection<UInt8>) -> String {
        var output: [UInt8] = []
        var group: UInt32 = 0
        var held = 0
        for byte in bytes {
            group = group << 8 | UInt32(byte)
            held += 1
            guard held == 3 else { continue }
            for shift in [18, 12, 6, 0] as [UInt32] { output.append(alphabet[Int(group >> shift & 63)]) }
            (group, held) = (0, 0)
        }
        if held > 0 {
            group <<= UInt32(8 * (3 - held))
            for shift in [18, 12, 6, 0].prefix(held + 1) as ArraySlice<UInt32> {
                output.append(alphabet[Int(group >> shift & 63)])
            }
            output += Array(repeating: UInt8(ascii: "="), count: 3 - held)
        }
        return String(decoding: output, as: UTF8.self)
    }
}
