import Tables

/// Turns a number as it is stored into a column's element.
///
/// The loops over values are requirements, so that each conversion has its own: a generic class has them once for all, and
/// would call the conversion value by value.
protocol NumberConversion {
    associatedtype Physical: PhysicalNumber
    associatedtype Element: BitwiseCopyable
    static var filler: Element { get }
    /// False where the value has no element; the element is then a filler.
    static func convert(_ value: Physical, _ element: inout Element) -> Bool
    /// Whether values may be read to where elements lie.
    static var isIdentity: Bool { get }

    /// Converts values to elements; false where one has none.
    static func convert(
        _ values: UnsafePointer<Physical>, _ count: Int, to output: UnsafeMutablePointer<Element>
    ) -> Bool
    /// Converts values to elements at the rows that have one, and fills the others; false where a value has no element.
    static func spread(
        _ values: UnsafePointer<Physical>, over words: UnsafeMutableBufferPointer<UInt64>, at first: Int, _ count: Int,
        to output: UnsafeMutablePointer<Element>
    ) -> Bool
    /// Whether all values lie in a range.
    static func areWithin(_ values: UnsafePointer<Physical>, _ count: Int, _ range: ClosedRange<Physical>) -> Bool
}

extension NumberConversion {
    static var isIdentity: Bool { false }

    static func areWithin(_ values: UnsafePointer<Physical>, _ count: Int, _ range: ClosedRange<Physical>) -> Bool {
        var areWithin = true
        for index in 0..<count { areWithin = range.contains(values[index]) && areWithin }
        return areWithin
    }

    static func convert(
        _ values: UnsafePointer<Physical>, _ count: Int, to output: UnsafeMutablePointer<Element>
    ) -> Bool {
        var fits = true
        for index in 0..<count { fits = convert(values[index], &output[index]) && fits }
        return fits
    }

    static func spread(
        _ values: UnsafePointer<Physical>, over words: UnsafeMutableBufferPointer<UInt64>, at first: Int, _ count: Int,
        to output: UnsafeMutablePointer<Element>
    ) -> Bool {
        (output + first).update(repeating: filler, count: count)
        var fits = true
        BitCopy.forEachSet(words, at: first, count: count) { row, index in
            fits = convert(values[index], &output[row]) && fits
        }
        return fits
    }
}

/// Takes elements out of a dictionary.
///
/// By the size of an element, for which there is a loop each, whatever the element is.
enum DictionaryLoops {
    static func gather<Element: BitwiseCopyable>(
        _ entries: [Element], _ codes: [UInt32], over words: UnsafeMutableBufferPointer<UInt64>, at first: Int,
        _ count: Int,
        found: Int, to output: UnsafeMutablePointer<Element>
    ) {
        entries.withUnsafeBytes { entries in
            switch MemoryLayout<Element>.stride {
            case 4: gather(entries, codes, words, first, count, found, UnsafeMutableRawPointer(output), as: UInt32.self)
            case 8: gather(entries, codes, words, first, count, found, UnsafeMutableRawPointer(output), as: UInt64.self)
            default:
                gather(entries, codes, words, first, count, found, UnsafeMutableRawPointer(output), as: UInt128.self)
            }
        }
    }

    @inline(__always)
    private static func gather<Bits: FixedWidthInteger & BitwiseCopyable>(
        _ entries: UnsafeRawBufferPointer, _ codes: [UInt32], _ words: UnsafeMutableBufferPointer<UInt64>, _ first: Int,
        _ count: Int, _ found: Int, _ output: UnsafeMutableRawPointer, as type: Bits.Type
    ) {
        let output = output.assumingMemoryBound(to: Bits.self)
        guard found > 0, let base = entries.baseAddress?.assumingMemoryBound(to: Bits.self) else {
            (output + first).update(repeating: 0, count: count)
            return
        }
        codes.withUnsafeBufferPointer { codes in
            // Codes were found to be within the dictionary.
            if found == count {
                for index in 0..<count { output[first &+ index] = base[Int(codes[index])] }
            } else {
                (output + first).update(repeating: 0, count: count)
                BitCopy.forEachSet(words, at: first, count: count) { row, index in output[row] = base[Int(codes[index])]
                }
            }
        }
    }
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
