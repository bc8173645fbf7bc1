public import Tables

/// How numbers are written in sentences for people.
public enum Wording {
    /// With thousands separators, as in `4,812`.
    public static func count(_ number: some BinaryInteger) -> String {
        let digits = String(number.magnitude)
        var grouped = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { grouped += "," }
            grouped.append(digit)
        }
        return (number < 0 ? "-" : "") + grouped
    }

    /// `1 row`, `2 rows`.
    public static func count(_ number: Int, _ singular: String, _ plural: String? = nil) -> String {
        "\(count(number)) \(number == 1 ? singular : plural ?? singular + "s")"
    }

    /// As in `0.35%`, `12.3%`, `50%`: two digits after the point below 1 and above 99, one between, without zeros at the
    /// end; never `0%` or `100%` of what is not exactly none or all.
    public static func percent(_ part: Int, of whole: Int) -> String {
        guard whole > 0 else { return "–" }
        if part <= 0 { return "0%" }
        if part >= whole { return "100%" }
        let percent = Double(part) / Double(whole) * 100
        if percent < 0.01 { return "< 0.01%" }
        if percent > 99.99 { return "> 99.99%" }
        let places = percent < 1 || percent > 99 ? 2 : 1
        // Rounding must not reach what the share doesn't.
        let text = decimal(min(percent, places == 2 ? 99.99 : 99), places: places)
        return trimmed(text) + "%"
    }

    /// A share of 0 through 1 as a percentage, exactly: `0.995` is `99.5%`.
    public static func percent(ofShare share: DecimalNumber) -> String {
        let hundredfold =
            share.scale < 2
            ? DecimalNumber(unscaled: share.unscaled * 100, scale: share.scale).reduced
            : DecimalNumber(unscaled: share.unscaled, scale: share.scale - 2).reduced
        return "\(hundredfold)%"
    }

    /// Without zeros at the end of its fraction.
    private static func trimmed(_ text: String) -> String {
        guard text.contains(".") else { return text }
        var text = text
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }

    /// Up to six significant digits, without zeros at the end.
    public static func number(_ value: Double) -> String {
        guard value.isFinite else { return value.description }
        let magnitude = value.magnitude
        if value == value.rounded(), magnitude <= 0x1p53 { return count(Int(value)) }
        guard magnitude >= 1e-4, magnitude < 1e15 else { return value.description }
        var places = 5
        var limit = 10.0
        while magnitude >= limit, places > 1 {
            places -= 1
            limit *= 10
        }
        return trimmed(decimal(value, places: places))
    }

    public static func value(_ value: Value) -> String {
        switch value {
        case .integer(let number): Int(exactly: number).map { count($0) } ?? String(number)
        case .float(let number): Self.number(number)
        case .text(let text): "\"\(text.count > 60 ? text.prefix(60) + "…" : text[...])\""
        default: value.description
        }
    }

    /// `"a", "b" and 3 more`.
    public static func list(_ values: [Value], limit: Int = 6) -> String {
        list(values.map { value($0) }, limit: limit)
    }

    /// The same of words.
    static func list(_ words: [String], limit: Int = 6) -> String {
        let shown = Array(words.prefix(limit))
        let rest = words.count - shown.count
        if rest > 0 { return shown.joined(separator: ", ") + " and \(rest) more" }
        guard shown.count > 1 else { return shown.first ?? "nothing" }
        return shown.dropLast().joined(separator: ", ") + " or " + (shown.last ?? "")
    }

    private static func decimal(_ value: Double, places: Int) -> String {
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        let scaled = (value * scale).rounded()
        let whole = Int((scaled / scale).rounded(.towardZero))
        let fraction = Int(abs(scaled).truncatingRemainder(dividingBy: scale))
        guard places > 0 else { return count(whole) }
        let digits = String(fraction)
        let sign = value < 0 && whole == 0 ? "-" : ""
        return sign + count(whole) + "." + String(repeating: "0", count: places - digits.count) + digits
    }
}

/// What an expectation claims, in words out of which its verdict is made.
public struct Claim: Sendable {
    /// As in `values of amount`, `the mean of amount`, `the table`.
    public let subject: String
    /// As in `are between 0 and 10`.
    public let holds: String
    /// As in `are not between 0 and 10`.
    public let fails: String
    private let isMeasure: Bool

    public init(_ subject: String, holds: String, fails: String) {
        self.subject = subject
        self.holds = holds
        self.fails = fails
        isMeasure = false
    }

    /// A claim about a number, as in `the mean of amount` and `at least 5`.
    init(measure subject: String, _ holds: String) {
        self.subject = subject
        self.holds = holds
        fails = "not \(holds)"
        isMeasure = true
    }

    /// The claim as a rule: `values of amount are between 0 and 10`, `the mean of amount is at least 5`.
    public var rule: String { isMeasure ? "\(subject) is \(holds)" : "\(subject) \(holds)" }
}
