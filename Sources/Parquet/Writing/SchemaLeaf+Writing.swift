extension SchemaLeaf {
    /// How byte strings lie in PLAIN form.
    var plainBytes: PlainBytes {
        switch type {
        case .byteArray: .prefixed
        case .int96: .fixed(12)
        default: .fixed(typeLength)
        }
    }

    /// Whether its values are UTF-8.
    var isText: Bool {
        switch annotation {
        case .string, .enum, .json: type == .byteArray
        default: false
        }
    }

    /// The order that the specification gives the type (LogicalTypes.md).
    var order: ValueOrder {
        switch (type, annotation) {
        case (_, .interval), (_, .unknown), (_, .variant), (_, .geometry), (_, .geography), (_, .float16), (_, .other):
            .undefined
        case (.int96, _): .undefined
        case (.boolean, _): .boolean
        case (.int32, .integer(_, isSigned: false)): .unsigned32
        case (.int64, .integer(_, isSigned: false)): .unsigned64
        case (.int32, _): .signed32
        case (.int64, _): .signed64
        case (.float, _): .float
        case (.double, _): .double
        case (.fixedLengthByteArray, .decimal): .signedBytes
        // Byte arrays of different lengths, which only other writers make of decimals.
        case (.byteArray, .decimal): .undefined
        case (.byteArray, _), (.fixedLengthByteArray, _): .bytes
        }
    }

    /// The least and greatest of a page's values in PLAIN form (Booleans: a byte each), and how many are NaN.
    func extremes(of plain: UnsafeRawBufferPointer, count: Int) -> (extremes: Extremes?, nanCount: Int) {
        switch order {
        case .boolean: return (Extremes.ofBooleans(plain), 0)
        case .signed32: return (Extremes.of(plain, as: Int32.self), 0)
        case .signed64: return (Extremes.of(plain, as: Int64.self), 0)
        case .unsigned32: return (Extremes.of(plain, as: UInt32.self), 0)
        case .unsigned64: return (Extremes.of(plain, as: UInt64.self), 0)
        case .float: return Extremes.of(plain, floating: Float.self)
        case .double: return Extremes.of(plain, floating: Double.self)
        case .bytes, .signedBytes:
            var found = ByteExtremes(layout: plainBytes, isSigned: order == .signedBytes)
            found.add(plain, count: count)
            return (found.extremes, 0)
        case .undefined: return (nil, 0)
        }
    }
}
