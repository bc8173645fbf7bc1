import Foundation
import Parquet
import Tables

/// Values as the corpora write them: JSON, and objects with one key that begins with `$` for what JSON can't say.
enum TaggedJSON {
    /// Why a value isn't the expected one; `nil` where it is.
    static func difference(_ value: ParquetValue, _ expected: JSON, path: String = "") -> String? {
        if case .object(let members) = expected, members.count > 0, members[0].name.hasPrefix("$") {
            return tagged(value, members) ? nil : "\(path): \(value), expected \(expected.text())"
        }
        switch (value, expected) {
        case (.null, .null): return nil
        case (.boolean(let found), .boolean(let wanted)) where found == wanted: return nil
        case (.int64(let found), .number(let wanted)) where found.description == wanted: return nil
        case (.uint64(let found), .number(let wanted)) where found.description == wanted: return nil
        case (.float(let found), .number(let wanted)) where same(Double(found), Double(wanted)): return nil
        case (.double(let found), .number(let wanted)) where same(found, Double(wanted)): return nil
        case (.text(let found), .string(let wanted)) where found.utf8.elementsEqual(wanted.utf8): return nil
        case (.list(let found), .array(let wanted)) where found.count == wanted.count:
            for index in found.indices {
                if let reason = difference(found[index], wanted[index], path: "\(path)[\(index)]") { return reason }
            }
            return nil
        case (.structure(let found), .object(let wanted)) where found.map(\.name) == wanted.map(\.name):
            for index in found.indices {
                let reason = difference(found[index].value, wanted[index].value, path: "\(path).\(found[index].name)")
                if let reason { return reason }
            }
            return nil
        default: return "\(path): \(value), expected \(expected.text())"
        }
    }

    private static func same(_ found: Double, _ wanted: Double?) -> Bool {
        found.bitPattern == wanted?.bitPattern
    }

    private static func tagged(_ value: ParquetValue, _ members: [JSON.Member]) -> Bool {
        guard let tag = members.first else { return false }
        let unit = members.first { $0.name == "unit" }?.value
        let zone = members.first { $0.name == "tz" }?.value
        switch (tag.name, value, tag.value) {
        case ("$float", .float(let found), .string(let wanted)): return same(Double(found), wanted)
        case ("$float", .double(let found), .string(let wanted)): return same(found, wanted)
        case ("$decimal", .decimal(let unscaled, let scale), .string(let wanted)):
            return decimal(unscaled, scale) == wanted
        case ("$decimal", .wideDecimal(let unscaled, let scale), .string(let wanted)):
            return wide(unscaled, scale) == wanted
        case ("$binary", .binary(let found), .string(let wanted)): return found == base64(wanted)
        case ("$binary", .uuid(let found), .string(let wanted)):
            return withUnsafeBytes(of: found.bigEndian) { Array($0) } == base64(wanted)
        case ("$interval", .interval(let months, let days, let milliseconds), .array(let wanted)):
            return wanted == [.integer(months), .integer(days), .integer(milliseconds)]
        case ("$date", .date(let days), .string(let wanted)): return CivilTime.format(days: Int(days)) == wanted
        case ("$time", .time(let ticks, let found, _), .string(let wanted)):
            return clock(ticks, found) == wanted && unit == name(found)
        case ("$timestamp", .timestamp(let ticks, let found, let isUTC), .string(let wanted)):
            let day = 86_400 * found.ticksPerSecond
            let days = Int((Double(ticks) / Double(day)).rounded(.down))
            let exact = Int64(days) * day > ticks ? days - 1 : ticks - Int64(days) * day >= day ? days + 1 : days
            let text = "\(CivilTime.format(days: exact))T\(clock(ticks - Int64(exact) * day, found))"
            // An INT96 beyond 64 bits of nanoseconds is in microseconds.
            let isWider =
                unit == .string("ns") && found == .microseconds && Int64(exactly: Int128(ticks) * 1_000) == nil
            return (isWider ? text + "000" : text) == ordinaryYear(wanted) && (isWider || unit == name(found))
                && isUTC == (zone != .null)
        case ("$out_of_range", .timestamp, _), ("$out_of_range", .binary, _): return true
        case ("$map", .map(let found, _), .array(let wanted)):
            guard found.count == wanted.count else { return false }
            return zip(found, wanted).allSatisfy { entry, pair in
                guard case .array(let parts) = pair, parts.count == 2 else { return false }
                return difference(entry.key, parts[0]) == nil && difference(entry.value, parts[1]) == nil
            }
        default: return false
        }
    }

    private static func same(_ found: Double, _ wanted: String) -> Bool {
        wanted == "NaN" ? found.isNaN : wanted == "Infinity" ? found == .infinity : found == -.infinity
    }

    /// The corpus writes years beyond 9999 with six digits, as in `+052951`; here they are `+52951`.
    private static func ordinaryYear(_ text: String) -> String {
        text.hasPrefix("+") ? "+" + text.dropFirst().drop { $0 == "0" } : text
    }

    private static func base64(_ text: String) -> [UInt8]? { Data(base64Encoded: text).map { Array($0) } }

    private static func decimal(_ unscaled: Int128, _ scale: Int) -> String {
        var digits = String(unscaled.magnitude)
        while digits.count <= scale { digits = "0" + digits }
        if scale > 0 { digits.insert(".", at: digits.index(digits.endIndex, offsetBy: -scale)) }
        return unscaled < 0 ? "-" + digits : digits
    }

    /// By repeated doubling of decimal digits, so that no code under test is asked.
    private static func wide(_ bytes: [UInt8], _ scale: Int) -> String {
        let isNegative = bytes.first.map { $0 >= 0x80 } ?? false
        var digits: [Int] = [0]
        func double(adding bit: Int) {
            var carry = bit
            for index in digits.indices {
                let value = digits[index] * 2 + carry
                digits[index] = value % 10
                carry = value / 10
            }
            if carry > 0 { digits.append(carry) }
        }
        // The magnitude of a negative number is its complement and one more.
        for byte in bytes {
            for place in (0..<8).reversed() { double(adding: Int((isNegative ? ~byte : byte) >> UInt8(place) & 1)) }
        }
        if isNegative {
            var index = 0
            while index < digits.count, digits[index] == 9 { digits[index] = 0; index += 1 }
            if index < digits.count { digits[index] += 1 } else { digits.append(1) }
        }
        while digits.count <= scale { digits.append(0) }
        var text = digits.reversed().map(String.init).joined()
        if scale > 0 { text.insert(".", at: text.index(text.endIndex, offsetBy: -scale)) }
        return isNegative ? "-" + text : text
    }

    private static func name(_ unit: TimeUnit) -> JSON {
        .string(unit == .milliseconds ? "ms" : unit == .microseconds ? "us" : "ns")
    }

    private static func clock(_ ticks: Int64, _ unit: TimeUnit) -> String {
        let (seconds, fraction) = ticks.quotientAndRemainder(dividingBy: unit.ticksPerSecond)
        func pad(_ number: Int64, _ width: Int) -> String {
            String(repeating: "0", count: max(0, width - String(number).count)) + String(number)
        }
        let digits = String(unit.ticksPerSecond).count - 1
        return "\(pad(seconds / 3600, 2)):\(pad(seconds / 60 % 60, 2)):\(pad(seconds % 60, 2)).\(pad(fraction, digits))"
    }
}
