import Files
import Tables

/// What an optimisation did.
public struct OptimizeResult: Sendable, Equatable {
    /// Files that were rewritten, and those that hold their rows now.
    public internal(set) var removedFiles = 0
    public internal(set) var addedFiles = 0
    public internal(set) var removedBytes: Int64 = 0
    public internal(set) var addedBytes: Int64 = 0
    /// `nil` where nothing was done.
    public internal(set) var version: Int?
    /// Of each small file that was left as it is, why.
    public internal(set) var failures: [DeltaError] = []

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
    /// was; where its task is cancelled it gives up [cancelled], and nothing is left of what it wrote. `now` is in microseconds since
    /// 1970-01-01T00:00:00Z. Costs a reading and a writing of the small files, and the memory of a few row groups.
    public func optimize(targetBytes: Int64 = usualFileBytes, now: Int64) throws(DeltaError) -> OptimizeResult {
        Leftovers.sweepDataFiles(of: folder, untouchedSince: now.addingClamped(-Rewriting.patience)) {
            Rewriting.isStem($0)
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
    /// A group in the making.
    private struct Gathered {
        private(set) var files: [AddFile] = []
        private(set) var byteCount: Int64 = 0

        /// Of files larger than the whole is to be, as the log says, so many bytes count.
        mutating func append(_ file: AddFile, upTo limit: Int64) {
            files.append(file)
            byteCount = byteCount.addingClamped(min(file.size, limit))
        }
    }

    /// Of one group: each is opened.
    private static let mostFiles = 10_000

    private let snapshot: Snapshot
    private let targetBytes: Int64
    /// Files of one partition that lie one after another, in the order of their rows.
    private let groups: [[AddFile]]

    /// Errors: those of tables that aren't written here.
    init(of snapshot: Snapshot, targetBytes: Int64) throws(DeltaError) {
        try snapshot.protocol.checkWriting(snapshot.metadata, snapshot.schema, place: snapshot.table)
        self.snapshot = snapshot
        self.targetBytes = targetBytes
        var order: [PartitionKey] = []
        var open: [PartitionKey: Gathered] = [:]
        var groups: [[AddFile]] = []
        func end(_ key: PartitionKey) {
            guard let group = open.removeValue(forKey: key)?.files else { return }
            if Rewriting.Group.isWorthwhile(group) { groups.append(group) }
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
        guard !groups.isEmpty else { return OptimizeResult() }
        let run = Rewriting.run
        let named = groups.enumerated().map { number, files in
            Rewriting.Group(files: files, stem: "optimize-\(run)-\(number)")
        }
        let fileBytes = targetBytes.addingClamped(targetBytes)
        let rewriting = Rewriting(snapshot, as: snapshot.schema, named, fileBytes: fileBytes, misfits: .leftAlone)
        return try rewriting.commit(in: table, now: now) { transaction in
            transaction.operation = "OPTIMIZE"
            transaction.parameters = ["predicate": "[]", "zOrderBy": "[]"]
        }
    }
}
