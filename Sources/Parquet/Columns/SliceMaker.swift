import Tables

/// Turns the bytes of a value into a column's element.
///
/// The loop over values is a requirement, so that each conversion has its own.
protocol SliceConversion {
    associatedtype Element: BitwiseCopyable
    var filler: Element { get }
    /// False where the value has no element; the element is then a filler.
    func convert(_ bytes: UnsafeRawBufferPointer, _ element: inout Element) -> Bool
    /// A value without an element.
    func text(_ bytes: UnsafeRawBufferPointer) -> String
    /// Converts values to elements at the rows that have one, and fills the others; calls `unfit` for a value without.
    func spread(
        _ slices: ByteSlices, over words: UnsafeMutableBufferPointer<UInt64>, at first: Int, _ count: Int,
        to output: UnsafeMutablePointer<Element>, unfit: (_ row: Int, _ bytes: UnsafeRawBufferPointer) -> Void)
}

extension SliceConversion {
    func spread(
        _ slices: ByteSlices, over words: UnsafeMutableBufferPointer<UInt64>, at first: Int, _ count: Int,
        to output: UnsafeMutablePointer<Element>, unfit: (_ row: Int, _ bytes: UnsafeRawBufferPointer) -> Void
    ) {
        (output + first).update(repeating: filler, count: count)
        slices.withSlices { slice in
            BitCopy.forEachSet(words, at: first, count: count) { row, index in
                let bytes = slice(index)
                if !convert(bytes, &output[row]) { unfit(row, bytes) }
            }
        }
    }
}

struct Decimals64: SliceConversion {
    let scale: Int
    /// Numbers of this magnitude and above are no values.
    let limit: Int128
    var filler: Int64 { 0 }

    func convert(_ bytes: UnsafeRawBufferPointer, _ element: inout Int64) -> Bool {
        guard let number = ByteValues.bigEndianInteger(bytes), number < limit, -limit < number else { return false }
        element = Int64(truncatingIfNeeded: number)
        return true
    }

    func text(_ bytes: UnsafeRawBufferPointer) -> String { ByteValues.decimalText(bytes, scale: scale) }
}

struct Decimals128: SliceConversion {
    let scale: Int
    /// Numbers of this magnitude and above are no values.
    let limit: Int128
    var filler: Int128 { 0 }

    func convert(_ bytes: UnsafeRawBufferPointer, _ element: inout Int128) -> Bool {
        guard let number = ByteValues.bigEndianInteger(bytes), number < limit, -limit < number else { return false }
        element = number
        return true
    }

    func text(_ bytes: UnsafeRawBufferPointer) -> String { ByteValues.decimalText(bytes, scale: scale) }
}

struct HalfFloats: SliceConversion {
    var filler: Double { 0 }

    func convert(_ bytes: UnsafeRawBufferPointer, _ element: inout Double) -> Bool {
        element = Double(ByteValues.float16(UInt16(littleEndian: bytes.loadUnaligned(as: UInt16.self))))
        return true
    }

    func text(_ bytes: UnsafeRawBufferPointer) -> String { "" }
}

struct Timestamps96: SliceConversion {
    var filler: Int64 { 0 }

    func convert(_ bytes: UnsafeRawBufferPointer, _ element: inout Int64) -> Bool {
        guard let ticks = ByteValues.int96Microseconds(bytes) else { return false }
        element = ticks
        return true
    }

    func text(_ bytes: UnsafeRawBufferPointer) -> String {
        let (nanoseconds, days) = ByteValues.int96(bytes)
        return "day \(days), nanosecond \(nanoseconds)"
    }
}

/// A column of numbers or times that are stored as bytes.
final class SliceMaker<Conversion: SliceConversion>: ColumnMaker {
    private let type: LogicalType
    private let conversion: Conversion
    private let wrap: ([Conversion.Element]) -> ColumnValues
    private let dropsNaN: Bool
    private var levels: [UInt8] = []
    private var codes: [UInt32] = []
    private var slices = ByteSlices()
    private var dictionary: LeafDictionary?
    private var entries: [Conversion.Element] = []
    private var unfitEntries: Set<UInt32> = []
    private var unfit: [UnfitCell] = []

    init(
        _ type: LogicalType, _ conversion: Conversion, dropsNaN: Bool = false,
        _ wrap: @escaping ([Conversion.Element]) -> ColumnValues
    ) {
        self.type = type
        self.conversion = conversion
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
                        try self.takeSlices(reader, found, words, first, count, output)
                    }
                }
                if dropsNaN, let numbers = output as? UnsafeMutablePointer<Double> {
                    FloatPresence.dropNaN(numbers, rows, words)
                }
            }
        }
        return Column(type: type, present: present, values: wrap(elements), unfit: unfit)
    }

    private func takeSlices(
        _ reader: LeafReader, _ found: Int, _ words: UnsafeMutableBufferPointer<UInt64>, _ first: Int, _ count: Int,
        _ output: UnsafeMutablePointer<Conversion.Element>
    ) throws(ParquetError) {
        slices.removeAll()
        try reader.withValues { (values: inout ValueStream) throws(ParquetError) in
            try values.readSlices(found, into: &slices)
        }
        conversion.spread(slices, over: words, at: first, count, to: output) { row, bytes in
            unfit.append(UnfitCell(row: row, text: conversion.text(bytes)))
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
            let text = dictionary.withBytes(Int(codes[index])) { conversion.text($0) }
            unfit.append(UnfitCell(row: row, text: text))
        }
    }

    private func convert(_ dictionary: LeafDictionary) {
        self.dictionary = dictionary
        entries.removeAll(keepingCapacity: true)
        unfitEntries.removeAll()
        for index in 0..<dictionary.count {
            var element = conversion.filler
            let fits = dictionary.withBytes(index) { conversion.convert($0, &element) }
            if !fits { unfitEntries.insert(UInt32(index)) }
            entries.append(element)
        }
    }
}
