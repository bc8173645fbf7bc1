import Tables

/// How one file is written, and where its rows begin: what was declared, or what its beginning looks like.
struct CSVDialect: Sendable {
    var delimiter: UInt8
    var quote: UInt8?
    /// Names of the file's columns, in its order.
    var columns: [String]
    /// Whether the first row holds names.
    var hasHeader: Bool
    /// Where the first row of data begins, in bytes of the unpacked file.
    var dataStart: Int
    /// Types that the sampled rows have, by the file's columns.
    var inferred: [TypeInference]
}

extension CSVDialect {
    /// Reads the beginning of a file.
    ///
    /// `isWhole`: it is all of the file.
    ///
    /// `nil` for a file without a byte of text, whose columns nobody knows.
    init?(head: [UInt8], isWhole: Bool, options: CSVOptions, path: String) throws(SourceError) {
        let start = head.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        try TextCheck.refuseWideText(head, place: path)
        if let format = TextCheck.otherFormat(head) {
            throw SourceError(
                code: "not-text", message: "it is \(format.name), not delimited text", place: path, hint: format.hint)
        }
        let body = Array(head[start...])
        quote = options.quote
        delimiter = options.delimiter ?? Self.sniffDelimiter(body, quote: options.quote, isWhole: isWhole)
        var sample = try Sample(
            body, delimiter: delimiter, quote: quote, start: start, isWhole: isWhole, options, path)
        guard sample.rowCount > 0 else {
            guard case .names(let names) = options.header else { return nil }
            self.columns = names
            self.hasHeader = false
            self.dataStart = start
            self.inferred = names.map { _ in TypeInference() }
            return
        }
        let first = sample.cells(ofRow: 0)
        hasHeader =
            switch options.header {
            case .present: true
            case .absent, .names: false
            case .sniffed: Self.looksLikeNames(first)
            }
        let row = sample.place(ofRow: 0)
        if hasHeader, row.count > options.maximumRowBytes {
            throw CSVCutter.rowTooLong(path, Int64(start + row.lowerBound), nil, options.maximumRowBytes)
        }
        if case .names(let names) = options.header {
            columns = names
        } else if hasHeader {
            columns = try Self.names(first, path: path)
        } else {
            columns = first.indices.map { "column_\($0 + 1)" }
        }
        dataStart = start + (hasHeader ? row.upperBound : 0)
        let missing = Set(options.missingValues.map { Array($0.utf8) })
        var inferred = columns.map { _ in TypeInference() }
        func take(_ cell: UnsafeRawBufferPointer, _ column: Int) {
            guard column < inferred.count, missing.isEmpty || !missing.contains(Array(cell)) else { return }
            inferred[column].take(cell)
        }
        if !hasHeader {
            for (column, cell) in first.enumerated() { cell?.withUnsafeBytes { take($0, column) } }
        }
        for row in 1..<sample.rowCount {
            sample.forEachCell(ofRow: row) { column, cell in
                if let cell { take(cell, column) }
            }
        }
        self.inferred = inferred
    }

    /// The rows of a file's beginning that are whole, taken apart one by one.
    ///
    /// Memory: that of the bytes and of where their fields lie, however many columns there are.
    private struct Sample {
        private var bytes: [UInt8]
        private let cutter: FieldCutter

        /// A row that isn't whole is an error only where it is the first one: else reading comes to it, and knows its number.
        init(
            _ body: [UInt8], delimiter: UInt8, quote: UInt8?, start: Int, isWhole: Bool, _ options: CSVOptions,
            _ path: String
        ) throws(SourceError) {
            let splitter = RowSplitter(delimiter: delimiter, quote: quote)
            let split = body.withUnsafeBytes { splitter.split($0, isLast: isWhole) }
            let end = split.end ?? 0
            bytes = Array(body[..<end])
            // A width of 2 passes over blank lines; how many fields each row has is asked row by row.
            var index = FieldIndex(delimiter: delimiter, quote: quote, width: 2)
            bytes.withUnsafeBytes { index.build($0) }
            cutter = FieldCutter(index: index, missingValues: [])
            // Where columns have names already, a first row that can't be held is one like others.
            var mayPass = false
            if case .names = options.header { mayPass = options.keptOfLongRows != nil }
            guard index.rowCount == 0, end < body.count, !mayPass else { return }
            if body.count - end > options.maximumRowBytes {
                let openQuote = splitter.openQuote(inRow: body[end...], of: options.maximumRowBytes)
                throw CSVCutter.rowTooLong(
                    path, Int64(start + end), openQuote.map { Int64(start + $0) }, options.maximumRowBytes)
            }
            if isWhole, let open = split.openQuote { throw CSVCutter.unclosedQuote(path, at: Int64(start + open)) }
        }

