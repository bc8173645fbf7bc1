import Tables

/// Turns columns of data files into those of the table, where the table's type became wider after a file was written
/// (Delta protocol, Type Widening), or the file says less than the table knows.
enum ColumnConversion {
    /// The column as the table has it; `nil` where its values are none of the table's type.
    static func convert(_ column: Column, to type: LogicalType) -> Column? {
        if column.type == type { return column }
        if column.present.isEmpty { return Column(missing: type, count: column.count) }
        guard let values = values(column, type) else { return nil }
        return Column(
            type: type, present: column.present, uncomparable: column.uncomparable, values: values,
            lexemes: column.lexemes, dictionary: column.dictionary)
    }

    private static func values(_ column: Column, _ type: LogicalType) -> ColumnValues? {
        switch (column.values, type) {
        case (.none, _) where isWidening(column.type, type): return ColumnValues.none
        case (.int64(let values), .float64):
            // Whole numbers become floating-point ones only from 32 bits, which these hold exactly.
            let isExact = values.allSatisfy { $0.magnitude <= 1 << 53 }
            return isExact ? .float64(values.map { Double($0) }) : nil
        case (.int64(let values), .decimal(let precision, let scale)):
            return decimals(values.lazy.map { Int128($0) }, column.typed, by: scale, precision, scale)
        case (.uint64(let values), .decimal(let precision, let scale)):
            return decimals(values.lazy.map { Int128($0) }, column.typed, by: scale, precision, scale)
        case (.decimal(let values, let own), .decimal(let precision, let scale)) where own <= scale:
            return decimals(values.lazy.map { Int128($0) }, column.typed, by: scale - own, precision, scale)
        case (.wideDecimal(let values, let own), .decimal(let precision, let scale)) where own <= scale:
            return decimals(values, column.typed, by: scale - own, precision, scale)
        case (.date(let days), .timestamp):
            return .timestamp(days.map { CivilTime.midnight(ofDay: Int($0)) })
        case (.text, _) where isWidening(column.type, type): return column.values
        default: return nil
        }
    }

    /// Whether values of one type are values of the other as they stand, or become so by widening.
    private static func isWidening(_ type: LogicalType, _ wider: LogicalType) -> Bool {
        switch (type, wider) {
        case (.int64, .float64), (.int64, .decimal), (.decimal, .decimal), (.date, .timestamp): true
        // Writers of old leave out that bytes are text.
        case (.binary, .string): true
        default: false
        }
    }

    /// Decimals of a greater scale; `nil` where one doesn't fit the precision.
    private static func decimals(
        _ values: some Sequence<Int128>, _ typed: Bitmap, by digits: Int, _ precision: Int, _ scale: Int
    ) -> ColumnValues? {
        let factor = DecimalNumber.powerOfTen(digits)
        let limit = DecimalNumber.powerOfTen(precision)
        var wide: [Int128] = []
        for (row, value) in values.enumerated() {
            let (product, isOverflow) = value.multipliedReportingOverflow(by: factor)
            guard !isOverflow, product.magnitude < limit.magnitude else {
                guard !typed[row] else { return nil }
                wide.append(0)
                continue
            }
            wide.append(product)
        }
        return precision <= 18
            ? .decimal(wide.map { Int64(truncatingIfNeeded: $0) }, scale: scale) : .wideDecimal(wide, scale: scale)
    }
}
