import Files
import Tables

/// Whole rows of a file of JSON, and how they stand there.
struct JSONRows {
    let form: JSONForm
    /// With `JSONScanner.padding` behind the rows.
    var bytes: [UInt8]
    let elementEnds: [UInt32]
    /// Whether the first element is the first one of its array, so that it may be absent.
    let isFirst: Bool
    /// Whether the bracket of the array closes behind the last element.
    let isClosed: Bool
    /// Whether the file ends here.
    let isLast: Bool
    /// Bytes without padding.
    let count: Int
    /// The only row, where it is too long to be held; there are no bytes then.
    var long: LongRow?
}

/// Cuts a file of JSON into chunks of whole rows; of an array it also finds the end of every element.
struct JSONCutter: ChunkCutter {
    private let name: String
    private let chunkBytes: Int
    private let maximumRowBytes: Int
    private let keptOfLongRows: Int?
    private(set) var offset: Int64
    private var form: JSONForm
    /// Bytes that were read and not handed out: the beginning of a row.
    private var rest: [UInt8] = []
    private var isFirst = true
    private var isAtEnd = false

    init(_ file: JSONSource.File, _ options: JSONOptions) {
        name = file.input.name
        chunkBytes = max(options.chunkBytes, 16)
        maximumRowBytes = options.maximumRowBytes
        keptOfLongRows = options.keptOfLongRows
        offset = Int64(file.dataStart)
        form = file.form
    }

    mutating func next(from stream: any ByteStream) throws(SourceError) -> JSONRows? {
        guard !isAtEnd else { return nil }
        let maximum = maximumRowBytes
        var size = chunkBytes
        while true {
            var read = stream.block(after: rest, upTo: size, spare: JSONScanner.padding.count)
            if let error = read.error { throw error }
            let count = read.bytes.count
            let isLast = read.isAtEnd
            if count == 0, form != .elements { return nil }
            var block = JSONBlock(taking: &read.bytes, from: 0, form: form, isLast: isLast)
            guard let end = block.end else {
                guard count <= maximum else { return try longRow(block.bytes[..<count], on: stream) }
                rest = block.rest
                if count >= size { size = min(count * 4, maximum + 1) }
                continue
            }
            rest = block.rest
            // Behind the last element of an array that is never closed there is nothing.
            isAtEnd = isLast && form == .elements && !block.isClosed
            let rows = JSONRows(
                form: form, bytes: block.takeWholeRows(), elementEnds: block.elementEnds, isFirst: isFirst,
                isClosed: block.isClosed, isLast: isLast, count: end)
            offset += Int64(end)
            isFirst = false
            if block.isClosed { form = .behindArray }
            return rows
        }
    }

    /// The row that the bytes begin with, alone; what is behind it is read on with.
    private mutating func longRow(
        _ bytes: ArraySlice<UInt8>, on stream: any ByteStream
    ) throws(SourceError) -> JSONRows {
        guard let keptOfLongRows else { throw Self.rowTooLong(name, offset, maximumRowBytes) }
        let passed: (byteCount: Int, rest: [UInt8], isAtEnd: Bool)
        let isElement = form == .elements
        if isElement {
            var ending = ElementEnding()
            passed = try ending.pass(Array(bytes), on: stream, blockBytes: chunkBytes)
            if ending.isClosed { form = .behindArray }
        } else {
            var ending = LineEnding()
            passed = try ending.pass(Array(bytes), on: stream, blockBytes: chunkBytes)
        }
        // An array that isn't closed has ended with its element.
        isAtEnd = isElement && passed.isAtEnd
        rest = passed.rest
        isFirst = false
        offset += Int64(passed.byteCount)
        let byteCount = passed.byteCount - (passed.isAtEnd ? 0 : 1)
        return JSONRows(
            form: form, bytes: [], elementEnds: [], isFirst: false, isClosed: false, isLast: passed.isAtEnd, count: 0,
            long: LongRow(
                bytes, keeping: keptOfLongRows, byteCount: byteCount,
                problem: .tooLong(0, byteCount, maximumRowBytes)))
    }

    static func rowTooLong(_ name: String, _ offset: Int64, _ maximum: Int, rowsBefore: Int = 0) -> SourceError {
        SourceError(
            code: "row-too-long", message: "the row at byte offset \(offset) is longer than \(maximum) bytes",
            place: name, byteOffset: offset, rowsIntoBatch: rowsBefore,
            hint: "where rows are as long as that, set max_row_bytes in the asset")
    }
}
