import Expectations
import Tables

/// A text of a YAML file, and whether it may stand for something other than text.
struct YAMLScalar: Sendable {
    let text: String
    /// Without quotes: resolved by the core schema.
    let isPlain: Bool
    /// The text before variables of the environment were filled in; `nil` where there were none.
    var written: String?

    /// What the text stands for, by the core schema of YAML 1.2: `NO`, `yes`, `on` and dates stay texts.
    var resolved: Argument.Content { isPlain ? Self.resolve(text) : .text(text) }

    static func resolve(_ text: String) -> Argument.Content {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .boolean(true)
        case "false", "False", "FALSE": return .boolean(false)
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .float(.infinity)
        case "-.inf", "-.Inf", "-.INF": return .float(-.infinity)
        case ".nan", ".NaN", ".NAN": return .float(.nan)
        default: break
        }
        if let number = based(text) { return number }
        guard isDecimal(text.utf8) else { return .text(text) }
        if let number = DecimalNumber(text) { return .number(number) }
        // Beyond all doubles there is only the text.
        guard let number = Double(text), number.isFinite else { return .text(text) }
        return .float(number)
    }

    /// `0x1F` and `0o17`; unsigned, as the core schema has them.
    private static func based(_ text: String) -> Argument.Content? {
        guard text.hasPrefix("0x") || text.hasPrefix("0o") else { return nil }
        let digits = text.utf8.dropFirst(2)
        let radix = text.hasPrefix("0x") ? 16 : 8
        let isNumber = !digits.isEmpty && digits.allSatisfy { Int(String(UnicodeScalar($0)), radix: radix) != nil }
        guard isNumber else { return nil }
        if let number = Int128(String(text.dropFirst(2)), radix: radix) { return .number(DecimalNumber(number)) }
        return .float(
            digits.reduce(0.0) { $0 * Double(radix) + Double(Int(String(UnicodeScalar($1)), radix: radix) ?? 0) })
    }

    // [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
    private static func isDecimal(_ bytes: String.UTF8View) -> Bool {
        var rest = bytes[...]
        func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 <= 9 }
        func skipSign() { if let first = rest.first, first == 0x2B || first == 0x2D { rest = rest.dropFirst() } }
        func skipDigits() -> Int {
            let digits = rest.prefix(while: isDigit)
            rest = rest.dropFirst(digits.count)
            return digits.count
        }
        skipSign()
        let whole = skipDigits()
        var fraction = 0
        if rest.first == 0x2E {
            rest = rest.dropFirst()
            fraction = skipDigits()
        }
        guard whole + fraction > 0 else { return false }
        if let first = rest.first, first | 0x20 == 0x65 {
            rest = rest.dropFirst()
            skipSign()
            guard skipDigits() > 0 else { return false }
        }
        return rest.isEmpty
    }
}
