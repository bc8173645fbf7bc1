import Files
import Tables

/// Columns of batches, whose values lie in typed arrays.
extension LeafWriter {
    /// Takes in rows of a column; the leaf has no repetition and at most one level of definition.
    ///
    /// `present` are the rows with a value to write.
    func append(
        _ column: Column, present: Bitmap, rows: Range<Int>, place: CellPlace
    ) throws(OutputError) {
        var row = rows.lowerBound
        while row < rows.upperBound {
            let end = fitting(column, present: present, rows: row..<min(rows.upperBound, row + rowsLeft))
            let taken = row..<end
            let count = present.population(in: taken)
            if leaf.maximumDefinitionLevel == 0 {
                guard count == taken.count else { throw place.missing(at: taken.first { !present[$0] } ?? row) }
            } else {
                present.appendBytes(of: taken, population: count, to: &definitionLevels)
            }
            try appendValues(of: column, present: present, count: count, rows: taken, place: place)
            valueCount += count
            rowCount += taken.count
            row = end
            try closePageIfFull()
        }
    }

    /// Where the rows have to end for the page to be full at the same row however they come; at least one is taken.
    private func fitting(_ column: Column, present: Bitmap, rows: Range<Int>) -> Int {
        let level = leaf.maximumDefinitionLevel > 0 ? 1 : 0
        guard leaf.type == .byteArray, case .text(let cells) = column.values else {
            // As if no value were missing: where some are, the page isn't full yet, and takes more rows the next time.
            let largest = level + max(8, leaf.typeLength)
            return min(rows.upperBound, rows.lowerBound + max(1, bytesLeft / largest))
        }
        let limit = bytesLeft
        return cells.lengths.withUnsafeBufferPointer { lengths in
            var bytes = 0
            var row = rows.lowerBound
            while row < rows.upperBound, bytes < limit {
                bytes &+= level &+ (present[row] ? Int(lengths[row]) &+ 4 : 0)
                row &+= 1
            }
            return row
        }
    }

    private func appendValues(
        of column: Column, present: Bitmap, count: Int, rows: Range<Int>, place: CellPlace
    ) throws(OutputError) {
        let selection = Selection(present: present, count: count, rows: rows)
        switch (column.values, leaf.type) {
        case (.boolean(let bits), .boolean):
            plain.reserve(count)
            var target = plain.end
            selection.forEach { row in
                target.storeBytes(of: bits[row] ? 1 : 0, as: UInt8.self)
                target += 1
            }
            plain.advance(count)
        case (.int64(let values), .int32), (.int64(let values), .int64):
            try appendIntegers(values, selection, place)
        case (.uint64(let values), .int32), (.uint64(let values), .int64):
            try appendIntegers(values, selection, place)
        case (.float64(let values), .double):
            appendNumbers(values, selection) { $0.bitPattern }
        case (.float64(let values), .float):
            let unfit =
                switch options.inexactFloats {
                case .round: appendExactly(values, selection) { Float(rounding: $0)?.bitPattern }
                case .refuse: appendExactly(values, selection) { Float(keeping: $0)?.bitPattern }
                }
            if let unfit { throw place.unfit(at: unfit) }
        case (.date(let days), .int32) where leaf.annotation == .date:
            appendNumbers(days, selection) { $0 }
        case (.time(let ticks), _), (.timestamp(let ticks), _):
            try appendTicks(ticks, selection, place, of: column.type)
        case (.duration(let ticks), .int64) where leaf.annotation == nil:
            appendNumbers(ticks, selection) { $0 }
        case (.decimal(let values, let scale), _):
            try appendDecimals(values, scale, selection, place)
        case (.wideDecimal(let values, let scale), _):
            try appendDecimals(values, scale, selection, place)
        case (.text(let cells), .byteArray) where leaf.annotation?.isDecimal != true:
            try appendTexts(cells, selection, place)
        case (.text(let cells), .fixedLengthByteArray) where leaf.annotation == nil:
            try appendFixed(cells, selection, place)
        case (.text(let cells), .fixedLengthByteArray) where leaf.annotation == .uuid:
            try appendUUIDs(cells, selection, place)
        default: throw place.mismatch(column.type)
        }
    }

