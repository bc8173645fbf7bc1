/// The values of one data page, missing ones left out, in the encoding that the page has.
///
/// It refers to the page's bytes and is of no use beyond the page.
struct ValueStream {
    private var form: Form
    let type: PhysicalType
    /// Bytes of a value of fixed width; 0 where values have none.
    let width: Int

    private enum Form {
        /// No bytes at all: there can't be a value.
        case nothing
        case plain(UnsafeRawBufferPointer, position: Int)
        case plainByteArrays(PlainByteArrays)
        case dictionary(RunDecoder)
        case delta(DeltaDecoder)
        case deltaLength(DeltaLengthByteArrays)
        case deltaBytes(DeltaByteArrays)
        case split(ByteStreamSplit)
        /// Booleans, a bit each.
        case bits(UnsafeRawBufferPointer, position: Int)
        case runs(RunDecoder)
    }

    init(_ bytes: UnsafeRawBufferPointer, _ encoding: Encoding, _ leaf: SchemaLeaf) throws(ParquetError) {
        type = leaf.type
        width = leaf.width
        form = bytes.isEmpty ? .nothing : try Self.form(bytes, encoding, leaf)
    }

    private static func form(
        _ bytes: UnsafeRawBufferPointer, _ encoding: Encoding, _ leaf: SchemaLeaf
    ) throws(ParquetError) -> Form {
        switch (encoding, leaf.type) {
        case (.plain, .boolean): return .bits(bytes, position: 0)
        case (.plain, .byteArray): return .plainByteArrays(PlainByteArrays(bytes))
        case (.plain, _): return .plain(bytes, position: 0)
        case (.plainDictionary, _), (.rleDictionary, _):
            return .dictionary(
                try RunDecoder(UnsafeRawBufferPointer(rebasing: bytes[1...]), bitWidth: Int(bytes[0])))
        case (.rle, .boolean):
            guard bytes.count >= 4 else { throw .corrupt("runs of Booleans have no length") }
            let count = Int(UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self)))
            guard count <= bytes.count - 4 else { throw .corrupt("runs of Booleans are longer than their page") }
            return .runs(try RunDecoder(UnsafeRawBufferPointer(rebasing: bytes[4..<4 + count]), bitWidth: 1))
        case (.deltaBinaryPacked, .int32), (.deltaBinaryPacked, .int64): return .delta(try DeltaDecoder(bytes))
        case (.deltaLengthByteArray, .byteArray): return .deltaLength(try DeltaLengthByteArrays(bytes))
        case (.deltaByteArray, .byteArray), (.deltaByteArray, .fixedLengthByteArray):
            return .deltaBytes(try DeltaByteArrays(bytes))
        case (.byteStreamSplit, .int32), (.byteStreamSplit, .int64), (.byteStreamSplit, .float),
            (.byteStreamSplit, .double), (.byteStreamSplit, .fixedLengthByteArray):
            return .split(try ByteStreamSplit(bytes, width: leaf.width))
        default:
            throw ParquetError(
                .unsupported, "encoding \(encoding.name) of values of type \(leaf.type.name) is not read")
        }
    }

    var isDictionary: Bool { if case .dictionary = form { true } else { false } }

    /// Reads codes of a dictionary, each below `limit`.
    mutating func readCodes(
        _ count: Int, into output: UnsafeMutablePointer<UInt32>, below limit: Int
    ) throws(ParquetError) {
        guard case .dictionary(var runs) = form else { preconditionFailure("the page has no codes") }
        form = .nothing
        try runs.read(count, into: output)
        form = .dictionary(runs)
        var greatest: UInt32 = 0
        for index in 0..<count { greatest = max(greatest, output[index]) }
        guard count == 0 || Int(greatest) < limit else {
            throw .corrupt("code \(greatest) points behind a dictionary of \(limit) values")
        }
    }

    /// Reads numbers of the page's own type: `Int32`, `Int64`, `Float` or `Double`.
    @inline(__always)
    mutating func readNumbers<Number: PhysicalNumber>(
        _ count: Int, into output: UnsafeMutablePointer<Number>
    ) throws(ParquetError) {
        precondition(Number.physicalType == type, "numbers are read as they are stored")
        switch form {
        case .plain(let bytes, let position):
            let (byteCount, overflow) = count.multipliedReportingOverflow(by: width)
            guard !overflow, byteCount <= bytes.count - position else { throw tooFew }
            if count > 0 {
                UnsafeMutableRawBufferPointer(start: output, count: byteCount)
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[position..<position + byteCount]))
            }
            form = .plain(bytes, position: position + byteCount)
        case .delta(var deltas):
            try Number.read(count, &deltas, output)
            form = .delta(deltas)
        case .split(var streams):
            try streams.read(count, into: output)
            form = .split(streams)
        default: if count > 0 { throw tooFew }
        }
    }

    /// Appends byte strings: byte arrays, or values of fixed length.
    mutating func readSlices(_ count: Int, into slices: inout ByteSlices) throws(ParquetError) {
        switch form {
        case .plainByteArrays(var arrays):
            try arrays.read(count, into: &slices)
            form = .plainByteArrays(arrays)
        case .deltaLength(var arrays):
            try arrays.read(count, into: &slices)
            form = .deltaLength(arrays)
        case .deltaBytes(var arrays):
            form = .nothing
            let first = slices.count
            try arrays.read(count, into: &slices)
            form = .deltaBytes(arrays)
            if type != .byteArray, slices.lengths[first...].contains(where: { $0 != UInt32(width) }) {
                throw .corrupt("a value of fixed length has another length")
            }
        case .plain(let bytes, let position):
            let (byteCount, overflow) = count.multipliedReportingOverflow(by: width)
            guard !overflow, byteCount <= bytes.count - position else { throw tooFew }
            try appendFixed(count, to: &slices) {
                $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[position..<position + byteCount]))
            }
            form = .plain(bytes, position: position + byteCount)
        case .split(var streams):
            var failure: ParquetError?
            try appendFixed(count, to: &slices) { room in
                guard let base = room.baseAddress else { return }
                do throws(ParquetError) { try streams.read(count, into: base) } catch { failure = error }
            }
            if let failure { throw failure }
            form = .split(streams)
        default:
            // Values of no bytes need none.
            guard type == .fixedLengthByteArray, width == 0 else {
                if count > 0 { throw tooFew }
                return
            }
            try appendFixed(count, to: &slices) { _ in }
        }
    }

    private func appendFixed(
        _ count: Int, to slices: inout ByteSlices, _ fill: (UnsafeMutableRawBufferPointer) -> Void
    ) throws(ParquetError) {
        let width = width
        try slices.extend(by: count) { (output, starts, lengths) throws(ParquetError) in
            let (byteCount, overflow) = count.multipliedReportingOverflow(by: width)
            guard !overflow else { throw .corrupt("values of \(width) bytes") }
            try ByteSlices.checkRoom(output, adding: byteCount)
            let first = output.count
            output.append(contentsOf: repeatElement(0, count: byteCount))
            output.withUnsafeMutableBytes { fill(UnsafeMutableRawBufferPointer(rebasing: $0[first...])) }
            for index in 0..<count {
                starts[index] = UInt32(truncatingIfNeeded: first &+ index &* width)
                lengths[index] = UInt32(truncatingIfNeeded: width)
            }
        }
    }

    /// Reads Booleans into bits, which are zero there.
    mutating func readBooleans(
        _ count: Int, into words: UnsafeMutableBufferPointer<UInt64>, at first: Int
    ) throws(ParquetError) {
        switch form {
        case .bits(let bytes, let position):
            guard let base = bytes.baseAddress, count <= bytes.count * 8 - position else { throw tooFew }
            _ = BitCopy.copy(base, bit: position, to: words, at: first, count: count)
            form = .bits(bytes, position: position + count)
        case .runs(var runs):
            _ = try runs.readBits(count, into: words, at: first)
            form = .runs(runs)
        default: if count > 0 { throw tooFew }
        }
    }

    mutating func skip(_ count: Int) throws(ParquetError) {
        guard count > 0 else { return }
        switch form {
        case .nothing: guard type == .fixedLengthByteArray, width == 0 else { throw tooFew }
        case .plain(let bytes, let position):
            let (byteCount, overflow) = count.multipliedReportingOverflow(by: width)
            guard !overflow, byteCount <= bytes.count - position else { throw tooFew }
            form = .plain(bytes, position: position + byteCount)
        case .plainByteArrays(var arrays):
            try arrays.skip(count)
            form = .plainByteArrays(arrays)
        case .dictionary(var runs):
            try runs.skip(count)
            form = .dictionary(runs)
        case .delta(var deltas):
            try deltas.skip(count)
            form = .delta(deltas)
        case .deltaLength(var arrays):
            try arrays.skip(count)
            form = .deltaLength(arrays)
        case .deltaBytes(var arrays):
            form = .nothing
            try arrays.skip(count)
            form = .deltaBytes(arrays)
        case .split(var streams):
            try streams.skip(count)
            form = .split(streams)
        case .bits(let bytes, let position):
            guard count <= bytes.count * 8 - position else { throw tooFew }
            form = .bits(bytes, position: position + count)
        case .runs(var runs):
            try runs.skip(count)
            form = .runs(runs)
        }
    }

    private var tooFew: ParquetError { .corrupt("a page has fewer values than announced") }
}

