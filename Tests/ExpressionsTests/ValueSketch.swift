import Tables
import TestSupport

/// A random expression of a type: its text, and what it is for a row, worked out the plain way, one value at a time.
///
/// A failure is thrown where SQL would have looked, left to right, and ends the row.
struct ValueSketch {
    enum Kind: CaseIterable { case integer, decimal, text, boolean }
    struct Failed: Error {}
    typealias Row = [String: Value]

    let text: String
    let value: @Sendable (Row) throws(Failed) -> Value

    init(_ text: String, _ value: @escaping @Sendable (Row) throws(Failed) -> Value) {
        (self.text, self.value) = (text, value)
    }

    static let schema = Schema([
        Field("i", .int64), Field("j", .int64), Field("a", .decimal(precision: 10, scale: 2)),
        Field("s", .string), Field("n", .string), Field("b", .boolean),
    ])

    static func columns(rows: Int, _ random: inout SeededGenerator) -> [[Value]] {
        schema.fields.map { field in
            (0..<rows).map { _ in
                if random.chance(15) { return .missing }
                switch field.name {
                case "i", "j": return .integer(random.pick([0, 1, 2, -3, 40, Int128(Int64.max), Int128(Int64.min)]))
                case "a": return .number(random.pick(["0.00", "1.50", "-2.25", "99999999.99"]))
                case "s": return .text(random.pick(["", "a", "Ab", "éß", "日本 x"]))
                case "n": return .text(random.pick(["12", " 7 ", "x", "", "-3"]))
                default: return .boolean(random.chance(50))
                }
            }
        }
    }

    static func random(_ kind: Kind, depth: Int, _ random: inout SeededGenerator) -> ValueSketch {
        if depth == 0 || random.chance(15) { return leaf(kind, &random) }
        if random.chance(25) { return shared(kind, depth, &random) }
        switch kind {
        case .integer: return integer(depth, &random)
        case .decimal: return decimal(depth, &random)
        case .text: return texts(depth, &random)
        case .boolean: return boolean(depth, &random)
        }
    }

    private static func leaf(_ kind: Kind, _ random: inout SeededGenerator) -> ValueSketch {
        let column: String
        switch kind {
        case .integer:
            if random.chance(40) {
                let number = random.pick([0, 1, 2, 5, -1])
                return ValueSketch("\(number)") { _ in .integer(Int128(number)) }
            }
            column = random.pick(["i", "j"])
        case .decimal: column = "a"
        case .text: column = random.pick(["s", "n"])
        case .boolean: column = "b"
        }
        return ValueSketch(column) { $0[column] ?? .missing }
    }

    /// Cases and the like, of any type.
    private static func shared(_ kind: Kind, _ depth: Int, _ random: inout SeededGenerator) -> ValueSketch {
        let (x, y) = (Self.random(kind, depth: depth - 1, &random), Self.random(kind, depth: depth - 1, &random))
        switch Int.random(in: 0..<4, using: &random) {
        case 0:
            let test = Self.random(.boolean, depth: depth - 1, &random)
            return ValueSketch("case when \(test.text) then \(x.text) else \(y.text) end") { row throws(Failed) in
                try test.value(row) == .boolean(true) ? try x.value(row) : try y.value(row)
            }
        case 1:
            return ValueSketch("coalesce(\(x.text), \(y.text))") { row throws(Failed) in
                let first = try x.value(row)
                return first.isMissing ? try y.value(row) : first
            }
        case 2:
            return ValueSketch("nullif(\(x.text), \(y.text))") { row throws(Failed) in
                let (first, second) = (try x.value(row), try y.value(row))
                return !first.isMissing && same(first, second) ? .missing : first
            }
        default:
            return ValueSketch("try(\(x.text))") { row in
                do throws(Failed) { return try x.value(row) } catch { return .missing }
            }
        }
    }

    private static func same(_ left: Value, _ right: Value) -> Bool {
        if case .text(let first) = left, case .text(let second) = right { return first.utf8.elementsEqual(second.utf8) }
        return left == right
    }

    /// A function that is missing where an argument is.
    private static func strict(
        _ text: String, _ parts: [ValueSketch], _ body: @escaping @Sendable ([Value]) throws(Failed) -> Value
    ) -> ValueSketch {
        ValueSketch(text) { row throws(Failed) in
            var values: [Value] = []
            for part in parts { values.append(try part.value(row)) }
            return values.contains(.missing) ? .missing : try body(values)
        }
    }

