import Expectations
import Foundation
import Scan
import Tables
import Testing

/// A case of Great Expectations' own tests: a table, an expectation, and what must come of it.
struct GXCase: Sendable {
    let id: String
    let kind: String
    let expect: Argument
    /// Relative; `nil` where the case names none.
    let tolerance: Double?
    private let arguments: [Argument.Member]
    private let columns: [Argument]
    private let rowCount: Int

    init(_ node: Argument) throws {
        id = try #require(node["id"]?.text)
        kind = try #require(node["expectation"]?.text)
        expect = try #require(node["expect"])
        tolerance = node["tolerance"]?.double
        arguments = try #require(node["kwargs"]).untagged.members
        columns = try #require(node["dataset"]?["columns"]).items
        rowCount = try #require(node["dataset"]?["row_count"]?.count)
    }

    /// All cases of the kinds of our catalogue, by kind.
    static func all() throws -> [GXCase] {
        let folder = try Corpora.path("gx")
        return try Catalogue.kinds.map(\.name).filter {
            FileManager.default.fileExists(atPath: "\(folder)/\($0).json")
        }.flatMap { try Corpora.json("gx/\($0).json").items.map { try GXCase($0) } }
    }

    /// What the scanner answers; `nil` where the arguments are refused.
    func answer() async throws -> ExpectationResult? {
        let kind = try #require(Catalogue.kind(named: kind))
        // All unexpected rows, whatever the case's own result_format would show of them.
        let format = Argument.Member(name: "result_format", value: Argument(.text("COMPLETE")))
        guard
            let expectation = try? Expectation(
                kind: kind, arguments: Arguments(kind: kind.name, arguments + [format]), isLenient: true)
        else { return nil }
        let now = Int64(Date().timeIntervalSince1970 * 1_000_000)
        let report = await Scanner(threads: 1).judge([expectation], source: try table(), now: now)
        return report.results.first
    }

    private func table() throws -> MemoryTable {
        let read = try columns.map { try GXColumn($0) }
        return MemoryTable(
            Schema(read.map { Field($0.name, $0.type) }), columns: read.map(\.values), rowCount: rowCount, batchSize: 3)
    }
}

/// A column of a case's dataset, its values cast to its type as upstream does.
struct GXColumn {
    let name: String
    let type: LogicalType
    let values: [Value]

    init(_ node: Argument) throws {
        name = try #require(node["name"]?.text)
        let type = Self.types[try #require(node["type"]?.text)] ?? .string
        self.type = type
        let cells = try #require(node["iso"] ?? node["values"]).items
        values = cells.map { Self.value($0.untagged, type) }
    }

    /// A column of nothing has no type of its own: it is text, as a file's would be, and so is a mixed one.
    private static let types: [String: LogicalType] = [
        "int": .int64, "float": .float64, "decimal": .decimal(precision: 38, scale: 10), "string": .string,
        "bool": .boolean, "date": .date, "datetime": .timestamp, "datetime_tz": .timestamp, "null": .string,
        "mixed": .string,
    ]

    private static func value(_ cell: Argument, _ type: LogicalType) -> Value {
        guard let value = cell.value, !value.isMissing else { return .missing }
        switch (type, value) {
        case (.string, _): return .text(value.description)
        case (.float64, _): return value.double.map { .float($0) } ?? value
        case (.boolean, .integer(let bit)): return .boolean(bit != 0)
        case (.int64, .boolean(let bit)): return .integer(bit ? 1 : 0)
        case (.int64, .text(let text)), (.decimal, .text(let text)):
            return DecimalNumber(text).map { .decimal($0) } ?? value
        case (.date, .text(let text)), (.timestamp, .text(let text)):
            guard let ticks = Self.instant(text) else { return value }
            return type == .date
                ? .date(days: Int(ticks / CivilTime.microsecondsPerDay)) : .timestamp(microseconds: ticks)
        default: return value
        }
    }

    /// Microseconds of an ISO 8601 text, UTC where it names no zone.
    static func instant(_ text: String) -> Int64? {
        var text = text
        return text.withUTF8 { CivilTime.parseTimestamp(UnsafeRawBufferPointer($0)) }.map {
            $0.local - Int64($0.offset ?? 0) * CivilTime.microsecondsPerSecond
        }
    }
}

extension Argument {
    /// With `{"$float": "NaN"}` and its like put into what they stand for; `$PARAMETER` stays.
    var untagged: Argument {
        switch content {
        case .map(let members):
            if members.count == 1, members[0].name == "$float", let text = members[0].value.text,
                let number = Double(text)
            {
                return Argument(.float(number), mark: mark)
            }
            let kept = members.map { Member(name: $0.name, mark: $0.mark, value: $0.value.untagged) }
            return Argument(.map(kept), mark: mark)
        case .list(let items): return Argument(.list(items.map(\.untagged)), mark: mark)
        default: return self
        }
    }
}