        var rowCount: Int { cutter.index.rowCount }

        /// From where a row begins to behind its line break.
        func place(ofRow row: Int) -> Range<Int> {
            Int(cutter.index.rowStarts[row])..<bytes.withUnsafeBytes { cutter.index.rowEnd(row, in: $0) }
        }

        /// The cells of a row that is taken apart once; `nil` for an empty field without quotes.
        mutating func cells(ofRow row: Int) -> [[UInt8]?] {
            var cells: [[UInt8]?] = []
            forEachCell(ofRow: row) { _, cell in cells.append(cell.map { Array($0) }) }
            return cells
        }

        mutating func forEachCell(ofRow row: Int, _ body: (Int, UnsafeRawBufferPointer?) -> Void) {
            cutter.forEachCell(ofRow: row, in: &bytes, body)
        }
    }

    /// The delimiter that cuts the first rows into the most fields, equally many in each; a comma where none does.
    private static func sniffDelimiter(_ body: [UInt8], quote: UInt8?, isWhole: Bool) -> UInt8 {
        let sample = Array(body.prefix(1 << 16))
        let isLast = isWhole && sample.count == body.count
        var best: (delimiter: UInt8, agreeing: Int, width: Int) = (0x2C, 0, 1)
        for delimiter in [UInt8](",;\t|".utf8) {
            let split = sample.withUnsafeBytes {
                RowSplitter(delimiter: delimiter, quote: quote).split($0, isLast: isLast)
            }
            guard let end = split.end else { continue }
            var index = FieldIndex(delimiter: delimiter, quote: quote, width: 2)
            sample[..<end].withUnsafeBytes { index.build($0) }
            guard index.rowCount > 0 else { continue }
            let width = index.fieldCount(0)
            guard width > 1 else { continue }
            let rows = min(index.rowCount, 100)
            let agreeing = (0..<rows).reduce(0) { $0 + (index.fieldCount($1) == width ? 1 : 0) } * 100 / rows
            if (agreeing, width) > (best.agreeing, best.width) { best = (delimiter, agreeing, width) }
        }
        return best.delimiter
    }

    /// Whether a first row holds names: there is a text in it and no number, time or Boolean.
    private static func looksLikeNames(_ cells: [[UInt8]?]) -> Bool {
        let texts = cells.compactMap { $0 }.filter { !$0.isEmpty }
        return !texts.isEmpty && texts.allSatisfy { $0.withUnsafeBytes { ValueShape($0) } == .text }
    }

    /// The names, with one of our own for each that is empty: that of its place, and, where the header has that already, another.
    private static func named(_ names: [String]) -> [String] {
        var taken = Set(names)
        return names.enumerated().map { index, name in
            guard name.isEmpty else { return name }
            var made = "column_\(index + 1)"
            while !taken.insert(made).inserted { made += "_" }
            return made
        }
    }

    private static func names(_ cells: [[UInt8]?], path: String) throws(SourceError) -> [String] {
        var names: [String] = []
        for (index, cell) in cells.enumerated() {
            let bytes = cell ?? []
            if let invalid = bytes.withUnsafeBytes({ TextCheck.firstInvalid($0, from: 0) }) {
                throw SourceError(
                    code: "invalid-utf8",
                    message: "the header is no UTF-8: byte \(invalid + 1) of the name of column \(index + 1)",
                    place: path,
                    hint: "convert the file, as with: iconv -f LATIN1 -t UTF-8")
            }
            names.append(String(decoding: bytes, as: UTF8.self))
        }
        names = named(names)
        // By their bytes: names that are only equal by Unicode's rules are two.
        var seen: Set<[UInt8]> = []
        if let (index, name) = names.enumerated().first(where: { !seen.insert(Array($1.utf8)).inserted }) {
            throw SourceError(
                code: "duplicate-column",
                message: "the header names \"\(name)\" twice, the second time for column \(index + 1)", place: path,
                hint:
                    "rename one of them in the file, or read it without its header: header: [a, b, c] names all columns"
            )
        }
        return names
    }
}
