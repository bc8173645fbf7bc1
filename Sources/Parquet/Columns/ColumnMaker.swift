import Tables

/// Makes the columns of batches out of a leaf that doesn't repeat.
///
/// One a leaf and worker: it keeps its buffers, and what it made of a dictionary, from batch to batch.
protocol ColumnMaker: AnyObject {
    /// The next rows of the reader, none of which lies behind its row group.
    func column(_ reader: LeafReader, rows: Int) throws(ParquetError) -> Column
}

/// Makes the maker that a leaf needs.
func columnMaker(_ leaf: SchemaLeaf, need: ColumnNeed) -> any ColumnMaker {
    let meaning = LeafMeaning(leaf)
    let type = meaning.columnType
    let isCopied = need.contains(.stored)
    // NaN is missing: of floats the values must be seen to know which rows have one.
    if need == .presence, type != .float64 { return PresenceMaker(type) }
    let isNarrow = leaf.type == .int32
    switch meaning {
    case .nothing: return PresenceMaker(type)
    case .boolean: return BooleanMaker()
    case .signed:
        return isNarrow ? NumberMaker<Whole32>(type) { .int64($0) } : NumberMaker<Whole64>(type) { .int64($0) }
    case .unsigned:
        return isNarrow ? NumberMaker<Unsigned32>(type) { .uint64($0) } : NumberMaker<Unsigned64>(type) { .uint64($0) }
    case .float: return NumberMaker<Float32>(type, dropsNaN: !isCopied) { .float64($0) }
    case .double: return NumberMaker<Float64>(type, dropsNaN: !isCopied) { .float64($0) }
    case .float16: return SliceMaker<HalfFloats>(type, HalfFloats(), dropsNaN: !isCopied) { .float64($0) }
    case .decimal(let precision, let scale): return decimalMaker(leaf.type, type, precision, scale)
    case .date: return NumberMaker<Days>(type) { .date($0) }
    case .time(let unit, _):
        switch unit {
        case .milliseconds where isNarrow: return NumberMaker<DayMilliseconds32>(type) { .time($0) }
        case .milliseconds: return NumberMaker<DayMilliseconds64>(type) { .time($0) }
        case .microseconds: return NumberMaker<DayMicroseconds>(type) { .time($0) }
        case .nanoseconds: return NumberMaker<DayNanoseconds>(type) { .time($0) }
        }
    case .timestamp(let unit, _):
        switch unit {
        case .milliseconds: return NumberMaker<Milliseconds64>(type) { .timestamp($0) }
        case .microseconds: return NumberMaker<Whole64>(type) { .timestamp($0) }
        case .nanoseconds: return NumberMaker<Nanoseconds64>(type) { .timestamp($0) }
        }
    case .int96: return SliceMaker<Timestamps96>(type, Timestamps96()) { .timestamp($0) }
    case .text: return TextMaker(type, rewriting: nil, isText: !isCopied)
    case .binary: return TextMaker(type, rewriting: nil)
    case .uuid: return TextMaker(type, rewriting: .uuid)
    case .interval: return TextMaker(type, rewriting: .interval)
    case .wideDecimal(let scale): return TextMaker(type, rewriting: .decimal(scale: scale))
    }
}

private func decimalMaker(_ stored: PhysicalType, _ type: LogicalType, _ precision: Int, _ scale: Int)
    -> any ColumnMaker
{
    let limit = DecimalNumber.powerOfTen(precision)
    switch (stored, precision <= 18) {
    // Of 10 digits and more, every number of 32 bits is a value; of 19 and more every one of 64 bits.
    case (.int32, true) where precision >= 10: return NumberMaker<Whole32>(type) { .decimal($0, scale: scale) }
    case (.int32, true):
        let greatest = Int32(clamping: limit - 1)
        return NumberMaker<Whole32>(type, within: -greatest...greatest) { .decimal($0, scale: scale) }
    case (.int32, false): return NumberMaker<WideDecimal32>(type) { .wideDecimal($0, scale: scale) }
    case (.int64, true):
        let greatest = Int64(clamping: limit - 1)
        return NumberMaker<Whole64>(type, within: -greatest...greatest) { .decimal($0, scale: scale) }
    case (.int64, false): return NumberMaker<WideDecimal64>(type) { .wideDecimal($0, scale: scale) }
    case (_, true):
        return SliceMaker<Decimals64>(type, Decimals64(scale: scale, limit: limit)) { .decimal($0, scale: scale) }
    case (_, false):
        return SliceMaker<Decimals128>(type, Decimals128(scale: scale, limit: limit)) {
            .wideDecimal($0, scale: scale)
        }
    }
}

