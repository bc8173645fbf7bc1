import Tables

/// Makes exact values out of a leaf's pages.
///
/// One a leaf and reader: what it made of a dictionary it keeps.
final class ValueMaker {
    private let leaf: SchemaLeaf
    let meaning: LeafMeaning
    private let numbers = PageBuffer()
    private var slices = ByteSlices()
    private var codes: [UInt32] = []
    private var bits: [UInt64] = []
    private var dictionary: LeafDictionary?
    private var entries: [ParquetValue] = []

    init(_ leaf: SchemaLeaf) {
        self.leaf = leaf
        meaning = LeafMeaning(leaf)
    }

    /// Appends the next values of the reader's page, missing ones left out.
    func append(_ count: Int, of reader: LeafReader, to output: inout [ParquetValue]) throws(ParquetError) {
        guard count > 0 else { return }
        if reader.values.isDictionary {
            guard let dictionary = reader.dictionary else { preconditionFailure("codes have a dictionary") }
            if dictionary !== self.dictionary { take(dictionary) }
            try reader.readCodes(count, into: &codes, of: dictionary)
            for index in 0..<count { output.append(entries[Int(codes[index])]) }
            return
        }
        switch leaf.type {
        case .boolean: try appendBooleans(count, reader, &output)
        case .int32: try appendNumbers(count, reader, &output) { (number: Int32) in value(Int64(number), is32: true) }
        case .int64: try appendNumbers(count, reader, &output) { (number: Int64) in value(number, is32: false) }
        case .float: try appendNumbers(count, reader, &output) { (number: Float) in .float(number) }
        case .double: try appendNumbers(count, reader, &output) { (number: Double) in .double(number) }
        case .int96, .byteArray, .fixedLengthByteArray:
            slices.removeAll()
            try reader.withValues { (values: inout ValueStream) throws(ParquetError) in
                try values.readSlices(count, into: &slices)
            }
            slices.withSlices { slice in
                for index in 0..<count { output.append(value(slice(index))) }
            }
        }
    }

    private func appendNumbers<Number: PhysicalNumber>(
        _ count: Int, _ reader: LeafReader, _ output: inout [ParquetValue], _ make: (Number) -> ParquetValue
    ) throws(ParquetError) {
        let room = numbers.room(for: count, of: Number.self)
        try reader.withValues { (values: inout ValueStream) throws(ParquetError) in
            try values.readNumbers(count, into: room)
        }
        for index in 0..<count { output.append(make(room[index])) }
    }

    private func appendBooleans(_ count: Int, _ reader: LeafReader, _ output: inout [ParquetValue]) throws(ParquetError)
    {
        bits.removeAll(keepingCapacity: true)
        bits.append(contentsOf: repeatElement(0, count: (count + 63) / 64))
        var failure: ParquetError?
        bits.withUnsafeMutableBufferPointer { bits in
            do throws(ParquetError) {
                try reader.withValues { (values: inout ValueStream) throws(ParquetError) in
                    try values.readBooleans(count, into: bits, at: 0)
                }
            } catch { failure = error }
        }
        if let failure { throw failure }
        for index in 0..<count { output.append(.boolean(bits[index >> 6] >> UInt64(index & 63) & 1 == 1)) }
    }

    /// Texts of a dictionary are shared by all values that point at them.
    private func take(_ dictionary: LeafDictionary) {
        self.dictionary = dictionary
        entries = (0..<dictionary.count).map { index in
            switch leaf.type {
            case .int32: value(Int64(dictionary.number(index, as: Int32.self)), is32: true)
            case .int64: value(dictionary.number(index, as: Int64.self), is32: false)
            case .float: .float(dictionary.number(index))
            case .double: .double(dictionary.number(index))
            default: dictionary.withBytes(index) { value($0) }
            }
        }
    }

    /// What a stored integer stands for.
    func value(_ number: Int64, is32: Bool) -> ParquetValue {
        switch meaning {
        case .unsigned: .uint64(is32 ? UInt64(UInt32(truncatingIfNeeded: number)) : UInt64(bitPattern: number))
        case .decimal(_, let scale): .decimal(unscaled: Int128(number), scale: scale)
        case .date: .date(days: Int32(truncatingIfNeeded: number))
        case .time(let unit, let isUTC): .time(ticks: number, unit: unit, isUTC: isUTC)
        case .timestamp(let unit, let isUTC): .timestamp(ticks: number, unit: unit, isUTC: isUTC)
        default: .int64(number)
        }
    }

    /// What stored bytes stand for.
    func value(_ bytes: UnsafeRawBufferPointer) -> ParquetValue {
        switch meaning {
        case .text: String(validating: bytes, as: UTF8.self).map { .text($0) } ?? .binary(Array(bytes))
        case .uuid: .uuid(bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) })
        case .float16: .float(ByteValues.float16(UInt16(littleEndian: bytes.loadUnaligned(as: UInt16.self))))
        case .decimal(_, let scale), .wideDecimal(let scale):
            ByteValues.bigEndianInteger(bytes).map { .decimal(unscaled: $0, scale: scale) }
                ?? .wideDecimal(unscaled: Array(bytes), scale: scale)
        case .interval:
            {
                let (months, days, milliseconds) = ByteValues.interval(bytes)
                return .interval(months: months, days: days, milliseconds: milliseconds)
            }()
        case .int96: int96(bytes)
        default: .binary(Array(bytes))
        }
    }

    private func int96(_ bytes: UnsafeRawBufferPointer) -> ParquetValue {
        let (nanoseconds, days) = ByteValues.int96(bytes)
        let (start, overflow) = days.multipliedReportingOverflow(by: 86_400_000_000_000)
        let (sum, tooLarge) = start.addingReportingOverflow(nanoseconds)
        if !overflow, !tooLarge { return .timestamp(ticks: sum, unit: .nanoseconds, isUTC: false) }
        guard nanoseconds % 1_000 == 0, let ticks = ByteValues.int96Microseconds(bytes) else {
            return .binary(Array(bytes))
        }
        return .timestamp(ticks: ticks, unit: .microseconds, isUTC: false)
    }
}