    private static func integer(_ depth: Int, _ random: inout SeededGenerator) -> ValueSketch {
        let text = Self.random(.text, depth: depth - 1, &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0:
            return strict("length(\(text.text))", [text]) { .integer(Int128($0[0].description.unicodeScalars.count)) }
        case 1:
            return strict("int64(\(text.text))", [text]) { values throws(Failed) in
                let words = values[0].description.split(separator: " ")
                guard words.count == 1, let number = Int64(words[0]) else { throw Failed() }
                return .integer(Int128(number))
            }
        default:
            let parts = [
                Self.random(.integer, depth: depth - 1, &random), Self.random(.integer, depth: depth - 1, &random),
            ]
            let sign = random.pick(["+", "-", "*", "%"])
            return strict("(\(parts[0].text) \(sign) \(parts[1].text))", parts) { values throws(Failed) in
                guard case .integer(let left) = values[0], case .integer(let right) = values[1] else { throw Failed() }
                if sign == "%", right == 0 { throw Failed() }
                let result =
                    sign == "+" ? left + right : sign == "-" ? left - right : sign == "*" ? left * right : left % right
                guard Int64(exactly: result) != nil else { throw Failed() }
                return .integer(result)
            }
        }
    }

    /// Casts bring decimals back to one type, so that any two of them go together.
    private static func decimal(_ depth: Int, _ random: inout SeededGenerator) -> ValueSketch {
        let parts = [
            Self.random(.decimal, depth: depth - 1, &random), Self.random(.decimal, depth: depth - 1, &random),
        ]
        let sign = random.pick(["+", "-", "*"])
        return strict("decimal(\(parts[0].text) \(sign) \(parts[1].text), 10, 2)", parts) { values throws(Failed) in
            guard let left = values[0].exactNumber?.rescaled(to: 2)?.unscaled,
                let right = values[1].exactNumber?.rescaled(to: 2)?.unscaled
            else { throw Failed() }
            var units = sign == "+" ? left + right : left - right
            if sign == "*" {
                let product = left * right
                units = (product.magnitude % 100 >= 50 ? product.signum() : 0) + product / 100
            }
            guard units.magnitude < 10_000_000_000 else { throw Failed() }
            return .decimal(DecimalNumber(unscaled: units, scale: 2))
        }
    }

    private static func texts(_ depth: Int, _ random: inout SeededGenerator) -> ValueSketch {
        let text = Self.random(.text, depth: depth - 1, &random)
        let other = Self.random(.text, depth: depth - 1, &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0:
            return strict("upper(\(text.text))", [text]) {
                .text($0[0].description.unicodeScalars.map(\.properties.uppercaseMapping).joined())
            }
        case 1:
            return strict("trim(\(text.text))", [text]) { values in
                var scalars = Substring(values[0].description).unicodeScalars
                while scalars.first == " " { scalars.removeFirst() }
                while scalars.last == " " { scalars.removeLast() }
                return .text(String(scalars))
            }
        case 2:
            return strict("(\(text.text) || \(other.text))", [text, other]) {
                .text($0[0].description + $0[1].description)
            }
        case 3:
            return strict("substring(\(text.text), 2, 2)", [text]) { values in
                .text(String(String.UnicodeScalarView(values[0].description.unicodeScalars.dropFirst().prefix(2))))
            }
        default:
            return ValueSketch("concat(\(text.text), \(other.text))") { row throws(Failed) in
                let values = [try text.value(row), try other.value(row)]
                return .text(values.filter { !$0.isMissing }.map(\.description).joined())
            }
        }
    }

    private static func boolean(_ depth: Int, _ random: inout SeededGenerator) -> ValueSketch {
        let (x, y) = (
            Self.random(.boolean, depth: depth - 1, &random), Self.random(.boolean, depth: depth - 1, &random)
        )
        switch Int.random(in: 0..<5, using: &random) {
        case 0:
            return ValueSketch("(\(x.text) and \(y.text))") { row throws(Failed) in
                let left = try x.value(row)
                if left == .boolean(false) { return left }
                let right = try y.value(row)
                return right == .boolean(false) ? right : left.isMissing ? left : right
            }
        case 1:
            return ValueSketch("(\(x.text) or \(y.text))") { row throws(Failed) in
                let left = try x.value(row)
                if left == .boolean(true) { return left }
                let right = try y.value(row)
                return right == .boolean(true) ? right : left.isMissing ? left : right
            }
        case 2:
            return strict("(not \(x.text))", [x]) { .boolean($0[0] == .boolean(false)) }
        case 3:
            let subject = Self.random(random.pick(Kind.allCases), depth: depth - 1, &random)
            return ValueSketch("(\(subject.text) is null)") { row throws(Failed) in
                .boolean(try subject.value(row).isMissing)
            }
        default:
            let parts = [
                Self.random(.integer, depth: depth - 1, &random), Self.random(.integer, depth: depth - 1, &random),
            ]
            let sign = random.pick(["<", "=", "<>", ">="])
            return strict("(\(parts[0].text) \(sign) \(parts[1].text))", parts) { values throws(Failed) in
                guard case .integer(let left) = values[0], case .integer(let right) = values[1] else { throw Failed() }
                return .boolean(
                    sign == "<"
                        ? left < right : sign == "=" ? left == right : sign == "<>" ? left != right : left >= right)
            }
        }
    }
}
