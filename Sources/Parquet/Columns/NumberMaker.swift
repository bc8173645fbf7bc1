import Tables

/// A column of numbers that are stored as numbers.
final class NumberMaker<Conversion: NumberConversion>: ColumnMaker {
    private let type: LogicalType
    private let wrap: ([Conversion.Element]) -> ColumnValues
    /// Numbers outside of it are no values.
    private let range: ClosedRange<Conversion.Physical>?
    private let dropsNaN: Bool
    private var levels: [UInt8] = []
    private var codes: [UInt32] = []
    private let dense = PageBuffer()
    /// The dictionary whose values were converted last.
    private var dictionary: LeafDictionary?
    private var entries: [Conversion.Element] = []
    private var unfitEntries: Set<UInt32> = []
    private var unfit: [UnfitCell] = []

    init(
        _ type: LogicalType, within range: ClosedRange<Conversion.Physical>? = nil, dropsNaN: Bool = false,
        _ wrap: @escaping ([Conversion.Element]) -> ColumnValues
    ) {
        self.type = type
        self.range = range
        self.dropsNaN = dropsNaN
        self.wrap = wrap
    }

    func column(_ reader: LeafReader, rows: Int) throws(ParquetError) -> Column {
        unfit.removeAll()
        var elements: [Conversion.Element] = []
        let present = try Bitmap(filling: rows) { (words) throws(ParquetError) in
            elements = try [Conversion.Element](filling: rows) { (output) throws(ParquetError) in
                try reader.forEachRun(rows, words, &levels) { (first, count, found) throws(ParquetError) in
                    if reader.values.isDictionary {
                        try self.takeCodes(reader, found, words, first, count, output)
                    } else {
                        try self.takeNumbers(reader, found, words, first, count, output)
                    }
                }
                if dropsNaN { Self.dropNaN(output, rows, words) }
            }
        }
        return Column(type: type, present: present, values: wrap(elements), unfit: unfit)
    }

    private func takeNumbers(
        _ reader: LeafReader, _ found: Int, _ words: UnsafeMutableBufferPointer<UInt64>, _ first: Int, _ count: Int,
        _ output: UnsafeMutablePointer<Conversion.Element>
    ) throws(ParquetError) {
        if Conversion.isIdentity, range == nil, found == count,
            let same = (output + first) as? UnsafeMutablePointer<Conversion.Physical>
        {
            return try reader.withValues { (values: inout ValueStream) throws(ParquetError) in
                try values.readNumbers(count, into: same)
            }
        }
        let numbers = dense.room(for: found, of: Conversion.Physical.self)
        try reader.withValues { (values: inout ValueStream) throws(ParquetError) in
            try values.readNumbers(found, into: numbers)
        }
        let fits =
            found == count
            ? Conversion.convert(numbers, count, to: output + first)
            : Conversion.spread(numbers, over: words, at: first, count, to: output)
        guard !fits || !(range.map { Conversion.areWithin(numbers, found, $0) } ?? true) else { return }
        BitCopy.forEachSet(words, at: first, count: count) { row, index in
            var element = Conversion.filler
            if !isWithin(numbers[index]) || !Conversion.convert(numbers[index], &element) {
                output[row] = Conversion.filler
                unfit.append(UnfitCell(row: row, text: "\(numbers[index])"))
            }
        }
    }

    private func takeCodes(
        _ reader: LeafReader, _ found: Int, _ words: UnsafeMutableBufferPointer<UInt64>, _ first: Int, _ count: Int,
        _ output: UnsafeMutablePointer<Conversion.Element>
    ) throws(ParquetError) {
        guard let dictionary = reader.dictionary else { preconditionFailure("codes have a dictionary") }
        if dictionary !== self.dictionary { convert(dictionary) }
        try reader.readCodes(found, into: &codes, of: dictionary)
        DictionaryLoops.gather(entries, codes, over: words, at: first, count, found: found, to: output)
        guard !unfitEntries.isEmpty else { return }
        BitCopy.forEachSet(words, at: first, count: count) { row, index in
            guard unfitEntries.contains(codes[index]) else { return }
            let number = dictionary.number(Int(codes[index]), as: Conversion.Physical.self)
            unfit.append(UnfitCell(row: row, text: "\(number)"))
        }
    }

    private func convert(_ dictionary: LeafDictionary) {
        self.dictionary = dictionary
        entries.removeAll(keepingCapacity: true)
        unfitEntries.removeAll()
        for index in 0..<dictionary.count {
            var element = Conversion.filler
            let number = dictionary.number(index, as: Conversion.Physical.self)
            if !isWithin(number) || !Conversion.convert(number, &element) {
                element = Conversion.filler
                unfitEntries.insert(UInt32(index))
            }
            entries.append(element)
        }
    }

    @inline(__always)
    private func isWithin(_ number: Conversion.Physical) -> Bool {
        range.map { $0.contains(number) } ?? true
    }

    private static func dropNaN(
        _ output: UnsafeMutablePointer<Conversion.Element>, _ rows: Int, _ words: UnsafeMutableBufferPointer<UInt64>
    ) {
        guard let numbers = output as? UnsafeMutablePointer<Double> else { return }
        FloatPresence.dropNaN(numbers, rows, words)
    }
}

/// NaN is a missing value where rows are judged, as in the rest of Assay.
enum FloatPresence {
    static func dropNaN(
        _ numbers: UnsafeMutablePointer<Double>, _ rows: Int, _ words: UnsafeMutableBufferPointer<UInt64>
    ) {
        var hasNaN = false
        for row in 0..<rows { hasNaN = hasNaN || numbers[row] != numbers[row] }
        guard hasNaN else { return }
        for row in 0..<rows where numbers[row].isNaN { words[row >> 6] &= ~(1 << UInt64(row & 63)) }
    }
}

extension LeafReader {
    /// Reads codes into an array, which grows to have room for them.
    @inline(__always)
    func readCodes(_ count: Int, into codes: inout [UInt32], of dictionary: LeafDictionary) throws(ParquetError) {
        if codes.count < count { codes.append(contentsOf: repeatElement(0, count: count - codes.count)) }
        var failure: ParquetError?
        codes.withUnsafeMutableBufferPointer { codes in
            guard let base = codes.baseAddress else { return }
            do throws(ParquetError) {
                try withValues { (values: inout ValueStream) throws(ParquetError) in
                    try values.readCodes(count, into: base, below: dictionary.count)
                }
            } catch { failure = error }
        }
        if let failure { throw failure }
    }
}

/// A value that is none of its column's type.
struct UnfitCell {
    let row: Int
    /// The value as it is stored.
    let text: String
}

extension Column {
    /// A column with values that don't fit its type, which keep their text.
    init(type: LogicalType, present: Bitmap, values: ColumnValues, unfit: [UnfitCell]) {
        guard !unfit.isEmpty else {
            self.init(type: type, present: present, values: values)
            return
        }
        let typed = Column(type: type, present: present, values: values)
        var texts = (0..<present.count).map { typed.text(at: $0) }
        var uncomparable = Bitmap(repeating: false, count: present.count)
        for cell in unfit {
            texts[cell.row] = cell.text
            uncomparable[cell.row] = true
        }
        self.init(
            type: type, present: present, uncomparable: uncomparable, values: values, lexemes: TextCells(texts))
    }
}
