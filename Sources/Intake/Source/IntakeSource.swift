import Files
import Formats
public import Tables

/// Planned files as one table with the columns of a kept schema, however each of them is written.
///
/// Same files and same schema give the same batches. An error names the file by its partition, which is its place in the plan: who
/// sets it aside can open the others.
public struct IntakeSource: BatchSource {
    public let schema: Schema
    public let partitions: [Partition]
    public let typeOrigins: [TypeOrigin]
    public let descriptions: [String]
    public let unpackedByteCount: Int64?
    let files: [IntakeFile]
    let options: IntakeOptions
    /// The columns, as far as values may show that they are to be wider.
    let kept: KeptSchema
    let segments: [Segment]

    /// Files next to each other that are read by one reader.
    struct Segment: Sendable {
        let format: FileFormat
        /// Of the plan's files.
        let files: Range<Int>
        let source: any BatchSource
        /// For a Parquet file, how its columns become the table's.
        let fitting: ColumnFitting?
        /// Where it is known before reading.
        let batchCount: Int?
    }

    /// Opens planned files.
    ///
    /// Reads the beginning of each, or its footer. Errors: `changed` where a file isn't the planned one any more, and those of its
    /// format.
    public static func open(
        _ files: [IntakeFile], schema: KeptSchema, options: IntakeOptions = IntakeOptions()
    ) throws(SourceError) -> IntakeSource {
        try IntakeSource(files, schema: schema, options: options)
    }

    private init(_ files: [IntakeFile], schema kept: KeptSchema, options: IntakeOptions) throws(SourceError) {
        self.files = files
        self.options = options
        self.kept = kept
        schema = kept.schema
        typeOrigins = kept.origins
        partitions = files.map {
            Partition(name: $0.name, byteCount: $0.byteCount, modified: $0.modified / 1_000)
        }
        var segments: [Segment] = []
        var run: (format: FileFormat, first: Int, inputs: [InputFile])?
        func close(_ end: Int) throws(SourceError) {
            guard let (format, first, inputs) = run else { return }
            run = nil
            segments.append(try Self.segment(format, first..<end, inputs, kept, options))
        }
        for (number, file) in files.enumerated() {
            let (format, input) = try Self.located(number) { () throws(SourceError) -> (FileFormat, InputFile) in
                try Self.format(of: file, options)
            }
            if run?.format != format || format == .parquet { try close(number) }
            if run == nil { run = (format, number, []) }
            run?.inputs.append(input)
        }
        try close(files.count)
        self.segments = segments
        descriptions = segments.flatMap(\.source.descriptions)
        unpackedByteCount = segments.reduce(0) { total, segment in
            guard let total, let count = segment.source.unpackedByteCount else { return nil }
            return total + count
        }
    }

    /// How a file is written, and the file, unpacked accordingly.
    static func format(
        of file: IntakeFile, _ options: IntakeOptions
    ) throws(SourceError) -> (FileFormat, InputFile) {
        let input = try file.input(options, packing: nil)
        var found = options.format
        if found == nil { found = try DataFiles.format(of: input) }
        let packing: Compression?
        switch found {
        // Whatever its name, a Parquet file is not packed as a whole.
        case .parquet: packing = Compression.none
        case .csv: packing = options.csv.compression
        case .json: packing = options.json.compression
        case nil: packing = nil
        }
        return (found ?? .csv, packing == nil ? input : try file.input(options, packing: packing))
    }

    /// An error of a part names the plan's file.
    static func located<Result>(
        _ first: Int, _ body: () throws(SourceError) -> Result
    ) throws(SourceError) -> Result {
        do throws(SourceError) { return try body() } catch {
            var error = error
            error.partition = first + (error.partition ?? 0)
            throw error
        }
    }

    private static func segment(
        _ format: FileFormat, _ files: Range<Int>, _ inputs: [InputFile], _ kept: KeptSchema, _ options: IntakeOptions
    ) throws(SourceError) -> Segment {
        try located(files.lowerBound) { () throws(SourceError) in
            switch format {
            case .csv:
                let source = try CSVSource(
                    inputs, columns: kept.schema.fields, origins: kept.origins, options: options.csv)
                return Segment(format: format, files: files, source: source, fitting: nil, batchCount: nil)
            case .json:
                let source = try JSONSource(
                    inputs, columns: kept.schema.fields, origins: kept.origins, options: options.json)
                return Segment(format: format, files: files, source: source, fitting: nil, batchCount: nil)
            case .parquet:
                let table = try StoredTable(inputs)
                return Segment(
                    format: format, files: files, source: table.source,
                    fitting: ColumnFitting(table.source.schema, to: kept.schema, topLevel: table.topLevelColumns),
                    batchCount: table.batchCount)
            }
        }
    }

    public func open(_ projection: Projection, ordinals: Set<Int>?) throws(SourceError) -> any BatchReader {
        try IntakeReader(self, projection, ordinals: ordinals)
    }

    /// A plan's types stay what they are: whoever wants wider ones (``BatchWorker/widenings``) makes another plan.
    public func retyping(_ types: [Int: LogicalType], origin: TypeOrigin) -> (any BatchSource)? { nil }

    /// Checks that no file was written to or replaced since it was planned: what was read is then what was planned.
    ///
    /// One look at each file. Error: `changed`, `truncated`, `not-found` with the file's partition.
    public func check() throws(SourceError) {
        for (number, file) in files.enumerated() {
            _ = try Self.located(number) { () throws(SourceError) in try file.input(options, packing: Compression.none)
            }
        }
    }
}
