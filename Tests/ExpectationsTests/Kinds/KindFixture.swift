import Expectations
import Foundation
import Tables
import Testing

@testable import Suites

/// The cases of one kind: data in, verdict out.
///
/// `Tests/Fixtures/kinds/README.md` tells how they are written.
struct KindFixture {
    let kind: ExpectationKind
    let cases: [KindCase]

    static let folder: URL = testsFolder.appending(path: "Fixtures/kinds")
    static let package: URL = testsFolder.deletingLastPathComponent()

    private static let testsFolder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    init(kind: ExpectationKind) throws {
        self.kind = kind
        let file = "\(kind.name).yaml"
        let bytes = try Data(contentsOf: Self.folder.appending(path: file))
        var problems = Problems()
        let document = YAMLDocument(
            try SourceText(file: file, bytes: Array(bytes)), environment: [:], problems: &problems)
        if let problems = problems.sorted { throw problems }
        cases = try #require(document.root?.items).map { try KindCase($0.argument, kind: kind) }
    }
}

/// A case of a fixture.
struct KindCase {
    let name: String
    let mark: SourceMark?
    /// What the verdict must be, key by key.
    let gives: [Argument.Member]
    let arguments: Arguments
    let now: Int64
    let previous: Schema?
    private let fields: [Field]
    private let columns: [[Value]]
    private let rowCount: Int?
    private let modified: Int64?
    private let commits: CommittedTable.Commits?

    init(_ node: Argument, kind: ExpectationKind) throws {
        mark = node.mark
        name = try node.required("name").text()
        try node.refuse(besides: ["name", "data", "rows", "modified", "commits", "previous", "now", "with", "gives"])
        gives = try node.required("gives").members()
        arguments = Arguments(kind: kind.name, try node["with"]?.members() ?? [], mark: node.mark)
        let data = try node["data"]?.members() ?? []
        let fields = try data.map { try Self.field($0.name, at: $0.mark) }
        self.fields = fields
        columns = try zip(fields, data).map { field, member in
            try member.value.list().map { try Self.value($0, field.type) }
        }
        rowCount = node["rows"].flatMap { $0.number.flatMap { Int(exactly: $0.unscaled) } }
        modified = try node["modified"].map { try Self.instant($0) }
        commits = try node["commits"].map { try CommittedTable.Commits($0) { try Self.instant($0) } }
        now = try node["now"].map { try Self.instant($0) } ?? 1_717_243_200_000_000
        previous = try node["previous"].map { schema in
            Schema(try schema.members().map { try Self.field("\($0.name) \($0.value.text())", at: $0.mark) })
        }
    }

    /// The table, handed out so many rows at a time.
    func table(batchSize: Int) -> any BatchSource {
        let table = MemoryTable(
            Schema(fields), columns: columns, rowCount: rowCount, batchSize: batchSize, name: "data", modified: modified
        )
        guard let commits else { return table }
        return CommittedTable(table: table, commits: commits)
    }

    /// `amount decimal(12,2)`: a name, and a type behind the last space.
    private static func field(_ text: String, at mark: SourceMark?) throws -> Field {
        let space = try #require(text.lastIndex(of: " "), "a column is written as its name and its type: \(text)")
        let type = try #require(TypeName(String(text[text.index(after: space)...])), "there is no such type: \(text)")
        return Field(String(text[..<space]), type.type)
    }

    private static func value(_ cell: Argument, _ type: LogicalType) throws -> Value {
        let value = try #require(cell.value, "a cell is a single value")
        switch (type, value) {
        case (_, .missing): return .missing
        case (.string, .text): return value
        case (.string, _): throw FixtureError("a text stands in quotes", cell)
        case (.float64, _): return value.double.map { .float($0) } ?? value
        case (.date, .text):
            return ticks(value, type).map { .date(days: Int($0 / CivilTime.microsecondsPerDay)) } ?? value
        case (.timestamp, .text): return ticks(value, type).map { .timestamp(microseconds: $0) } ?? value
        case (.time, .text): return ticks(value, type).map { .time(microseconds: $0) } ?? value
        case (.duration, .text): return ticks(value, type).map { .duration(microseconds: $0) } ?? value
        default: return value
        }
    }

    private static func instant(_ cell: Argument) throws -> Int64 {
        try #require(ticks(.text(try cell.text()), .timestamp), "a time is written as 2024-06-01T12:00:00Z")
    }

    private static func ticks(_ value: Value, _ type: LogicalType) -> Int64? {
        guard case .text(var text) = value else { return nil }
        return text.withUTF8 { bytes in
            let bytes = UnsafeRawBufferPointer(bytes)
            switch type {
            case .time: return CivilTime.parseTime(bytes)
            case .duration: return DecimalNumber(bytes: bytes.dropLastByte).map { Int64($0.unscaled) * 1_000_000 }
            default:
                return CivilTime.parseTimestamp(bytes).map {
                    $0.local - Int64($0.offset ?? 0) * CivilTime.microsecondsPerSecond
                }
            }
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Without the `s` of `90s`.
    fileprivate var dropLastByte: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: dropLast()) }
}

/// A mistake in a fixture.
struct FixtureError: Error, CustomStringConvertible {
    let description: String

    init(_ message: String, _ argument: Argument) {
        description = "\(argument.mark?.description ?? ""): \(message), found \(argument.found)"
    }
}

/// Readers of fixtures.
extension Argument {
    subscript(name: String) -> Argument? {
        guard case .map(let members) = content else { return nil }
        return members.first { $0.name == name }?.value
    }

    var number: DecimalNumber? { if case .number(let number) = content { number } else { nil } }

    func required(_ name: String) throws -> Argument {
        guard let member = self[name] else { throw FixtureError("\(name) is missing", self) }
        return member
    }

    func text() throws -> String {
        guard case .text(let text) = content else { throw FixtureError("a text was expected", self) }
        return text
    }

    func list() throws -> [Argument] {
        guard case .list(let items) = content else { throw FixtureError("a list was expected", self) }
        return items
    }

    func members() throws -> [Member] {
        guard case .map(let members) = content else { throw FixtureError("a mapping was expected", self) }
        return members
    }

    func refuse(besides known: Set<String>) throws {
        for member in try members() where !known.contains(member.name) {
            throw FixtureError("there is no key \(member.name)", self)
        }
    }
}
