/// Reads a column chunk from its first value to its last, page by page, and stops at any row.
///
/// Not safe for use by several threads at once.
final class LeafReader {
    let leaf: SchemaLeaf
    private let pages: PageReader
    private let levelsOnly: Bool
    private(set) var dictionary: LeafDictionary?
    private var repetition: RunDecoder
    private var definition: RunDecoder
    private(set) var values: ValueStream
    /// Of the page at hand.
    private var slotsLeft = 0
    /// Of the chunk, beyond the page at hand.
    private var slotsBehind: Int64
    /// Repetition levels of the page at hand that were read ahead, and the first that nobody took.
    private var ahead: [UInt8] = []
    private var aheadNext = 0
    /// Rows that were read or passed over.
    private(set) var row: Int64 = 0

    /// With `levelsOnly`, `values` may not be asked for any.
    init(_ file: ParquetFile, rowGroup: Int, leaf: SchemaLeaf, levelsOnly: Bool = false) throws(ParquetError) {
        let group = file.metadata.rowGroups[rowGroup]
        let chunk = group.columns[leaf.index]
        pages = try PageReader(file, chunk, leaf)
        self.leaf = leaf
        self.levelsOnly = levelsOnly
        slotsBehind = max(0, chunk.metadata?.valueCount ?? 0)
        let nothing = UnsafeRawBufferPointer(start: PageBuffer.nothing, count: 0)
        repetition = try RunDecoder(nothing, bitWidth: leaf.repetitionBits)
        definition = try RunDecoder(nothing, bitWidth: leaf.definitionBits)
        values = try ValueStream(nothing, .plain, leaf)
        if leaf.maximumRepetitionLevel == 0, slotsBehind != group.rowCount {
            throw ParquetError(
                .corrupt, "it has \(slotsBehind) values in a row group of \(group.rowCount) rows",
                column: leaf.dottedPath)
        }
    }

    /// Puts the values of the page at hand to use, and keeps how far it came.
    @inline(__always)
    func withValues<Result>(_ body: (inout ValueStream) throws(ParquetError) -> Result) throws(ParquetError) -> Result {
        do throws(ParquetError) { return try body(&values) } catch { throw error.adding(column: leaf.dottedPath) }
    }

    // MARK: Columns that don't repeat: a slot is a row

    /// Slots that can be read from the page at hand, at most `limit` and more than none; a new page where it is at its end.
    func slots(_ limit: Int) throws(ParquetError) -> Int {
        while slotsLeft == 0 { try nextPage(passing: 0) }
        return min(slotsLeft, limit)
    }

    /// Reads which of the next slots hold a value, into bits that are zero; how many do.
    func readPresence(
        _ count: Int, into words: UnsafeMutableBufferPointer<UInt64>, at first: Int, _ levels: inout [UInt8]
    ) throws(ParquetError) -> Int {
        slotsLeft -= count
        row += Int64(count)
        switch leaf.maximumDefinitionLevel {
        case 0:
            BitCopy.set(words, at: first, count: count)
            return count
        case 1: return try level { () throws(ParquetError) in try definition.readBits(count, into: words, at: first) }
        default:
            try readLevels(count, &definition, into: &levels)
            let maximum = UInt8(leaf.maximumDefinitionLevel)
            var present = 0
            for index in 0..<count where levels[index] >= maximum {
                guard levels[index] == maximum else { throw tooHigh }
                words[(first + index) >> 6] |= 1 << UInt64((first + index) & 63)
                present += 1
            }
            return present
        }
    }

    /// Reads the definition levels of the next slots.
    func readDefinitions(_ count: Int, into levels: inout [UInt8]) throws(ParquetError) {
        slotsLeft -= count
        row += Int64(count)
        try readLevels(count, &definition, into: &levels)
        let maximum = UInt8(leaf.maximumDefinitionLevel)
        for index in 0..<count where levels[index] > maximum { throw tooHigh }
    }

    /// Passes over rows; whole pages by their headers alone, where those tell their rows.
    func skip(toRow target: Int64) throws(ParquetError) {
        guard leaf.maximumRepetitionLevel == 0 else { return try skipRepeating(toRow: target) }
        var levels: [UInt8] = []
        var words: [UInt64] = []
        while row < target {
            if slotsLeft == 0 {
                try nextPage(passing: target - row)
                continue
            }
            let count = Int(min(Int64(min(slotsLeft, 65_536)), target - row))
            words.removeAll(keepingCapacity: true)
            words.append(contentsOf: repeatElement(0, count: (count + 63) / 64))
            var result: Result<Int, ParquetError> = .success(0)
            words.withUnsafeMutableBufferPointer { words in
                do throws(ParquetError) {
                    result = .success(try readPresence(count, into: words, at: 0, &levels))
                } catch { result = .failure(error) }
            }
            let present = try result.get()
            if !levelsOnly {
                try withValues { (values: inout ValueStream) throws(ParquetError) in try values.skip(present) }
            }
        }
    }

    // MARK: Columns that repeat: a row ends where a repetition level of 0 begins the next

