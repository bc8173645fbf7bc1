public import Files
public import Tables

/// One or several files of JSON objects as one table: JSON Lines, or one array of objects a file.
///
/// Paths are columns: the keys of objects inside objects are joined by dots (`user.geo.country`); arrays are text, their raw
/// JSON. The columns are those of the beginnings of all files, in the order in which they first appear, then those that somebody
/// declared or expects; whether rows have these, and which keys they have besides, shows when all of them were read
/// (``settling(_:)``). Types are the declared ones, else what the values look like.
public struct JSONSource: BatchSource {
    public let schema: Schema
    public let partitions: [Partition]
    public let typeOrigins: [TypeOrigin]
    let files: [File]
    let options: JSONOptions
    let outline: JSONOutline
    /// By the schema's index, the node of the outline.
    let columnNodes: [Int]
    private var retyped: [ColumnName: RetypedColumn] = [:]
    public let awaitedColumns: Set<Int>
    /// Whether what rows have decides which columns there are.
    let settlesColumns: Bool

    /// A file, and how it is written.
    struct File: Sendable {
        let input: InputFile
        let form: JSONForm
        /// Where the first row may begin, in bytes of the unpacked file.
        let dataStart: Int
    }

    /// Opens the files and reads the beginning of each.
    public init(_ paths: [String], options: JSONOptions = JSONOptions()) throws(SourceError) {
        var inputs: [InputFile] = []
        for path in paths { inputs.append(try InputFile(path: path, packing: options.compression)) }
        try self.init(inputs, options: options)
    }

    /// Reads the beginning of each file.
    public init(_ inputs: [InputFile], options: JSONOptions) throws(SourceError) {
        var outline = JSONOutline()
        var files: [File] = []
        for input in inputs { files.append(try Self.file(input, options, &outline)) }
        outline.expect(options.expectedColumns)
        for name in options.fixedColumns.sorted() { outline.declare(name.text) }
        for name in options.declaredTypes.keys.sorted() { outline.declare(name.text) }
        self.init(files, outline, options: options)
    }

    private init(
        _ files: [File], _ outline: JSONOutline, options: JSONOptions, retyped: [ColumnName: RetypedColumn] = [:]
    ) {
        self.files = files
        self.outline = outline
        self.options = options
        self.retyped = retyped
        partitions = files.map {
            Partition(name: $0.input.name, byteCount: $0.input.byteCount, modified: $0.input.modified)
        }
        columnNodes = outline.columns
        settlesColumns = options.fixedColumns.isEmpty
        awaitedColumns =
            settlesColumns
            ? Set(columnNodes.indices.filter { [columnNodes] in !outline.nodes[columnNodes[$0]].isSeen }) : []
        // Different spellings may declare one path, as in `a\b` and `a\\b`.
        var declared: [ColumnName: LogicalType] = [:]
        for (name, type) in options.declaredTypes.sorted(by: { $0.key < $1.key }) {
            declared[ColumnName(JSONPath.name(JSONPath.keys(name.text)))] = type
        }
        let names = columnNodes.map { outline.name($0) }
        typeOrigins = zip(names, columnNodes).map { name, node in
            declared[ColumnName(name)] != nil
                ? .declared
                : retyped[ColumnName(name)]?.origin ?? (outline.nodes[node].inference.isEmpty ? .unknown : .inferred)
        }
        schema = Schema(
            zip(names, columnNodes).map { name, node in
                Field(
                    name,
                    declared[ColumnName(name)] ?? retyped[ColumnName(name)]?.type
                        ?? outline.nodes[node].inference.result)
            })
    }

    /// A table of the given columns, whichever keys the files have: a file that lacks one has no values in it, and what a file
    /// has besides is no part of the table (``Batch/unfitting``).
    ///
    /// The types stay what they are, whatever values are read; where one is unknown, workers tell that of the first values
    /// (``BatchWorker/widenings``).
    public init(
        _ inputs: [InputFile], columns: [Field], origins: [TypeOrigin], options: JSONOptions
    ) throws(SourceError) {
        precondition(columns.count == origins.count, "every column has an origin")
        var files: [File] = []
        for (number, input) in inputs.enumerated() {
            do throws(SourceError) { files.append(try Self.form(of: input, options)) } catch {
                var error = error
                error.partition = number
                throw error
            }
        }
        var outline = JSONOutline()
        columnNodes = columns.map { outline.declare($0.name) }
        awaitedColumns = []
        settlesColumns = false
        self.files = files
        self.outline = outline
        self.options = options
        partitions = files.map {
            Partition(name: $0.input.name, byteCount: $0.input.byteCount, modified: $0.input.modified)
        }
        schema = Schema(columns)
        typeOrigins = origins
    }

