/// The order that a leaf's least and greatest values are meant in (TYPE_ORDER).
enum ValueOrder: Sendable, Equatable {
    case boolean
    case signed32, signed64
    case unsigned32, unsigned64
    /// Without NaN, which is neither least nor greatest; the two zeros are equal.
    case float, double
    /// Byte by byte, unsigned; the shorter of two that agree first.
    case bytes
    /// Whole numbers in two's complement of one length, the highest byte first.
    case signedBytes
    /// None that readers agree about.
    case undefined

    var hasNaN: Bool { self == .float || self == .double }

    /// Compares values in PLAIN form, without a length before them.
    func isLess(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        switch self {
        case .boolean: left.elementsEqual([0]) && right.elementsEqual([1])
        case .signed32: Self.number(left, as: Int32.self) < Self.number(right, as: Int32.self)
        case .signed64: Self.number(left, as: Int64.self) < Self.number(right, as: Int64.self)
        case .unsigned32: Self.number(left, as: UInt32.self) < Self.number(right, as: UInt32.self)
        case .unsigned64: Self.number(left, as: UInt64.self) < Self.number(right, as: UInt64.self)
        case .float: Self.number(left, as: Float.self) < Self.number(right, as: Float.self)
        case .double: Self.number(left, as: Double.self) < Self.number(right, as: Double.self)
        case .bytes: left.lexicographicallyPrecedes(right)
        case .signedBytes: Self.signed(left).lexicographicallyPrecedes(Self.signed(right))
        case .undefined: false
        }
    }

    private static func number<Number: BitwiseCopyable>(_ bytes: [UInt8], as type: Number.Type) -> Number {
        bytes.withUnsafeBytes { $0.loadUnaligned(as: type) }
    }

    private static func signed(_ bytes: [UInt8]) -> [UInt8] {
        guard let first = bytes.first else { return bytes }
        return [first ^ 0x80] + bytes.dropFirst()
    }
}
