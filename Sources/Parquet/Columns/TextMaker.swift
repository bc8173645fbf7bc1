import Tables

/// A column of texts or bytes.
///
/// Where all rows of a batch point at a dictionary, the column's bytes are the dictionary's, shared and not copied.
final class TextMaker: ColumnMaker {
    /// What makes texts of values that are none.
    enum Rewriting {
        case uuid
        case interval
        case decimal(scale: Int)

        func append(_ bytes: UnsafeRawBufferPointer, to text: inout [UInt8]) {
            switch self {
            case .uuid: ByteValues.appendUUID(bytes, to: &text)
            case .interval:
                let (months, days, milliseconds) = ByteValues.interval(bytes)
                text += ByteValues.intervalText(months: months, days: days, milliseconds: milliseconds).utf8
            case .decimal(let scale): text += ByteValues.decimalText(bytes, scale: scale).utf8
            }
        }
    }

    private let type: LogicalType
    private let rewriting: Rewriting?
    /// Whether bytes must be UTF-8 to be a value.
    private let isText: Bool
    private var levels: [UInt8] = []
    /// The dictionary whose values were looked at last, as texts.
    private var dictionary: LeafDictionary?
    private var entries = TextCells(empty: 0)
    /// Entries that are no texts; `nil` where there are none.
    private var invalidEntries: Bitmap?
    /// Bytes that the last batch took.
    private var usualByteCount = 0

    init(_ type: LogicalType, rewriting: Rewriting?, isText: Bool = false) {
        self.type = type
        self.rewriting = rewriting
        self.isText = isText
    }

    /// The values of the batch that are there, one behind the other.
    private struct Values {
        /// Codes, as long as all values come from a dictionary.
        var codes: [UInt32] = []
        /// All values, once one comes from elsewhere.
        var slices: ByteSlices?
        /// Where the dictionary's bytes begin among those of the slices.
        var dictionaryStart: Int?
    }

    func column(_ reader: LeafReader, rows: Int) throws(ParquetError) -> Column {
        var values = Values()
        let present = try Bitmap(filling: rows) { (words) throws(ParquetError) in
            try reader.forEachRun(rows, words, &levels) { (_, _, found) throws(ParquetError) in
                if reader.values.isDictionary {
                    try self.takeCodes(reader, found, &values)
                } else if found > 0 {
                    try self.takeSlices(reader, found, rows, &values)
                }
            }
        }
        if let slices = values.slices {
            usualByteCount = slices.bytes.count
            let cells = TextCells(
                bytes: slices.bytes, starts: Self.spread(slices.starts, present),
                lengths: Self.spread(slices.lengths, present))
            return column(present, cells, invalid: isText ? UTF8Check.invalidCells(cells) : nil)
        }
        guard entries.count > 0, !values.codes.isEmpty else {
            return Column(type: type, present: present, values: .text(TextCells(empty: rows)))
        }
        let codes = Self.spread(values.codes, present)
        let cells = TextCells(
            bytes: entries.bytes, starts: Self.gather(entries.starts, codes),
            lengths: Self.gather(entries.lengths, codes))
        if let invalidEntries {
            let invalid = Bitmap(count: rows) { invalidEntries[Int(codes[$0])] }
            return column(present, cells, invalid: invalid.intersection(present))
        }
        return Column(
            type: type, present: present, values: .text(cells),
            dictionary: CellDictionary(entries: entries, codes: codes))
    }

    /// Texts, and among them bytes that are none: those are uncomparable.
    private func column(_ present: Bitmap, _ cells: TextCells, invalid: Bitmap?) -> Column {
        guard let invalid, !invalid.isEmpty else { return Column(type: type, present: present, values: .text(cells)) }
        return Column(type: type, present: present, uncomparable: invalid, values: .text(cells), lexemes: cells)
    }

