import Tables
import TestSupport

@testable import Parquet

/// A table of random fields and rows, the same for the same seed.
struct RandomTable {
    let fields: [SchemaNode]
    let rows: [ParquetValue]

    init(seed: UInt64, rowCount: Int, isFlat: Bool = false) {
        var generator = SeededGenerator(seed: seed)
        var fields: [SchemaNode] = []
        var columns: [[ParquetValue]] = []
        for (index, type) in Self.types.enumerated() {
            let isNullable = generator.chance(80)
            let node = SchemaNode.leaf("c\(index)", type, isNullable: isNullable)
            fields.append(node)
            columns.append(Self.column(node, type, rowCount, &generator))
        }
        if !isFlat {
            for index in 0..<6 {
                let node = Self.nested("n\(index)", depth: 0, &generator)
                fields.append(node)
                columns.append((0..<rowCount).map { _ in Self.value(node, &generator) })
            }
        }
        let names = fields.map(\.name)
        rows = (0..<rowCount).map { row in
            .structure(zip(names, columns).map { ParquetValue.Member(name: $0, value: $1[row]) })
        }
        self.fields = fields
    }

    /// The columns of the leaves at the top, as batches hold them.
    func columns(_ range: Range<Int>) -> [Column] {
        fields.indices.map { index in
            let values = rows[range].map { row -> ParquetValue in
                guard case .structure(let members) = row else { return .null }
                return members[index].value
            }
            return Column(values, of: Self.types[index])
        }
    }

    static let types: [StoredType] = [
        .boolean, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64, .float, .double,
        .decimal(precision: 5, scale: 2), .decimal(precision: 9, scale: 9), .decimal(precision: 18, scale: 3),
        .decimal(precision: 19, scale: 0), .decimal(precision: 38, scale: 10), .string, .binary, .date,
        .time(.microseconds, isUTC: false), .timestamp(.microseconds, isUTC: true), .fixed(3),
    ]

    /// Few different values, many, or runs; and missing ones among them, or nothing else.
    private static func column(
        _ node: SchemaNode, _ type: StoredType, _ count: Int, _ generator: inout SeededGenerator
    ) -> [ParquetValue] {
        let missing = node.repetition == .optional ? generator.pick([0, 1, 30, 100]) : 0
        let pool = (0..<generator.pick([1, 3, 200])).map { _ in leaf(type, &generator) }
        let share = generator.pick([0, 50, 100])
        var values: [ParquetValue] = []
        while values.count < count {
            let value = generator.chance(share) ? leaf(type, &generator) : generator.pick(pool)
            let run = generator.chance(5) ? Int.random(in: 1...60, using: &generator) : 1
            for _ in 0..<min(run, count - values.count) { values.append(generator.chance(missing) ? .null : value) }
        }
        return values
    }

    private static func nested(_ name: String, depth: Int, _ generator: inout SeededGenerator) -> SchemaNode {
        let isNullable = generator.chance(70)
        switch Int.random(in: depth > 2 ? 3..<5 : 0..<5, using: &generator) {
        case 0: return .list(name, of: nested("element", depth: depth + 1, &generator), isNullable: isNullable)
        case 1:
            return .map(
                name, key: .leaf("key", .string, isNullable: false),
                value: nested("value", depth: depth + 1, &generator), isNullable: isNullable)
        case 2:
            return .structure(
                name, (0..<3).map { nested("f\($0)", depth: depth + 1, &generator) }, isNullable: isNullable)
        default:
            return .leaf(name, generator.pick([.int64, .string, .boolean, .double, .int16]), isNullable: isNullable)
        }
    }

    private static func value(_ node: SchemaNode, _ generator: inout SeededGenerator) -> ParquetValue {
        if node.repetition == .optional, generator.chance(20) { return .null }
        let count = generator.pick([0, 1, 1, 2, 5])
        guard case .group(let children) = node.content else {
            return leaf(Self.types.first { $0.physical == stored(node) } ?? .string, &generator)
        }
        switch node.annotation {
        case .list: return .list((0..<count).map { _ in value(children[0].children[0], &generator) })
        case .map:
            return .map(
                (0..<count).map { index in
                    // Different keys: DuckDB refuses maps with equal ones.
                    ParquetValue.Entry(key: .text("k\(index)"), value: value(children[0].children[1], &generator))
                })
        default:
            return .structure(children.map { ParquetValue.Member(name: $0.name, value: value($0, &generator)) })
        }
    }

    private static func stored(_ node: SchemaNode) -> (PhysicalType, Int, Annotation?) {
        guard case .leaf(let type, let length) = node.content else { return (.boolean, 0, nil) }
        return (type, length, node.annotation)
    }

    private static let texts = [
        "", "a", "käse", "日本語のとても長い文字列がここにあります、六十四バイトを超えるほど", "\u{10FFFF}\u{10FFFF}", "line\nbreak",
        String(repeating: "x", count: 64), String(repeating: "x", count: 65), String(repeating: "é", count: 40),
        String(repeating: "\u{10FFFF}", count: 20), "0", "00", "\u{0}", "-", "nan", "NULL",
    ]

