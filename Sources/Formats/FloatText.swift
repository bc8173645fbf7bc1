import Foundation
import Tables

/// What doubles look like in texts with as many digits as somebody wrote.
enum FloatText {
    /// No whole number up to here is another one as a double.
    static let greatestWhole: UInt64 = 1 << 53

    /// Whether the nearest double of a number, which has no spaces around it, is to be taken for it.
    static func holds(_ nearest: Double, _ number: UnsafeRawBufferPointer) -> Bool {
        guard NumberText.hasPlainDigits(number) else { return writes(nearest, as: number) }
        return NumberText.int64(number).map { $0.magnitude <= greatestWhole } ?? false
    }

    /// Whether a double, written with as many digits as a number, is that number: then no other double is nearer, and no other
    /// number of so many digits is the same double.
    ///
    /// It costs a comparison of digits where it is the shortest text of the double, as most
    /// programs write it, else about a microsecond.
    private static func writes(_ value: Double, as number: UnsafeRawBufferPointer) -> Bool {
        var shortest = value.description
        if shortest.withUTF8({ haveSameDigits(UnsafeRawBufferPointer($0), number) }) { return true }
        var exact = text(of: value, like: number)
        return exact.withUTF8 { haveSameDigits(UnsafeRawBufferPointer($0), number) }
    }

    /// With an exponent where the number has one, and as many digits behind the point.
    private static func text(of value: Double, like number: UnsafeRawBufferPointer) -> String {
        let exponent = number.firstIndex { $0 | 0x20 == 0x65 }
        let digits = number[..<(exponent ?? number.endIndex)]
        guard exponent != nil else {
            let point = digits.firstIndex(of: 0x2E) ?? digits.endIndex - 1
            return String(format: "%.\(digits.endIndex - 1 - point)f", value)
        }
        let significant = digits.filter { $0 &- 0x30 <= 9 }.drop { $0 == 0x30 }.count
        return String(format: "%.\(max(1, significant) - 1)e", value)
    }

    /// Whether two numbers have the same digits, zeros in front and at the end aside.
    private static func haveSameDigits(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        var left = Digits(left)
        var right = Digits(right)
        while true {
            let (first, second) = (left.next(), right.next())
            if first == nil, second == nil { return true }
            // What one lacks are zeros.
            guard (first ?? 0) == (second ?? 0) else { return false }
        }
    }

    /// The digits of a number, from the first that is no zero to its exponent.
    private struct Digits {
        private let bytes: UnsafeRawBufferPointer
        private var index = 0

        init(_ bytes: UnsafeRawBufferPointer) {
            self.bytes = bytes
            while index < bytes.count, bytes[index] | 0x20 != 0x65, !(0x31...0x39).contains(bytes[index]) { index += 1 }
        }

        mutating func next() -> UInt8? {
            if index < bytes.count, bytes[index] == 0x2E { index += 1 }
            guard index < bytes.count, bytes[index] &- 0x30 <= 9 else { return nil }
            defer { index += 1 }
            return bytes[index] &- 0x30
        }
    }
}
