import Files
import Tables

/// Files of a version whose rows are written anew: the same rows in the same order, in other files.
///
/// Where the task is cancelled it is given up [cancelled], and nothing is left of it.
struct Rewriting {
    /// Files of one partition that lie one after another, in the order of their rows, and how those are called that take their place.
    struct Group {
        let files: [AddFile]
        let stem: String

        /// Whether there is anything to be gained: fewer files, or rows that are gone.
        static func isWorthwhile(_ files: some Collection<AddFile>) -> Bool {
            files.count > 1 || files.contains { $0.deletionVector != nil }
        }
    }

    /// Why a group couldn't be written.
    private struct Failure: Error {
        let error: DeltaError
        /// The file that the values are from, by its place in the group; `nil` where it is about none of them.
        var place: Int?
    }

    /// What becomes of files with a value that the schema has no place for.
    enum Misfits {
        /// They stay as they are, and the result tells it.
        case leftAlone
        /// Nothing is rewritten.
        case refused
    }

    /// Sets the names of a rewriting's files apart from those of others.
    static var run: String { String(UInt64.random(in: 0 ... .max), radix: 36) }

    /// Whether a stem names files of some rewriting, as in `optimize-<run>-0` and `…-widened-<run>-0`, and not of a pipeline that is
    /// called like one.
    static func isStem(_ stem: Substring) -> Bool {
        let parts = stem.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 3, let number = parts.last, !number.isEmpty,
            number.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return false }
        // The numbers of a pipeline's batches begin with zeros.
        let run = parts[parts.count - 2]
        guard !run.isEmpty, !run.hasPrefix("0") else { return false }
        return parts.count == 3 ? parts[0] == "optimize" : parts[parts.count - 3] == "widened"
    }

    /// Microseconds in which a file that is being written is touched.
    static let patience: Int64 = 3_600_000_000

    private let snapshot: Snapshot
    /// What is written: the version's columns, some of them wider perhaps.
    private let schema: DeltaSchema
    private let groups: [Group]
    private let fileBytes: Int64
    private let misfits: Misfits

    /// - fileBytes: how large files are to become, where that is more than usual.
    init(
        _ snapshot: Snapshot, as schema: DeltaSchema, _ groups: [Group], fileBytes: Int64 = 0,
        misfits: Misfits = .refused
    ) {
        self.snapshot = snapshot
        self.schema = schema
        self.groups = groups
        self.fileBytes = fileBytes
        self.misfits = misfits
    }

    /// Writes the files, and has them take the place of those whose rows they hold, in one commit that is no change of data.
    ///
    /// `describe` completes the transaction. Where it fails the table is what it was.
    func commit(
        in table: DeltaTable, now: Int64, _ describe: (inout Transaction) throws(DeltaError) -> Void
    ) throws(DeltaError) -> OptimizeResult {
        var result = OptimizeResult()
        var made: [DataFile] = []
        var removed: [AddFile] = []
        do throws(DeltaError) {
            for group in groups {
                var pieces = Pieces(group)
                while let piece = pieces.next() {
                    let files: [DataFile]
                    do throws(Failure) { files = try write(piece) } catch {
                        guard misfits == .leftAlone, error.error.code == .schemaMismatch, let place = error.place else {
                            throw error.error
                        }
                        if let file = pieces.leave(place, of: piece) {
                            result.failures.append(leftAlone(file, error.error))
                        }
                        continue
                    }
                    made += files
                    removed += piece.files
                    // Nobody reads them before they are committed; hidden ones would be taken for what a dead process left.
                    try DataFile.publish(files)
                }
            }
            if misfits == .leftAlone, removed.isEmpty { return result }
            var transaction = try Transaction(table: table, base: snapshot)
            try describe(&transaction)
            transaction.rearrange(removed, as: made.map(\.add), at: now.flooredDivision(by: 1_000).quotient)
            let commit = try transaction.commit(now: now)
            result.version = commit.version
            result.removedFiles = removed.count
            result.removedBytes = removed.reduce(0) { $0.addingClamped($1.size) }
            result.addedFiles = made.count
            result.addedBytes = made.reduce(0) { $0.addingClamped($1.add.size) }
            return result
        } catch {
            for file in made { file.withdraw() }
            throw error
        }
    }

    private func leftAlone(_ file: AddFile, _ error: DeltaError) -> DeltaError {
        DeltaError(
            error.code, "the file \(DataPath.decoded(file.path)) was left as it is: \(error.message)",
            place: snapshot.table,
            hint: file.deletionVector == nil ? error.hint : "rows that were deleted are not counted")
    }

    /// Writes the rows of some files anew; a file that has another number of rows than the log says ends it.
    private func write(_ group: Group) throws(Failure) -> [DataFile] {
        var place: Int?
        do throws(DeltaError) { return try write(group, reading: &place) } catch {
            throw Failure(error: error, place: place)
        }
    }

    /// `place` is that of the file whose values are at hand.
    private func write(_ group: Group, reading place: inout Int?) throws(DeltaError) -> [DataFile] {
        let source: DeltaSource
        do throws(SourceError) { source = try DeltaSource(snapshot.holding(only: group.files)) } catch {
            throw DeltaError(error)
        }
        let writer = try DataFileWriter(
            moving: snapshot, as: schema, of: partition(of: group), stem: group.stem,
            time: group.files.map(\.modificationTime).max() ?? 0, fileBytes: fileBytes)
        var rows = 0
        var failure: DeltaError?
        do throws(SourceError) {
            // Values inside of nested columns follow as columns of their own, and are none of the table's.
            let places = source.columns.fieldPlaces
            var projection = Projection()
            for place in places where source.columns.columns[place].partition == nil {
                projection.add([.values, .text, .stored], of: place)
            }
            let worker = try source.open(projection, ordinals: nil).makeWorker()
            while failure == nil, let batch = try worker.next() {
                guard !Task.isCancelled else {
                    failure = DeltaError(.cancelled, "it was asked to end: nothing was changed", place: snapshot.table)
                    break
                }
                rows += batch.rowCount
                place = batch.partition
                do throws(DeltaError) {
                    try writer.append(
                        Batch(
                            ordinal: batch.ordinal, rowCount: batch.rowCount,
                            columns: try converted(places.map { batch.columns[$0] })))
                } catch { failure = error }
            }
        } catch {
            place = error.partition
            throw DeltaError(error)
        }
        if let failure { throw failure }
        place = nil
        let files = try writer.finish()
        let written = files.reduce(0) { $0 + ($1.add.numRecords ?? 0) }
        let known = group.files.reduce(Optional(0)) { total, file in
            guard let total, let count = file.numRecords else { return nil }
            return total + count - Int(clamping: file.deletionVector?.cardinality ?? 0)
        }
        guard written == rows, known.map({ $0 == rows }) ?? true else {
            for file in files { file.discard() }
            throw DeltaError(
                .corrupt, "the files have \(rows) rows, \(written) were written, and the log says \(known ?? rows)",
                place: snapshot.table, hint: "nothing was changed")
        }
        return files
    }

    /// The values that a group's files share, as the log has them: texts of numbers are those of wider numbers, too.
    private func partition(of group: Group) -> [String: String?] {
        var texts = group.files.first?.partitionValues ?? [:]
        for name in snapshot.metadata.partitionColumns {
            guard let text = texts[name] ?? nil, snapshot.schema[name]?.type == .date, schema[name]?.type != .date
            else { continue }
            texts[name] = "\(text) 00:00:00"
        }
        return texts
    }

    /// Columns of the version as those that are written; those of partitions weren't read.
    private func converted(_ columns: [Column?]) throws(DeltaError) -> [Column?] {
        try zip(columns, zip(snapshot.schema.fields, schema.fields)).map { column, fields throws(DeltaError) in
            let (known, wider) = fields
            guard let column, known.type != wider.type else { return column }
            guard let column = ColumnConversion.convert(column, to: wider.type.logical) else {
                throw .unheld(wider, in: snapshot.table)
            }
            return column
        }
    }
}