extension SchemaLeaf {
    /// Bytes of a value as it is stored PLAIN; 0 for Booleans and byte arrays.
    var width: Int {
        switch type {
        case .boolean, .byteArray: 0
        case .int32, .float: 4
        case .int64, .double: 8
        case .int96: 12
        case .fixedLengthByteArray: typeLength
        }
    }
}

/// A number as it is stored.
protocol PhysicalNumber: Sendable, BitwiseCopyable, Comparable {
    static var physicalType: PhysicalType { get }
    /// Reads differences, which only integers have.
    static func read(
        _ count: Int, _ deltas: inout DeltaDecoder, _ output: UnsafeMutablePointer<Self>
    ) throws(ParquetError)
}

extension PhysicalNumber {
    static func read(
        _ count: Int, _ deltas: inout DeltaDecoder, _ output: UnsafeMutablePointer<Self>
    ) throws(ParquetError) { throw .corrupt("differences of values that are no integers") }
}

extension PhysicalNumber where Self: FixedWidthInteger {
    static func read(
        _ count: Int, _ deltas: inout DeltaDecoder, _ output: UnsafeMutablePointer<Self>
    ) throws(ParquetError) { try deltas.read(count, into: output) }
}

extension Int32: PhysicalNumber { static var physicalType: PhysicalType { .int32 } }
extension Int64: PhysicalNumber { static var physicalType: PhysicalType { .int64 } }
extension Float: PhysicalNumber { static var physicalType: PhysicalType { .float } }
extension Double: PhysicalNumber { static var physicalType: PhysicalType { .double } }