    private func takeCodes(_ reader: LeafReader, _ found: Int, _ values: inout Values) throws(ParquetError) {
        guard let dictionary = reader.dictionary else { preconditionFailure("codes have a dictionary") }
        if dictionary !== self.dictionary { take(dictionary) }
        let first = values.codes.count
        values.codes.append(contentsOf: repeatElement(0, count: found))
        var failure: ParquetError?
        values.codes.withUnsafeMutableBufferPointer { codes in
            guard let base = codes.baseAddress else { return }
            do throws(ParquetError) {
                try reader.withValues { (values: inout ValueStream) throws(ParquetError) in
                    try values.readCodes(found, into: base + first, below: dictionary.count)
                }
            } catch { failure = error }
        }
        if let failure { throw failure }
        if values.slices != nil { try appendCodes(&values) }
    }

    private func takeSlices(
        _ reader: LeafReader, _ found: Int, _ rows: Int, _ values: inout Values
    ) throws(ParquetError) {
        if values.slices == nil {
            var slices = ByteSlices()
            slices.reserve(rows, byteCount: usualByteCount + usualByteCount / 8)
            values.slices = slices
            try appendCodes(&values)
        }
        var slices = values.slices ?? ByteSlices()
        values.slices = nil
        if let rewriting {
            var stored = ByteSlices()
            try reader.withValues { (stream: inout ValueStream) throws(ParquetError) in
                try stream.readSlices(found, into: &stored)
            }
            try slices.append(stored) { rewriting.append($0, to: &$1) }
        } else {
            try reader.withValues { (stream: inout ValueStream) throws(ParquetError) in
                try stream.readSlices(found, into: &slices)
            }
        }
        values.slices = slices
    }

    /// Puts the texts of codes among the slices.
    private func appendCodes(_ values: inout Values) throws(ParquetError) {
        guard !values.codes.isEmpty, var slices = values.slices else { return }
        values.slices = nil
        let start: Int
        if let known = values.dictionaryStart {
            start = known
        } else {
            start = slices.bytes.count
            try ByteSlices.checkRoom(slices.bytes, adding: entries.bytes.count)
            slices.bytes.append(contentsOf: entries.bytes)
            values.dictionaryStart = start
        }
        let entries = entries
        let codes = values.codes
        try slices.extend(by: codes.count) { (_, starts, lengths) throws(ParquetError) in
            for (index, code) in codes.enumerated() {
                starts[index] = entries.starts[Int(code)] + UInt32(start)
                lengths[index] = entries.lengths[Int(code)]
            }
        }
        values.codes.removeAll()
        values.slices = slices
    }

    private func take(_ dictionary: LeafDictionary) {
        self.dictionary = dictionary
        guard let rewriting else {
            entries = dictionary.cells
            invalidEntries = isText ? UTF8Check.invalidCells(entries) : nil
            return
        }
        var bytes: [UInt8] = []
        var starts: [UInt32] = []
        var lengths: [UInt32] = []
        for index in 0..<dictionary.count {
            starts.append(UInt32(bytes.count))
            dictionary.withBytes(index) { rewriting.append($0, to: &bytes) }
            lengths.append(UInt32(bytes.count) - starts[index])
        }
        entries = TextCells(bytes: bytes, starts: starts, lengths: lengths)
    }

    /// Values at the rows that have one, 0 elsewhere.
    private static func spread(_ dense: [UInt32], _ present: Bitmap) -> [UInt32] {
        if dense.count == present.count { return dense }
        var rows = [UInt32](repeating: 0, count: present.count)
        dense.withUnsafeBufferPointer { dense in
            rows.withUnsafeMutableBufferPointer { rows in
                var index = 0
                present.forEach { row in
                    rows[row] = dense[index]
                    index &+= 1
                }
            }
        }
        return rows
    }

    private static func gather(_ values: [UInt32], _ codes: [UInt32]) -> [UInt32] {
        values.withUnsafeBufferPointer { values in
            codes.withUnsafeBufferPointer { codes in
                [UInt32](unsafeUninitializedCapacity: codes.count) { output, count in
                    // Codes were found to be within the dictionary; those of missing rows are 0.
                    for index in codes.indices { output[index] = values[Int(codes[index])] }
                    count = codes.count
                }
            }
        }
    }
}
