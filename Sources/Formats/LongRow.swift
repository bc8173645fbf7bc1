import Files
import Tables

/// A row that is longer than rows may be, or whose end nobody knows: its beginning, and what is wrong with it.
struct LongRow {
    /// Whole characters, where the row is UTF-8.
    let beginning: [UInt8]
    /// Of all of it.
    let byteCount: Int
    /// Of a batch that has this row alone.
    let problem: RowProblem

    /// Of a row whose bytes begin with `bytes`, of which so many are kept at most.
    init(_ bytes: ArraySlice<UInt8>, keeping most: Int, byteCount: Int, problem: RowProblem) {
        beginning = Array(bytes.prefix(Self.kept(of: bytes, most)))
        self.byteCount = byteCount
        self.problem = problem
    }

    /// How many of a row's first bytes are kept: no part of a character.
    static func kept(of bytes: ArraySlice<UInt8>, _ most: Int) -> Int {
        guard bytes.count > most else { return bytes.count }
        var end = bytes.startIndex + most
        var steps = 0
        while steps < 3, end > bytes.startIndex, bytes[end] & 0xC0 == 0x80 { (end, steps) = (end - 1, steps + 1) }
        // What is no UTF-8 has no characters to mind.
        return bytes[end] & 0xC0 == 0x80 ? most : end - bytes.startIndex
    }

    /// The row as a batch of its own: nothing of it is in any column.
    func batch<Rows>(of chunk: Chunk<Rows>, _ schema: Schema, _ projection: Projection) -> Batch {
        var columns = [Column?](repeating: nil, count: schema.fields.count)
        for column in projection.needs.keys { columns[column] = Column(missing: schema.fields[column].type, count: 1) }
        let records = TextCells(
            bytes: beginning, starts: [0], lengths: [UInt32(truncatingIfNeeded: beginning.count)])
        return Batch(
            ordinal: chunk.ordinal, partition: chunk.file, rowCount: 1, columns: columns,
            offsets: RowOffsets(base: chunk.offset, starts: [0]), problems: [problem],
            records: projection.wantsRecords ? records : nil,
            unfitting: projection.wantsRecords ? Bitmap(repeating: true, count: 1) : nil,
            byteCount: byteCount + chunk.leadingBytes)
    }
}

extension RowProblem {
    /// A row of so many bytes where fewer are allowed; `openQuote` is the byte offset of a quote that may never have been meant to open.
    static func tooLong(_ row: Int, _ byteCount: Int, _ maximum: Int, openQuote: Int64? = nil) -> RowProblem {
        let quote = openQuote.map { ", maybe because the quote that opens at byte offset \($0) is never closed" } ?? ""
        return RowProblem(
            row: row, kind: .rowTooLong, detail: "the row has \(byteCount) bytes, more than \(maximum)\(quote)")
    }
}

/// Finds where a row ends that is read block by block and not held.
protocol RowEnding {
    /// How many of the next bytes are the row's, with what ends it; `nil` where all of them are and it goes on.
    mutating func end(in bytes: UnsafeRawBufferPointer) -> Int?
}

extension RowEnding {
    /// Passes over a row that begins with `beginning`: how long it is, with what ends it, and what was read of the next.
    ///
    /// Memory: one block.
    mutating func pass(
        _ beginning: [UInt8], on stream: any ByteStream, blockBytes: Int
    ) throws(SourceError) -> (byteCount: Int, rest: [UInt8], isAtEnd: Bool) {
        var bytes = beginning
        var count = 0
        while true {
            if let end = bytes.withUnsafeBytes({ self.end(in: $0) }) {
                return (count + end, Array(bytes[end...]), false)
            }
            count += bytes.count
            let read = stream.block(after: [], upTo: blockBytes)
            if let error = read.error { throw error }
            if read.bytes.isEmpty { return (count, [], true) }
            bytes = read.bytes
        }
    }
}
