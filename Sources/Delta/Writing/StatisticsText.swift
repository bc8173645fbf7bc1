import Parquet
import Tables

/// The statistics of a file that was written, as `add.stats` has them (Delta protocol, Per-file Statistics).
///
/// Where a column that others have bounds of has none, some readers take the file for one without a row that fits: there are bounds
/// wherever the protocol has a spelling for them.
struct StatisticsText {
    private let summary: ParquetFileSummary
    private let columns: IndexedColumns
    /// Unicode scalars of a text's bound.
    private static let textLimit = 32

    init(_ summary: ParquetFileSummary, _ columns: IndexedColumns) {
        self.summary = summary
        self.columns = columns
    }

    var json: JSON {
        var least: [JSON.Member] = []
        var greatest: [JSON.Member] = []
        var missing: [JSON.Member] = []
        for column in summary.columns where column.leaf.path.count == 1 && columns.contains(column.leaf.path[0]) {
            let name = column.leaf.path[0]
            missing.append(.init(name, .integer(column.nullCount)))
            // A file with NaN has bounds that don't bound it.
            guard column.nanCount == 0 else { continue }
            if let bound = column.least.flatMap({ Self.lower($0) }) { least.append(.init(name, bound)) }
            if let bound = column.greatest.flatMap({ Self.upper($0) }) {
                greatest.append(.init(name, bound))
            }
        }
        return .object([
            .init("numRecords", .integer(summary.rowCount)), .init("minValues", .object(least)),
            .init("maxValues", .object(greatest)), .init("nullCount", .object(missing)),
        ])
    }

    /// A value that is not above.
    private static func lower(_ value: ParquetValue) -> JSON? {
        if case .text(let text) = value {
            return .string(String(String.UnicodeScalarView(text.unicodeScalars.prefix(textLimit))))
        }
        if case .timestamp(let ticks, .microseconds, let isUTC) = value { return timestamp(ticks.floored, isUTC) }
        return plain(value)
    }

    /// A value that is not below.
    private static func upper(_ value: ParquetValue) -> JSON? {
        if case .text(let text) = value {
            let scalars = text.unicodeScalars
            guard scalars.count > textLimit else { return .string(text) }
            // Behind the last of all scalars nothing comes that starts the same: such a text is left whole.
            let next = scalars[scalars.index(scalars.startIndex, offsetBy: textLimit)]
            guard next != "\u{10FFFF}" else { return .string(text) }
            return .string(String(String.UnicodeScalarView(scalars.prefix(textLimit))) + "\u{10FFFF}")
        }
        if case .timestamp(let ticks, .microseconds, let isUTC) = value {
            let (raised, isOverflow) = ticks.addingReportingOverflow(999)
            // The last millisecond of the year 9999 can't be raised.
            return (isOverflow ? nil : timestamp(raised.floored, isUTC)) ?? timestamp(ticks, isUTC)
        }
        return plain(value)
    }

    private static func plain(_ value: ParquetValue) -> JSON? {
        switch value {
        case .boolean(let bit): .boolean(bit)
        case .int64(let number): .integer(number)
        case .uint64(let number): .integer(number)
        case .float(let number): Self.number(Double(number), text: number.description)
        case .double(let number): Self.number(number, text: number.description)
        case .decimal(let unscaled, let scale): .number(DecimalNumber(unscaled: unscaled, scale: scale).description)
        case .date(let days): year(Int(days)).map { _ in .string(CivilTime.format(days: Int(days))) }
        default: nil
        }
    }

    /// Infinities are spelled as Spark spells them, for JSON has none.
    private static func number(_ number: Double, text: String) -> JSON {
        number.isFinite ? .number(text) : .string(number < 0 ? "-Infinity" : "Infinity")
    }

    /// With three digits behind the second, which every reader understands, or as many as there are; years of four digits only.
    private static func timestamp(_ microseconds: Int64, _ isUTC: Bool) -> JSON? {
        let (days, time) = microseconds.flooredDivision(by: CivilTime.microsecondsPerDay)
        guard year(Int(days)) != nil else { return nil }
        let clock = CivilTime.format(timeOfDay: time)
        let fraction = clock.utf8.count > 8 ? clock.dropFirst(9) : ""
        let digits = fraction + String(repeating: "0", count: max(0, 3 - fraction.utf8.count))
        let text = "\(CivilTime.format(days: Int(days)))T\(clock.prefix(8)).\(digits)"
        return .string(isUTC ? text + "Z" : text)
    }

    private static func year(_ days: Int) -> Int? {
        let year = CivilTime.civil(days: days).year
        return (0...9_999).contains(year) ? year : nil
    }
}

extension Int64 {
    /// The whole millisecond, in microseconds, at or before; the first instant there is where that lies before it.
    fileprivate var floored: Int64 { addingClamped(-flooredDivision(by: 1_000).remainder) }
}
