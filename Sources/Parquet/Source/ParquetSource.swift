import Files
public import Tables

/// One or several Parquet files as one table.
///
/// The columns are those of all files, by name, in the order in which they first appear: a file that lacks one has no values in
/// it. A nested field is a column of JSON text, followed by a column for each of its leaves by its dotted path, where nothing on
/// the path repeats and the name is free. Timestamps and times are in microseconds, rounded down; NaN is missing.
public struct ParquetSource: BatchSource {
    public let schema: Schema
    public let partitions: [Partition]
    public var typeOrigins: [TypeOrigin] { schema.fields.map { _ in .stored } }
    /// Of what is compared with the files' times; those are as they are stored.
    public var timeZone = ZoneRule.utc
    /// The files, in the order of the partitions.
    public let files: [ParquetFile]
    /// By file, then by the schema's index: where the column comes from; `nil` where the file lacks it.
    let origins: [[ColumnOrigin?]]
    /// Columns that can't be read: of one type in one file and of another in another, encrypted, packed with a codec that isn't read.
    private let refusals: [Int: SourceError]
    let plan: BatchPlan

    /// More files than these are not held open at once.
    public static let openFileLimit = 200

    /// Opens the files and reads their footers.
    public init(_ paths: [String]) throws(SourceError) {
        var files: [ParquetFile] = []
        // Whatever its name, a Parquet file is not packed as a whole.
        for path in paths {
            let input = try InputFile(path: path, packing: Compression.none)
            files.append(try ParquetFile(input, staysOpen: paths.count <= Self.openFileLimit))
        }
        try self.init(files)
    }

    /// Files as one table.
    ///
    /// A column that is of several types in them, or has pages that nobody reads, can't be read; the others can. One that has no value
    /// in a file may have another type there.
    public init(_ files: [ParquetFile]) throws(SourceError) {
        self.files = files
        var merger = SchemaMerger()
        for file in files { try merger.add(file) }
        schema = merger.schema(fileCount: files.count)
        origins = merger.origins(fileCount: files.count)
        refusals = merger.refusals
        do throws(ParquetError) { plan = try BatchPlan(files) } catch {
            throw error.located(in: files.first?.name ?? "")
        }
        let names = files.map { ColumnOrigin.all(of: $0).map(\.name) }
        partitions = zip(files, names).map { file, names in
            Partition(
                name: file.name, byteCount: file.byteCount, modified: file.modified,
                columns: file.rowCount == 0 ? nil : names)
        }
    }

    public func refusal(ofColumn column: Int) -> SourceError? { refusals[column] }

    public func checkUnchanged() throws(SourceError) {
        for file in files { try file.checkUnchanged() }
    }

    public func open(_ projection: Projection, ordinals: Set<Int>?) throws(SourceError) -> any BatchReader {
        try checkColumns(of: projection)
        return ParquetReader(self, projection, ordinals: ordinals)
    }

    public func retyping(_ types: [Int: LogicalType], origin: TypeOrigin) -> (any BatchSource)? { nil }

    /// How each file is written, in words, for `assay plan`.
    public var descriptions: [String] {
        files.map { file in
            let groups = file.metadata.rowGroups
            let codecs = Set(groups.flatMap { $0.columns.compactMap { $0.metadata?.codec.name.lowercased() } }).sorted()
            let packed = codecs.isEmpty ? "" : ", \(codecs.joined(separator: " and "))"
            return "\(file.name): Parquet, \(file.rowCount) \(file.rowCount == 1 ? "row" : "rows") in "
                + "\(groups.count) row \(groups.count == 1 ? "group" : "groups")\(packed)"
        }
    }
}

/// Where a table's column comes from in a file.
struct ColumnOrigin: Sendable {
    enum Place: Sendable {
        /// A leaf that doesn't repeat.
        case leaf(SchemaLeaf)
        /// A field of the root that is nested, as JSON text; with a fit, of the values that it makes.
        case nested(SchemaNode, ValueFit?)
    }

    let name: String
    let type: LogicalType
    let isNullable: Bool
    /// Whether the file has no value in it, by its schema.
    let isUntyped: Bool
    let place: Place

