public import Files
public import Tables

/// One or several delimited files as one table.
///
/// The columns are those of all files, by name, in the order in which they first appear: a file that lacks one has no values
/// in it. Types are the declared ones, else what the beginning of each file looks like.
public struct CSVSource: BatchSource {
    public let schema: Schema
    public let partitions: [Partition]
    public let typeOrigins: [TypeOrigin]
    let files: [File]
    let options: CSVOptions
    private var retyped: [ColumnName: RetypedColumn] = [:]

    /// A file, and how it is written.
    struct File: Sendable {
        let input: InputFile
        /// `nil` for an empty file.
        let dialect: CSVDialect?
    }

    /// Opens the files and reads the beginning of each.
    public init(_ paths: [String], options: CSVOptions = CSVOptions()) throws(SourceError) {
        var inputs: [InputFile] = []
        for path in paths { inputs.append(try InputFile(path: path, packing: options.compression)) }
        try self.init(inputs, options: options)
    }

    /// Reads the beginning of each file.
    public init(_ inputs: [InputFile], options: CSVOptions) throws(SourceError) {
        var files: [File] = []
        for input in inputs { files.append(File(input: input, dialect: try Self.dialect(of: input, options))) }
        self.init(files, options: options)
    }

    /// A table of the given columns, whichever the files have: a file that lacks one has no values in it, and what a file has
    /// besides is no part of the table (``Batch/surplus``).
    ///
    /// The types stay what they are, whatever values are read; where one is unknown, workers tell that of the first values
    /// (``BatchWorker/widenings``).
    public init(
        _ inputs: [InputFile], columns: [Field], origins: [TypeOrigin], options: CSVOptions
    ) throws(SourceError) {
        precondition(columns.count == origins.count, "every column has an origin")
        var files: [File] = []
        for (number, input) in inputs.enumerated() {
            do throws(SourceError) {
                files.append(File(input: input, dialect: try Self.dialect(of: input, options)))
            } catch {
                var error = error
                error.partition = number
                throw error
            }
        }
        self.files = files
        self.options = options
        partitions = files.map {
            Partition(
                name: $0.input.name, byteCount: $0.input.byteCount, modified: $0.input.modified,
                columns: $0.dialect?.columns)
        }
        schema = Schema(columns)
        typeOrigins = origins
    }

    private init(_ files: [File], options: CSVOptions, retyped: [ColumnName: RetypedColumn] = [:]) {
        self.files = files
        self.options = options
        self.retyped = retyped
        partitions = files.map {
            Partition(
                name: $0.input.name, byteCount: $0.input.byteCount, modified: $0.input.modified,
                columns: $0.dialect?.columns)
        }
        var names: [String] = []
        var places: [[UInt8]: Int] = [:]
        var inferred: [TypeInference] = []
        for dialect in files.compactMap(\.dialect) {
            for (name, inference) in zip(dialect.columns, dialect.inferred) {
                let key = Array(name.utf8)
                if let place = places[key] {
                    inferred[place].merge(inference)
                } else {
                    places[key] = names.count
                    names.append(name)
                    inferred.append(inference)
                }
            }
        }
        let declared = options.declaredTypes
        typeOrigins = zip(names, inferred).map { name, inference in
            declared[ColumnName(name)] != nil
                ? .declared : retyped[ColumnName(name)]?.origin ?? (inference.isEmpty ? .unknown : .inferred)
        }
        schema = Schema(
            zip(names, inferred).map { name, inference in
                Field(name, declared[ColumnName(name)] ?? retyped[ColumnName(name)]?.type ?? inference.result)
            })
    }

    private static func dialect(of input: InputFile, _ options: CSVOptions) throws(SourceError) -> CSVDialect? {
        var size = max(options.sampleBytes, 64)
        while true {
            let (head, isWhole) = try beginning(of: input, size)
            if head.isEmpty { return try CSVDialect(head: head, isWhole: true, options: options, path: input.name) }
            if let dialect = try CSVDialect(head: head, isWhole: isWhole, options: options, path: input.name) {
                return dialect
            }
            // Not one row is whole: look further.
            if isWhole { return nil }
            guard size <= options.maximumRowBytes else {
                throw SourceError(
                    code: "row-too-long", message: "there is no whole row in its first \(size) bytes",
                    place: input.name,
                    hint: "rows have at most \(options.maximumRowBytes) bytes: max_row_bytes allows more")
            }
            size *= 4
        }
    }

    private static func beginning(of input: InputFile, _ size: Int) throws(SourceError) -> ([UInt8], isWhole: Bool) {
        let read = try input.beginning(upTo: size)
        if let error = read.error { throw error }
        return (read.bytes, read.isAtEnd)
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
        CSVReader(self, projection, ordinals: ordinals)
    }

    public func retyping(_ types: [Int: LogicalType], origin: TypeOrigin) -> (any BatchSource)? {
        let guessed = types.filter { typeOrigins[$0.key] != .declared }
        guard !guessed.isEmpty else { return nil }
        var retyped = retyped
        for (index, type) in guessed {
            retyped[ColumnName(schema.fields[index].name)] = RetypedColumn(type: type, origin: origin)
        }
        return CSVSource(files, options: options, retyped: retyped)
    }

    /// How each file is written, in words, for `assay plan`.
    public var descriptions: [String] {
        files.map { file in
            guard let dialect = file.dialect else { return "\(file.input.name): empty" }
            let delimiter = dialect.delimiter == 0x09 ? "tab" : "\"\(Character(Unicode.Scalar(dialect.delimiter)))\""
            let packed = file.input.compression == .none ? "" : ", \(file.input.compression.rawValue)"
            return "\(file.input.name): \(dialect.columns.count) columns, delimiter \(delimiter)"
                + (dialect.hasHeader ? ", header" : ", no header") + packed
        }
    }
}