    /// Whole numbers of 64 bits, into a leaf of 8 through 64.
    private func appendIntegers<Source: FixedWidthInteger>(
        _ values: [Source], _ selection: Selection, _ place: CellPlace
    ) throws(OutputError) {
        var (bitWidth, isSigned) = (leaf.type == .int32 ? 32 : 64, true)
        switch leaf.annotation {
        case .integer(let width, let sign): (bitWidth, isSigned) = (width, sign)
        case nil: break
        default: throw place.mismatch(Source.isSigned ? .int64 : .uint64)
        }
        let unfit =
            switch (bitWidth, isSigned) {
            case (8, true): appendExactly(values, selection) { Int8(exactly: $0).map { Int32($0) } }
            case (8, false): appendExactly(values, selection) { UInt8(exactly: $0).map { UInt32($0) } }
            case (16, true): appendExactly(values, selection) { Int16(exactly: $0).map { Int32($0) } }
            case (16, false): appendExactly(values, selection) { UInt16(exactly: $0).map { UInt32($0) } }
            case (32, true): appendExactly(values, selection) { Int32(exactly: $0) }
            case (32, false): appendExactly(values, selection) { UInt32(exactly: $0) }
            case (_, true): appendExactly(values, selection) { Int64(exactly: $0) }
            case (_, false): appendExactly(values, selection) { UInt64(exactly: $0) }
            }
        if let unfit { throw place.unfit(at: unfit) }
    }

    private func appendTicks(
        _ ticks: [Int64], _ selection: Selection, _ place: CellPlace, of type: LogicalType
    ) throws(OutputError) {
        let unfit: Int?
        switch (leaf.annotation, leaf.type, type) {
        case (.time(.microseconds, _), .int64, .time), (.timestamp(.microseconds, _), .int64, .timestamp):
            appendNumbers(ticks, selection) { $0 }
            return
        case (.time(.nanoseconds, _), .int64, .time), (.timestamp(.nanoseconds, _), .int64, .timestamp):
            unfit = appendExactly(ticks, selection) { tick -> Int64? in
                let (product, overflow) = tick.multipliedReportingOverflow(by: 1_000)
                return overflow ? nil : product
            }
        case (.timestamp(.milliseconds, _), .int64, .timestamp):
            unfit = appendExactly(ticks, selection) { tick -> Int64? in tick % 1_000 == 0 ? tick / 1_000 : nil }
        case (.time(.milliseconds, _), .int32, .time):
            unfit = appendExactly(ticks, selection) { tick -> Int32? in
                tick % 1_000 == 0 ? Int32(exactly: tick / 1_000) : nil
            }
        default: throw place.mismatch(type)
        }
        if let unfit { throw place.unfit(at: unfit) }
    }

    private func appendDecimals<Source: FixedWidthInteger & SignedInteger>(
        _ values: [Source], _ scale: Int, _ selection: Selection, _ place: CellPlace
    ) throws(OutputError) {
        guard case .decimal(let precision, scale) = leaf.annotation, leaf.type != .byteArray else {
            throw place.mismatch(.decimal(precision: Source.bitWidth > 64 ? 38 : 18, scale: scale))
        }
        let largest = DecimalDigits.largest(precision)
        // A sum of magnitudes would overflow; comparing both ends doesn't.
        @inline(__always)
        func fits(_ value: Source) -> Bool { Int128(value) <= largest && Int128(value) >= -largest }
        let unfit: Int?
        switch leaf.type {
        case .int32: unfit = appendExactly(values, selection) { fits($0) ? Int32(exactly: $0) : nil }
        case .int64: unfit = appendExactly(values, selection) { fits($0) ? Int64(exactly: $0) : nil }
        default:
            let length = leaf.typeLength
            var first: Int?
            selection.forEach { row in
                guard fits(values[row]), plain.append(Int128(values[row]), bigEndianIn: length) else {
                    first = first ?? row
                    return
                }
            }
            unfit = first
        }
        if let unfit { throw place.unfit(at: unfit) }
    }

    /// Numbers of a fixed width, whose conversion always succeeds.
    @inline(__always)
    private func appendNumbers<Source, Target: FixedWidthInteger>(
        _ values: [Source], _ selection: Selection, _ convert: (Source) -> Target
    ) {
        let size = MemoryLayout<Target>.size
        plain.reserve(selection.count * size)
        var target = plain.end
        values.withUnsafeBufferPointer { values in
            selection.forEach { row in
                target.storeBytes(of: convert(values[row]).littleEndian, as: Target.self)
                target += size
            }
        }
        plain.advance(selection.count * size)
    }

    /// Numbers of a fixed width; the first row whose number isn't convertible, where there is one.
    @inline(__always)
    private func appendExactly<Source, Target: FixedWidthInteger>(
        _ values: [Source], _ selection: Selection, _ convert: (Source) -> Target?
    ) -> Int? {
        let size = MemoryLayout<Target>.size
        plain.reserve(selection.count * size)
        var target = plain.end
        var unfit: Int?
        values.withUnsafeBufferPointer { values in
            selection.forEach { row in
                if let number = convert(values[row]) {
                    target.storeBytes(of: number.littleEndian, as: Target.self)
                } else if unfit == nil {
                    unfit = row
                }
                target += size
            }
        }
        plain.advance(selection.count * size)
        return unfit
    }
}

extension Annotation {
    var isDecimal: Bool { if case .decimal = self { true } else { false } }
}
