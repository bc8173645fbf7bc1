import Tables

/// Turns a number as it is stored into a column's element.
///
/// Conversions are types, so that the loops over values are made for each.
protocol NumberConversion {
    associatedtype Physical: PhysicalNumber
    associatedtype Element
    static var filler: Element { get }
    /// False where the value has no element; the element is then a filler.
    static func convert(_ value: Physical, _ element: inout Element) -> Bool
    /// Whether values may be read to where elements lie.
    static var isIdentity: Bool { get }
}

extension NumberConversion {
    static var isIdentity: Bool { false }
}

/// Numbers that are stored as columns hold them.
protocol Identity: NumberConversion where Physical == Element {}

extension Identity {
    static var isIdentity: Bool { true }

    @inline(__always)
    static func convert(_ value: Physical, _ element: inout Element) -> Bool {
        element = value
        return true
    }
}

enum Days: Identity { typealias Physical = Int32; typealias Element = Int32; static let filler: Int32 = 0 }
enum Whole64: Identity { typealias Physical = Int64; typealias Element = Int64; static let filler: Int64 = 0 }
enum Float64: Identity { typealias Physical = Double; typealias Element = Double; static let filler = 0.0 }

enum Whole32: NumberConversion {
    static let filler: Int64 = 0
    @inline(__always)
    static func convert(_ value: Int32, _ element: inout Int64) -> Bool {
        element = Int64(value)
        return true
    }
}

enum Unsigned32: NumberConversion {
    static let filler: UInt64 = 0
    @inline(__always)
    static func convert(_ value: Int32, _ element: inout UInt64) -> Bool {
        element = UInt64(UInt32(bitPattern: value))
        return true
    }
}

enum Unsigned64: NumberConversion {
    static let filler: UInt64 = 0
    @inline(__always)
    static func convert(_ value: Int64, _ element: inout UInt64) -> Bool {
        element = UInt64(bitPattern: value)
        return true
    }
}

enum Float32: NumberConversion {
    static let filler = 0.0
    @inline(__always)
    static func convert(_ value: Float, _ element: inout Double) -> Bool {
        element = Double(value)
        return true
    }
}

/// Milliseconds of a day.
enum Milliseconds32: NumberConversion {
    static let filler: Int64 = 0
    @inline(__always)
    static func convert(_ value: Int32, _ element: inout Int64) -> Bool {
        element = Int64(value) &* 1_000
        return true
    }
}

enum Milliseconds64: NumberConversion {
    static let filler: Int64 = 0
    @inline(__always)
    static func convert(_ value: Int64, _ element: inout Int64) -> Bool {
        let (product, overflow) = value.multipliedReportingOverflow(by: 1_000)
        element = overflow ? 0 : product
        return !overflow
    }
}

/// Nanoseconds, rounded down to microseconds.
enum Nanoseconds64: NumberConversion {
    static let filler: Int64 = 0
    @inline(__always)
    static func convert(_ value: Int64, _ element: inout Int64) -> Bool {
        element = value.flooredQuotient(by: 1_000)
        return true
    }
}

/// A decimal of more than 18 digits in a number of fewer bits, which no writer should write.
enum WideDecimal32: NumberConversion {
    static let filler: Int128 = 0
    @inline(__always)
    static func convert(_ value: Int32, _ element: inout Int128) -> Bool {
        element = Int128(value)
        return true
    }
}

enum WideDecimal64: NumberConversion {
    static let filler: Int128 = 0
    @inline(__always)
    static func convert(_ value: Int64, _ element: inout Int128) -> Bool {
        element = Int128(value)
        return true
    }
}