    /// The columns of a file.
    static func all(of file: ParquetFile) -> [ColumnOrigin] {
        let schema = file.schema
        var taken = Set(schema.fields.map { ColumnName($0.name) })
        var origins: [ColumnOrigin] = []
        for field in schema.fields {
            if field.isLeaf, field.repetition != .repeated {
                origins.append(ColumnOrigin(leaf: schema.leaves[field.leaves.lowerBound], name: field.name))
                continue
            }
            let (type, fit) = file.nestedForm(of: field)
            origins.append(
                ColumnOrigin(
                    name: field.name, type: type, isNullable: field.repetition == .optional, isUntyped: false,
                    place: .nested(field, fit)))
            for leaf in schema.leaves[field.leaves] where leaf.maximumRepetitionLevel == 0 {
                guard taken.insert(ColumnName(leaf.dottedPath)).inserted else { continue }
                origins.append(ColumnOrigin(leaf: leaf, name: leaf.dottedPath))
            }
        }
        return origins
    }

    private init(leaf: SchemaLeaf, name: String) {
        let meaning = LeafMeaning(leaf)
        self.init(
            name: name, type: meaning.columnType, isNullable: leaf.maximumDefinitionLevel > 0,
            isUntyped: meaning == .nothing, place: .leaf(leaf))
    }

    private init(name: String, type: LogicalType, isNullable: Bool, isUntyped: Bool, place: Place) {
        self.name = name
        self.type = type
        self.isNullable = isNullable
        self.isUntyped = isUntyped
        self.place = place
    }
}

/// Joins the columns of several files by name.
private struct SchemaMerger {
    private var names: [String] = []
    private var places: [ColumnName: Int] = [:]
    /// By column, then by file.
    private var columns: [[Int: ColumnOrigin]] = []
    private var fileCount = 0
    /// By column, why its values can't be read.
    private(set) var refusals: [Int: SourceError] = [:]

    mutating func add(_ file: ParquetFile) throws(SourceError) {
        for origin in ColumnOrigin.all(of: file) {
            let place = places[ColumnName(origin.name)] ?? names.count
            if place == names.count {
                places[ColumnName(origin.name)] = place
                names.append(origin.name)
                columns.append([:])
            }
            guard columns[place][fileCount] == nil else {
                throw SourceError(
                    code: "duplicate-column",
                    message: "column '\(TextExcerpt.of(origin.name))' stands twice in the schema",
                    place: file.name)
            }
            if let known = type(of: place), !origin.isUntyped, known != origin.type, refusals[place] == nil {
                refusals[place] = SourceError(
                    code: "type-conflict",
                    message:
                        "column '\(TextExcerpt.of(origin.name))' is \(origin.type) here and \(known) in an earlier file",
                    place: file.name, hint: "files of one table have one schema; name them as two assets")
            }
            columns[place][fileCount] = origin
            if refusals[place] == nil, let error = Self.obstacle(to: origin, in: file) {
                refusals[place] = error.located(in: file.name, partition: fileCount)
            }
        }
        fileCount += 1
    }

    /// Why a column's pages in a file can't be read; `nil` where nothing is known against it.
    private static func obstacle(to origin: ColumnOrigin, in file: ParquetFile) -> ParquetError? {
        let leaves =
            switch origin.place {
            case .leaf(let leaf): leaf.index..<leaf.index + 1
            case .nested(let field, _): field.leaves
            }
        for group in file.metadata.rowGroups where group.rowCount > 0 {
            for index in leaves {
                do throws(ParquetError) { _ = try group.columns[index].readable(file.schema.leaves[index]) } catch {
                    return error
                }
            }
        }
        return nil
    }

    private func type(of column: Int) -> LogicalType? { columns[column].values.first { !$0.isUntyped }?.type }

    func schema(fileCount: Int) -> Schema {
        Schema(
            names.indices.map { column in
                let isInAll = columns[column].count == fileCount
                let isNullable = !isInAll || columns[column].values.contains(where: \.isNullable)
                return Field(names[column], type(of: column) ?? .string, isNullable: isNullable)
            })
    }

    func origins(fileCount: Int) -> [[ColumnOrigin?]] {
        (0..<fileCount).map { file in columns.map { $0[file] } }
    }
}
