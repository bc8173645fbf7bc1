import Expectations
import Foundation

/// Numbers that stand beside a chart: few digits, as it is a glance, but as many as it takes to tell them apart.
///
/// What isn't whole doesn't look whole, and no more than 15 digits are told: what differs less differs by how it was reckoned.
struct ChartNumbers {
    private static let fewDigits = 4
    private static let mostDigits = 15
    /// Digits beyond which a number that is nearly whole may look whole.
    private static let wholeDigits = 12

    /// Digits behind the point that tell the two apart that are closest.
    private let places: Int

    /// `values` are all that stand beside the chart; finite.
    init(_ values: [Double]) {
        let sorted = values.sorted()
        let distance = zip(sorted, sorted.dropFirst()).map { $1 - $0 }.filter { $0 > 0 && $0.isFinite }.min()
        places = distance.map { Int((-log10($0)).rounded(.up)) } ?? 0
    }

    func text(_ value: Double) -> String {
        if value == value.rounded(), abs(value) < 1e15 { return Wording.count(Int(value)) }
        let exponent = Int(log10(abs(value)).rounded(.down))
        var places = max(Self.fewDigits - 1 - exponent, self.places)
        while places + exponent < Self.wholeDigits - 1, isWhole(value, to: places) { places += 1 }
        places = min(places, Self.mostDigits - 1 - exponent)
        if -4..<15 ~= exponent {
            return PageWording.grouped(Self.trimmed(String(format: "%.\(max(0, places))f", value)))
        }
        let parts = String(format: "%.\(max(0, places + exponent))e", value).split(separator: "e")
        return "\(Self.trimmed(String(parts[0])))e\(Int(parts[1]) ?? exponent)"
    }

    private func isWhole(_ value: Double, to places: Int) -> Bool {
        guard places > 0 else { return true }
        return !Self.trimmed(String(format: "%.\(places)f", value)).contains(".")
    }

    private static func trimmed(_ digits: String) -> String {
        guard digits.contains(".") else { return digits }
        let text = String(digits.reversed().drop { $0 == "0" }.reversed())
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }
}
