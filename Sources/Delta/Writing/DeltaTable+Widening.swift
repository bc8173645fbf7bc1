import Tables

extension DeltaType {
    /// Whether a column of this type may become one of another, which holds more: its values are the same then, where they fit.
    public func canWiden(to other: DeltaType) -> Bool {
        switch (logical, other.logical) {
        case (.int64, .float64), (.int64, .decimal), (.date, .timestamp): true
        case (.decimal(let precision, let scale), .decimal(let wider, let widerScale)):
            precision <= wider && scale <= widerScale && (precision, scale) != (wider, widerScale)
        default: false
        }
    }
}

extension Snapshot {
    /// Of some columns, those that the table has as a narrower type that can become theirs.
    public func narrower(than fields: [DeltaField]) -> [DeltaField] {
        fields.filter { field in schema[field.name]?.type.canWiden(to: field.type) ?? false }
    }
}

extension DeltaTable {
    /// The first of some wider columns whose type doesn't hold each value of the table as it is; `nil` where all can be widened.
    ///
    /// Reads the columns that the table has as narrower ones.
    public func unheldColumn(_ fields: [DeltaField]) throws(DeltaError) -> DeltaField? {
        let snapshot = try snapshot()
        let wanted = snapshot.narrower(than: fields)
        guard !wanted.isEmpty else { return nil }
        do throws(SourceError) {
            let source = try DeltaSource(snapshot)
            let columns = wanted.compactMap { field in source.schema.index(of: field.name).map { (field, $0) } }
            var projection = Projection()
            for (_, place) in columns { projection.add(.values, of: place) }
            let worker = try source.open(projection, ordinals: nil).makeWorker()
            while let batch = try worker.next() {
                for (field, place) in columns
                where ColumnConversion.convert(batch.column(place), to: field.type.logical) == nil { return field }
            }
            return nil
        } catch { throw DeltaError(error) }
    }

    /// Has columns be of wider types, in one commit that changes no value: all files are written anew, since files of two types in one
    /// column are not read by everybody.
    ///
    /// Columns that the table hasn't, and those that are as wide already, are passed over; where nothing is left, nothing is done, and
    /// the result has no version. Older versions can be read until ``vacuum(retention:isForced:isRehearsal:now:)`` removes their files. Where
    /// others add to the table meanwhile it begins again. Error: `schema-mismatch` for a value that the wider type doesn't hold. Costs a
    /// reading and a writing of the table. `now` is in microseconds since 1970-01-01T00:00:00Z.
    public func widen(_ fields: [DeltaField], now: Int64) throws(DeltaError) -> OptimizeResult {
        Leftovers.sweepDataFiles(of: folder, untouchedSince: now.addingClamped(-Rewriting.patience)) {
            Rewriting.isStem($0)
        }
        var triesLeft = 5
        while true {
            do throws(DeltaError) {
                guard let wider = try WiderTable(snapshot(), fields) else { return OptimizeResult() }
                return try wider.write(in: self, now: now)
            } catch {
                triesLeft -= 1
                let isOvertaken = [.concurrentDelete, .concurrentChange, .concurrentAppend].contains(error.code)
                guard isOvertaken, triesLeft > 0 else { throw error }
            }
        }
    }
}

/// A version of a table, and the columns that are to be wider.
struct WiderTable {
    /// In the names of files, between those of the files that they take the place of and what sets them apart.
    private static let infix = "-widened-"

    private let snapshot: Snapshot
    private let columns: [DeltaField]

    /// `nil` where the table has no narrower ones.
    init?(_ snapshot: Snapshot, _ fields: [DeltaField]) {
        columns = snapshot.narrower(than: fields)
        guard !columns.isEmpty else { return nil }
        self.snapshot = snapshot
    }

    /// Errors: those of tables that aren't written here.
    func write(in table: DeltaTable, now: Int64) throws(DeltaError) -> OptimizeResult {
        try snapshot.protocol.checkWriting(snapshot.metadata, snapshot.schema, place: snapshot.table)
        let wanted = DeltaSchema(columns)
        let schema = DeltaSchema(
            snapshot.schema.fields.map { field in
                DeltaField(
                    field.name, wanted[field.name]?.type ?? field.type, isNullable: field.isNullable,
                    metadata: field.metadata)
            })
        let run = Rewriting.run
        let width = String(snapshot.files.count).utf8.count
        // Each file by itself: rows stay where they are.
        let groups = snapshot.files.enumerated().map { number, file in
            let digits = String(number)
            let padded = String(repeating: "0", count: width - digits.utf8.count) + digits
            return Rewriting.Group(files: [file], stem: "\(Self.stem(file))\(Self.infix)\(run)-\(padded)")
        }
        return try Rewriting(snapshot, as: schema, groups).commit(in: table, now: now) { transaction in
            transaction.operation = "CHANGE COLUMNS"
            let changes = columns.map { JSON.array([.string($0.name), .string("\($0.type)")]) }
            transaction.parameters = ["columns": JSON.array(changes).text()]
            transaction.replaceSchema(schema)
        }
    }

    /// The name of a file whose place another one takes, without its number: files of one time are read in the order of their names.
    private static func stem(_ file: AddFile) -> String {
        var name = DataPath.decoded(file.path).split(separator: "/").last ?? "part"
        if name.hasSuffix(".parquet") { name.removeLast(8) }
        if let known = name.firstRange(of: infix) { name = name[..<known.lowerBound] }
        if name.hasPrefix("part-"), name.count > 11 { name.removeFirst(11) }
        let plain = name.utf8.prefix(120).map { DataFileWriter.isPlain($0) ? $0 : 0x5F }
        return String(decoding: plain, as: UTF8.self)
    }
}