    /// Reads the levels of the next slots of one page, as far as `rows` rows go; how many rows began.
    ///
    /// A row that goes on in the next page is to be read on. 0 slots where the rows are complete. The count of values is
    /// that of the definition levels at their maximum.
    func readRepeating(
        beginning rows: Int, _ repetitions: inout [UInt8], _ definitions: inout [UInt8]
    ) throws(ParquetError) -> (slots: Int, begun: Int) {
        while slotsLeft == 0 {
            if slotsBehind == 0 { return (0, 0) }
            try nextPage(passing: 0)
        }
        let limit = min(slotsLeft, 65_536)
        var begun = 0
        repetitions.removeAll(keepingCapacity: true)
        while repetitions.count < limit {
            if aheadNext == ahead.count { try readAhead(min(4_096, limit - repetitions.count)) }
            let last = min(ahead.count, aheadNext + limit - repetitions.count)
            var place = aheadNext
            while place < last {
                if ahead[place] == 0 {
                    if begun == rows { break }
                    begun += 1
                }
                place += 1
            }
            repetitions.append(contentsOf: ahead[aheadNext..<place])
            aheadNext = place
            if place < last { break }
        }
        if row == 0, let first = repetitions.first, first != 0 {
            throw ParquetError(.corrupt, "its first value continues a row", column: leaf.dottedPath)
        }
        let slots = repetitions.count
        try readLevels(slots, &definition, into: &definitions)
        let maximum = UInt8(leaf.maximumDefinitionLevel)
        for index in 0..<slots where definitions[index] > maximum { throw tooHigh }
        slotsLeft -= slots
        row += Int64(begun)
        return (slots, begun)
    }

    private func readAhead(_ count: Int) throws(ParquetError) {
        ahead.removeAll(keepingCapacity: true)
        aheadNext = 0
        try readLevels(count, &repetition, into: &ahead)
        ahead.removeLast(ahead.count - count)
        let maximum = UInt8(leaf.maximumRepetitionLevel)
        for level in ahead where level > maximum { throw tooHigh }
    }

    private func skipRepeating(toRow target: Int64) throws(ParquetError) {
        var repetitions: [UInt8] = []
        var definitions: [UInt8] = []
        while true {
            while slotsLeft == 0, slotsBehind > 0, row < target { try nextPage(passing: target - row) }
            let rows = Int(min(target - row, 65_536))
            let (slots, _) = try readRepeating(beginning: rows, &repetitions, &definitions)
            if slots == 0 {
                guard row == target else {
                    throw ParquetError(.corrupt, "it ends before its row group", column: leaf.dottedPath)
                }
                return
            }
            if levelsOnly { continue }
            let maximum = UInt8(leaf.maximumDefinitionLevel)
            var present = 0
            for index in 0..<slots where definitions[index] == maximum { present += 1 }
            try withValues { (values: inout ValueStream) throws(ParquetError) in try values.skip(present) }
        }
    }

    // MARK: Pages

    /// Goes on to the next data page, or over one that lies wholly within the next `passing` rows.
    private func nextPage(passing rows: Int64) throws(ParquetError) {
        guard slotsBehind > 0 else {
            throw ParquetError(.corrupt, "it ends before its row group", column: leaf.dottedPath)
        }
        let header = try pages.nextHeader()
        if header.type == .dictionary, let head = header.dictionaryPage {
            guard dictionary == nil else {
                throw ParquetError(.corrupt, "it has two dictionaries", column: leaf.dottedPath)
            }
            if levelsOnly { return }
            let bytes = try pages.dictionaryBytes()
            do throws(ParquetError) { dictionary = try LeafDictionary(bytes, head, leaf) } catch {
                throw error.adding(column: leaf.dottedPath)
            }
            return
        }
        guard header.type == .data || header.type == .dataV2 else { return }
        let count = Int64(header.dataPage?.valueCount ?? header.dataPageV2?.valueCount ?? 0)
        guard count >= 0, count <= slotsBehind else {
            throw ParquetError(.corrupt, "its pages have more values than it announces", column: leaf.dottedPath)
        }
        slotsBehind -= count
        if let pageRows = rowCount(header), pageRows <= rows {
            row += pageRows
            return
        }
        let page = try pages.dataPage(levelsOnly: levelsOnly)
        slotsLeft = page.slotCount
        repetition = page.repetition
        definition = page.definition
        values = page.values
        if values.isDictionary, dictionary == nil, !levelsOnly {
            throw ParquetError(.corrupt, "a page points at a dictionary that is missing", column: leaf.dottedPath)
        }
    }

    /// The rows of a page by its header; pages of the second version begin and end with a row.
    private func rowCount(_ header: PageHeader) -> Int64? {
        if leaf.maximumRepetitionLevel == 0 {
            return (header.dataPage?.valueCount ?? header.dataPageV2?.valueCount).map(Int64.init)
        }
        return header.dataPageV2.flatMap { $0.rowCount > 0 ? Int64($0.rowCount) : nil }
    }

    // MARK: Levels

    private func readLevels(_ count: Int, _ runs: inout RunDecoder, into levels: inout [UInt8]) throws(ParquetError) {
        if levels.count < count { levels.append(contentsOf: repeatElement(0, count: count - levels.count)) }
        var decoder = runs
        var failure: ParquetError?
        levels.withUnsafeMutableBufferPointer { levels in
            guard let base = levels.baseAddress else { return }
            do throws(ParquetError) { try decoder.read(count, into: base) } catch { failure = error }
        }
        if let failure { throw failure.adding(column: leaf.dottedPath) }
        runs = decoder
    }

    @inline(__always)
    private func level<Result>(_ body: () throws(ParquetError) -> Result) throws(ParquetError) -> Result {
        do throws(ParquetError) { return try body() } catch { throw error.adding(column: leaf.dottedPath) }
    }

    private var tooHigh: ParquetError {
        ParquetError(.corrupt, "a level is higher than the schema allows", column: leaf.dottedPath)
    }
}