    /// How a file is written, without a look at its rows.
    private static func form(of input: InputFile, _ options: JSONOptions) throws(SourceError) -> File {
        var size = 4_096
        while true {
            let read = try input.beginning(upTo: size)
            if let error = read.error, read.bytes.isEmpty { throw error }
            if !options.readsLines { try TextCheck.refuseWideText(read.bytes, place: input.name) }
            let textStart = JSONForm.textStart(of: read.bytes)
            let isBlank = read.bytes[textStart...].allSatisfy { JSONScanner.isSpace($0) }
            // An array may begin behind any amount of space; of what comes after so much of it, each line is a row.
            if isBlank, !read.isAtEnd, read.error == nil, size < options.maximumRowBytes {
                size *= 4
                continue
            }
            let (form, start) = options.readsLines(input) ? (.lines, textStart) : JSONForm.form(of: read.bytes)
            return File(input: input, form: form, dataStart: start)
        }
    }

    /// Looks at the beginning of a file.
    private static func file(
        _ input: InputFile, _ options: JSONOptions, _ outline: inout JSONOutline
    ) throws(SourceError) -> File {
        var size = max(options.sampleBytes, 64)
        while true {
            var read = try input.beginning(upTo: size, spare: JSONScanner.padding.count)
            if let error = read.error { throw error }
            let isWhole = read.isAtEnd
            if !options.readsLines { try TextCheck.refuseWideText(read.bytes, place: input.name) }
            var (form, start) = JSONForm.form(of: read.bytes)
            if options.readsLines(input), form == .elements {
                (form, start) = (.lines, JSONForm.textStart(of: read.bytes))
            }
            let block = JSONBlock(taking: &read.bytes, from: start, form: form, isLast: isWhole)
            let file = File(input: input, form: form, dataStart: start)
            // Not one row is whole: look further.
            if block.end == nil, !isWhole {
                guard block.count <= options.maximumRowBytes else {
                    guard options.keptOfLongRows != nil else {
                        throw JSONCutter.rowTooLong(input.name, Int64(start), options.maximumRowBytes)
                    }
                    try look(behindLongRowsOf: file, options, &outline)
                    return file
                }
                if block.count >= size { size = min(size * 4, options.maximumRowBytes + start + 1) }
                continue
            }
            block.forEachRow { scanner, place in outline.take(row: place, &scanner, options) }
            return file
        }
    }

    /// Looks at the first rows of a file that may be held: what is too long says nothing of its columns.
    ///
    /// What can be read only once is not looked at.
    private static func look(
        behindLongRowsOf file: File, _ options: JSONOptions, _ outline: inout JSONOutline
    ) throws(SourceError) {
        guard !file.input.isLive else { return }
        var options = options
        options.chunkBytes = max(options.sampleBytes, 64)
        var cutter = JSONCutter(file, options)
        let stream = try file.input.stream()
        try stream.skip(file.dataStart)
        while var rows = try cutter.next(from: stream) {
            guard rows.long == nil else { continue }
            var bytes: [UInt8] = []
            swap(&bytes, &rows.bytes)
            bytes.removeLast(bytes.count - rows.count)
            let isLast = rows.isLast || rows.form != .elements
            let block = JSONBlock(taking: &bytes, from: 0, form: rows.form, isLast: isLast)
            block.forEachRow { scanner, place in outline.take(row: place, &scanner, options) }
            return
        }
    }

    public func checkUnchanged() throws(SourceError) {
        for file in files { try file.input.checkUnchanged() }
    }

    public var timeZone: ZoneRule { options.timeZone }

    public var unpackedByteCount: Int64? {
        guard files.allSatisfy({ $0.input.compression == .none }) else { return nil }
        return files.reduce(0) { $0 + $1.input.byteCount }
    }

    public func open(_ projection: Projection, ordinals: Set<Int>?) throws(SourceError) -> any BatchReader {
        JSONReader(self, projection, ordinals: ordinals)
    }

    public func retyping(_ types: [Int: LogicalType], origin: TypeOrigin) -> (any BatchSource)? {
        let guessed = types.filter { typeOrigins[$0.key] != .declared }
        guard !guessed.isEmpty else { return nil }
        var retyped = retyped
        for (index, type) in guessed {
            retyped[ColumnName(schema.fields[index].name)] = RetypedColumn(type: type, origin: origin)
        }
        return JSONSource(files, outline, options: options, retyped: retyped)
    }

    public func settling(_ sightings: ColumnSightings) -> (any BatchSource)? {
        guard settlesColumns, !awaitedColumns.isEmpty || !sightings.columns.isEmpty else { return nil }
        var (outline, retyped) = (outline, retyped)
        for column in sightings.columns {
            outline.add(column.name)
            if let type = column.type {
                retyped[ColumnName(column.name)] = RetypedColumn(type: type, origin: .inferred)
            }
        }
        outline.dropUnseen()
        return JSONSource(files, outline, options: options, retyped: retyped)
    }

    /// How each file is written, in words, for `assay plan`.
    public var descriptions: [String] {
        files.map { file in
            let packed = file.input.compression == .none ? "" : ", \(file.input.compression.rawValue)"
            return "\(file.input.name): \(file.form == .lines ? "JSON Lines" : "a JSON array")\(packed)"
        }
    }
}

extension JSONOptions {
    /// Whether every line of a file is a row, whatever it begins with.
    fileprivate func readsLines(_ input: InputFile) -> Bool {
        readsLines || trustsNames && FileFormat.saysLines(fileName: input.name)
    }
}