/// What a group is written in: all at once, or what lies between the files that are left as they are.
private struct Pieces {
    private let stem: String
    /// The first one last.
    private var waiting: [[AddFile]]
    private var count = 0

    init(_ group: Rewriting.Group) {
        stem = group.stem
        waiting = [group.files]
    }

    mutating func next() -> Rewriting.Group? {
        guard let files = waiting.popLast() else { return nil }
        defer { count += 1 }
        return Rewriting.Group(files: files, stem: count == 0 ? stem : "\(stem)-\(count)")
    }

    /// Takes a piece apart at a file whose values don't fit, and returns the file once it is a piece by itself: the error counts its rows
    /// then.
    mutating func leave(_ place: Int, of piece: Rewriting.Group) -> AddFile? {
        let files = piece.files
        if files.count == 1 { return files[0] }
        let (before, after) = (files[..<place], files[(place + 1)...])
        if Rewriting.Group.isWorthwhile(after) { waiting.append(Array(after)) }
        waiting.append([files[place]])
        if Rewriting.Group.isWorthwhile(before) { waiting.append(Array(before)) }
        return nil
    }
}

extension DeltaError {
    /// A column of a table has values that a wider type doesn't hold as they are.
    static func unheld(_ field: DeltaField, in table: String) -> DeltaError {
        DeltaError(
            .schemaMismatch, "the column \"\(field.name)\" has values that are no \(field.type) as they are",
            place: table)
    }
}

extension DataFile {
    /// Removes a file that nobody will commit, whether or not it was published.
    fileprivate func withdraw() {
        discard()
        FileRemoval.remove(file.path)
    }
}