    static func leaf(_ type: StoredType, _ generator: inout SeededGenerator) -> ParquetValue {
        func number(_ range: ClosedRange<Int64>) -> Int64 {
            generator.chance(10)
                ? generator.pick([range.lowerBound, range.upperBound, 0]) : Int64.random(in: range, using: &generator)
        }
        func decimal(_ precision: Int, _ scale: Int) -> ParquetValue {
            let largest = DecimalDigits.largest(precision)
            let value =
                generator.chance(20)
                ? generator.pick([largest, -largest, 0, 1, -1])
                : Int128.random(in: -largest...largest, using: &generator)
            return .decimal(unscaled: value, scale: scale)
        }
        let doubles: [Double] = [
            .nan, .infinity, -.infinity, 0, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
        ]
        switch type {
        case .boolean: return .boolean(generator.chance(50))
        case .int8: return .int64(number(-128...127))
        case .int16: return .int64(number(-32_768...32_767))
        case .int32: return .int64(number(Int64(Int32.min)...Int64(Int32.max)))
        case .int64: return .int64(number(.min ... .max))
        case .uint8: return .uint64(UInt64(number(0...255)))
        case .uint16: return .uint64(UInt64(number(0...65_535)))
        case .uint32: return .uint64(UInt64(number(0...Int64(UInt32.max))))
        case .uint64: return .uint64(generator.chance(20) ? generator.pick([0, .max]) : generator.next())
        case .float:
            return .float(
                generator.chance(20) ? Float(generator.pick(doubles)) : Float.random(in: -1e6...1e6, using: &generator))
        case .double:
            return .double(
                generator.chance(20) ? generator.pick(doubles) : Double.random(in: -1e9...1e9, using: &generator))
        case .decimal(let precision, let scale): return decimal(precision, scale)
        case .string, .json:
            return .text(generator.chance(30) ? generator.pick(texts) : "text \(number(-10_000...10_000))")
        case .binary, .uuid:
            let length = generator.pick([0, 1, 7, 8, 9, 63, 64, 65, 200])
            return .binary(
                (0..<length).map { _ in generator.pick([0, 0xFF, UInt8.random(in: 0...255, using: &generator)]) })
        case .fixed(let length): return .binary((0..<length).map { _ in generator.pick([0, 0x7F, 0x80, 0xFF]) })
        // DuckDB takes the ends of the ranges for infinities.
        case .date: return .date(days: Int32(number(-2_000_000...2_000_000)))
        case .time: return .time(ticks: number(0...86_399_999_999), unit: .microseconds, isUTC: false)
        case .timestamp:
            return .timestamp(ticks: number(-(1 << 60)...1 << 60), unit: .microseconds, isUTC: true)
        }
    }
}

extension Column {
    /// A column of a batch, of values as rows have them.
    init(_ values: [ParquetValue], of type: StoredType) {
        let present = Bitmap(values.map { !$0.isNull })
        func pick<Element>(_ filler: Element, _ convert: (ParquetValue) -> Element?) -> [Element] {
            values.map { convert($0) ?? filler }
        }
        let logical: LogicalType
        let storage: ColumnValues
        switch type {
        case .boolean:
            (logical, storage) = (
                .boolean, .boolean(Bitmap(pick(false) { if case .boolean(let bit) = $0 { bit } else { nil } }))
            )
        case .int8, .int16, .int32, .int64:
            (logical, storage) = (.int64, .int64(pick(7) { if case .int64(let number) = $0 { number } else { nil } }))
        case .uint8, .uint16, .uint32, .uint64:
            (logical, storage) = (
                .uint64, .uint64(pick(7) { if case .uint64(let number) = $0 { number } else { nil } })
            )
        case .float:
            (logical, storage) = (
                .float64, .float64(pick(7) { if case .float(let number) = $0 { Double(number) } else { nil } })
            )
        case .double:
            (logical, storage) = (
                .float64, .float64(pick(7) { if case .double(let number) = $0 { number } else { nil } })
            )
        case .decimal(let precision, let scale):
            logical = .decimal(precision: precision, scale: scale)
            let numbers = pick(Int128(7)) { if case .decimal(let number, _) = $0 { number } else { nil } }
            storage =
                precision <= 18
                ? .decimal(numbers.map { Int64($0) }, scale: scale) : .wideDecimal(numbers, scale: scale)
        case .date:
            (logical, storage) = (.date, .date(pick(7) { if case .date(let days) = $0 { days } else { nil } }))
        case .time:
            (logical, storage) = (.time, .time(pick(7) { if case .time(let ticks, _, _) = $0 { ticks } else { nil } }))
        case .timestamp:
            (logical, storage) = (
                .timestamp, .timestamp(pick(7) { if case .timestamp(let ticks, _, _) = $0 { ticks } else { nil } })
            )
        case .string, .json, .binary, .uuid, .fixed:
            logical = type == .string ? .string : .binary
            storage = .text(
                TextCells(
                    bytesOf: pick([0x21]) { value in
                        switch value {
                        case .text(let text): Array(text.utf8)
                        case .binary(let bytes): bytes
                        default: nil
                        }
                    }))
        }
        self.init(type: logical, present: present, values: storage)
    }
}

extension TextCells {
    init(bytesOf cells: [[UInt8]]) {
        var starts: [UInt32] = []
        var bytes: [UInt8] = []
        for cell in cells {
            starts.append(UInt32(bytes.count))
            bytes += cell
        }
        self.init(bytes: bytes, starts: starts, lengths: cells.map { UInt32($0.count) })
    }
}