extension LeafReader {
    /// Reads which of the next rows hold a value, a run at a time; `body` takes the run's values.
    @inline(__always)
    func forEachRun(
        _ rows: Int, _ words: UnsafeMutableBufferPointer<UInt64>, _ levels: inout [UInt8],
        _ body: (_ first: Int, _ count: Int, _ present: Int) throws(ParquetError) -> Void
    ) throws(ParquetError) {
        var row = 0
        while row < rows {
            let count = try slots(rows - row)
            let present = try readPresence(count, into: words, at: row, &levels)
            do throws(ParquetError) { try body(row, count, present) } catch {
                throw error.adding(column: leaf.dottedPath)
            }
            row += count
        }
    }
}

extension Bitmap {
    /// Bits that `body` sets, or why it couldn't.
    init(
        filling count: Int, _ body: (UnsafeMutableBufferPointer<UInt64>) throws(ParquetError) -> Void
    ) throws(ParquetError) {
        var failure: ParquetError?
        self.init(count: count) { words in
            do throws(ParquetError) { try body(words) } catch { failure = error }
        }
        if let failure { throw failure }
    }
}

extension Array {
    /// Elements that `body` writes, every one of them, or why it couldn't; they are of a trivial type.
    @inline(__always)
    init(
        filling count: Int, _ body: (UnsafeMutablePointer<Element>) throws(ParquetError) -> Void
    ) throws(ParquetError) {
        var failure: ParquetError?
        self.init(unsafeUninitializedCapacity: count) { buffer, filled in
            guard let base = buffer.baseAddress, count > 0 else { return }
            do throws(ParquetError) {
                try body(base)
                filled = count
            } catch { failure = error }
        }
        if let failure { throw failure }
    }
}

/// A column of which only the presence of values is known.
final class PresenceMaker: ColumnMaker {
    private let type: LogicalType
    private var levels: [UInt8] = []

    init(_ type: LogicalType) { self.type = type }

    func column(_ reader: LeafReader, rows: Int) throws(ParquetError) -> Column {
        let present = try Bitmap(filling: rows) { (words) throws(ParquetError) in
            try reader.forEachRun(rows, words, &levels) { _, _, _ in }
        }
        return Column(type: type, present: present, values: .none)
    }
}

/// A column of Booleans.
final class BooleanMaker: ColumnMaker {
    private var levels: [UInt8] = []
    private var dense: [UInt64] = []

    func column(_ reader: LeafReader, rows: Int) throws(ParquetError) -> Column {
        var values = Bitmap(repeating: false, count: rows)
        let present = try Bitmap(filling: rows) { (present) throws(ParquetError) in
            values = try Bitmap(filling: rows) { (bits) throws(ParquetError) in
                try reader.forEachRun(rows, present, &levels) { (first, count, found) throws(ParquetError) in
                    if found == count {
                        try reader.withValues { (values: inout ValueStream) throws(ParquetError) in
                            try values.readBooleans(count, into: bits, at: first)
                        }
                    } else {
                        try self.spread(reader, found, present, bits, first, count)
                    }
                }
            }
        }
        return Column(type: .boolean, present: present, values: .boolean(values))
    }

    /// Reads the values that there are and puts each in its row.
    private func spread(
        _ reader: LeafReader, _ found: Int, _ present: UnsafeMutableBufferPointer<UInt64>,
        _ bits: UnsafeMutableBufferPointer<UInt64>, _ first: Int, _ count: Int
    ) throws(ParquetError) {
        dense.removeAll(keepingCapacity: true)
        dense.append(contentsOf: repeatElement(0, count: (found + 63) / 64))
        var failure: ParquetError?
        dense.withUnsafeMutableBufferPointer { dense in
            do throws(ParquetError) {
                try reader.withValues { (values: inout ValueStream) throws(ParquetError) in
                    try values.readBooleans(found, into: dense, at: 0)
                }
            } catch { failure = error }
        }
        if let failure { throw failure }
        BitCopy.forEachSet(present, at: first, count: count) { row, index in
            bits[row &>> 6] |= (dense[index &>> 6] &>> UInt64(index & 63) & 1) &<< UInt64(row & 63)
        }
    }
}
