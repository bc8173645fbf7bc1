import Files
import Tables

/// Where a cell is, for errors: the file, the column, and the row in the file.
struct CellPlace {
    let file: String
    let column: String
    /// The number in the file, from 0, of the row that is number 0 in the caller's own count.
    let firstRow: Int64

    func error(_ code: String, _ message: String, at row: Int, hint: String? = nil) -> OutputError {
        OutputError(
            code: code, message: "column '\(TextExcerpt.of(column))', row \(firstRow + Int64(row) + 1): \(message)",
            place: file, hint: hint)
    }

    func unfit(at row: Int) -> OutputError {
        error("unfit-value", "the value is none of the type that the file's schema has", at: row)
    }

    func missing(at row: Int) -> OutputError {
        error("missing-value", "a value is missing where the file's schema requires one", at: row)
    }

    func uncomparable(at row: Int) -> OutputError {
        error(
            "uncomparable-value", "the value is none of the column's type", at: row,
            hint: "send the row to quarantine, or have such values written as missing")
    }

    func invalidText(at row: Int) -> OutputError {
        error(
            "invalid-utf8", "the text is not UTF-8", at: row,
            hint: "send the row to quarantine, or have such texts repaired")
    }

    /// The column as a whole is of another type.
    func mismatch(_ type: LogicalType) -> OutputError {
        OutputError(
            code: "wrong-type",
            message: "column '\(TextExcerpt.of(column))': the file's schema has no place for values of type \(type)",
            place: file)
    }
}

/// The whole numbers of so many decimal digits.
enum DecimalDigits {
    /// The largest number of `digits` digits (0 through 38).
    static func largest(_ digits: Int) -> Int128 { powers[min(max(digits, 0), 38)] - 1 }

    /// 10 to the powers 0 through 38.
    static let powers: [Int128] = (0..<38).reduce(into: [1]) { powers, _ in powers.append(powers[powers.count - 1] * 10)
    }
}
