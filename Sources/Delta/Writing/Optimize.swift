import Files
import Tables

/// What an optimisation did.
public struct OptimizeResult: Sendable, Equatable {
    /// Files that were rewritten, and those that hold their rows now.
    public fileprivate(set) var removedFiles = 0
    public fileprivate(set) var addedFiles = 0
    public fileprivate(set) var removedBytes: Int64 = 0
    public fileprivate(set) var addedBytes: Int64 = 0
    /// `nil` where nothing was done.
    public fileprivate(set) var version: Int?
    /// Why some small files were left as they are.
    public fileprivate(set) var failures: [DeltaError] = []

    public init() {}
}

extension DeltaTable {
    /// How large files become that are put together where nobody says it: 128 MiB.
    public static let usualFileBytes: Int64 = 128 << 20

    /// Rewrites small files of a partition into files of about `targetBytes`, in one commit that changes no row.
    ///
    /// Rows keep their order and their values, byte by byte; those that a deletion vector names are gone then for good. Files with a value
    /// that the table's schema has no place for are left as they are, which the result tells. Older versions can be read until the
    /// files that were left are removed (``vacuum(retention:isForced:isRehearsal:now:)``). Others may append meanwhile; where one of them
    /// removed a file that was being rewritten, it begins again with the newest version. Killed, it leaves the table as it
    /// was. `now` is in microseconds since 1970-01-01T00:00:00Z. Costs a reading and a writing of the small files, and the memory of a
    /// few row groups.
    public func optimize(targetBytes: Int64 = usualFileBytes, now: Int64) throws(DeltaError) -> OptimizeResult {
        Leftovers.sweepDataFiles(of: folder, untouchedSince: now.addingClamped(-SmallFiles.patience)) {
            $0.hasPrefix(SmallFiles.stemPrefix)
        }
        var triesLeft = 3
        while true {
            do throws(DeltaError) {
                return try SmallFiles(of: snapshot(), targetBytes: targetBytes).rewrite(in: self, now: now)
            } catch {
                triesLeft -= 1
                guard [.concurrentDelete, .concurrentChange].contains(error.code), triesLeft > 0 else { throw error }
            }
        }
    }
}

/// The small files of a version, and what is put together of them.
private struct SmallFiles {
    /// Files of one partition that lie one after another, in the order of their rows.
    private typealias Group = [AddFile]

    /// A group in the making.
    private struct Gathered {
        private(set) var files: Group = []
        private(set) var byteCount: Int64 = 0

        /// Of files larger than the whole is to be, as the log says, so many bytes count.
        mutating func append(_ file: AddFile, upTo limit: Int64) {
            files.append(file)
            byteCount = byteCount.addingClamped(min(file.size, limit))
        }
    }

    /// Of one group: each is opened.
    private static let mostFiles = 10_000
    static let stemPrefix = "optimize-"
    /// Microseconds in which a file that is being written is touched.
    static let patience: Int64 = 3_600_000_000

    private let snapshot: Snapshot
    private let targetBytes: Int64
    private let groups: [Group]

    /// Errors: those of tables that aren't written here.
    init(of snapshot: Snapshot, targetBytes: Int64) throws(DeltaError) {
        try snapshot.protocol.checkWriting(snapshot.metadata, snapshot.schema, place: snapshot.table)
        self.snapshot = snapshot
        self.targetBytes = targetBytes
        var order: [PartitionKey] = []
        var open: [PartitionKey: Gathered] = [:]
        var groups: [Group] = []
        func end(_ key: PartitionKey) {
            guard let group = open.removeValue(forKey: key)?.files else { return }
            if group.count > 1 || group.contains(where: { $0.deletionVector != nil }) { groups.append(group) }
        }
        for file in snapshot.files {
            let key = PartitionKey(file.partitionValues)
            // What is nearly large enough stays as it is, and what comes before it is not mixed with what comes behind.
            guard file.size < targetBytes / 4 * 3 || file.deletionVector != nil else {
                end(key)
                continue
            }
            if open[key] == nil { order.append(key) }
            open[key, default: Gathered()].append(file, upTo: targetBytes)
            if let group = open[key], group.byteCount >= targetBytes || group.files.count >= Self.mostFiles { end(key) }
        }
        for key in order { end(key) }
        self.groups = groups
    }

    func rewrite(in table: DeltaTable, now: Int64) throws(DeltaError) -> OptimizeResult {
        var result = OptimizeResult()
        var made: [DataFile] = []
        var removed: [AddFile] = []
        do throws(DeltaError) {
            let run = String(UInt64.random(in: 0 ... .max), radix: 36)
            for (number, group) in groups.enumerated() {
                do throws(DeltaError) {
                    let files = try write(group, "\(Self.stemPrefix)\(run)-\(number)")
                    made += files
                    removed += group
                    // Nobody reads them before they are committed; hidden ones would be taken for what a dead process left.
                    for file in files { try file.publish() }
                } catch  where error.code == .schemaMismatch {
                    result.failures.append(Self.leftAlone(group, error, table))
                } catch { throw error }
            }
            if removed.isEmpty { return result }
            var transaction = try Transaction(table: table, base: snapshot)
            transaction.operation = "OPTIMIZE"
            transaction.parameters = ["predicate": "[]", "zOrderBy": "[]"]
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

    private static func leftAlone(_ group: Group, _ error: DeltaError, _ table: DeltaTable) -> DeltaError {
        let names = group.prefix(3).map { DataPath.decoded($0.path) }.joined(separator: ", ")
        return DeltaError(
            error.code,
            "\(group.count) small \(group.count == 1 ? "file was" : "files were") left as they are: \(error.message)",
            place: table.folder, hint: "the rows are those of \(names)\(group.count > 3 ? ", …" : ""), in that order")
    }

    /// Writes the rows of some files anew; a file that has another number of rows than the log says ends it.
    private func write(_ group: Group, _ stem: String) throws(DeltaError) -> [DataFile] {
        let source: DeltaSource
        do throws(SourceError) { source = try DeltaSource(snapshot.holding(only: group)) } catch {
            throw DeltaError(error)
        }
        let writer = try DataFileWriter(
            moving: snapshot, of: group.first?.partitionValues ?? [:], stem: stem,
            time: group.map(\.modificationTime).max() ?? 0, fileBytes: targetBytes.addingClamped(targetBytes))
        var rows = 0
        var failure: DeltaError?
        do throws(SourceError) {
            var projection = Projection()
            // Values inside of nested columns are columns of their own besides.
            let places = source.columns.fieldPlaces
            for place in places where source.columns.columns[place].partition == nil {
                projection.add([.values, .text, .stored], of: place)
            }
            let worker = try source.open(projection, ordinals: nil).makeWorker()
            while failure == nil, let batch = try worker.next() {
                rows += batch.rowCount
                do throws(DeltaError) { try writer.append(batch.narrowed(to: places)) } catch { failure = error }
            }
        } catch { throw DeltaError(error) }
        if let failure { throw failure }
        let files = try writer.finish()
        let written = files.reduce(0) { $0 + ($1.add.numRecords ?? 0) }
        let known = group.reduce(Optional(0)) { total, file in
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
}

extension Batch {
    /// The same rows with some of the columns.
    fileprivate func narrowed(to places: [Int]) -> Batch {
        Batch(ordinal: ordinal, partition: partition, rowCount: rowCount, columns: places.map { columns[$0] })
    }
}

extension DataFile {
    /// Removes a file that nobody will commit, whether or not it was published.
    fileprivate func withdraw() {
        discard()
        FileRemoval.remove(file.path)
    }
}
