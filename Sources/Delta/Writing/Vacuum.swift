import Foundation
import Tables

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What a vacuum found, and removed unless it was a rehearsal.
public struct VacuumResult: Sendable, Equatable {
    /// Paths relative to the table, sorted.
    public let files: [String]
    public let byteCount: Int64
    public let isRehearsal: Bool
}

extension DeltaTable {
    /// Removes data files and deletion vectors that neither the table nor a version within the retention period needs.
    ///
    /// Those are files that end in `.parquet`, are named as in `deletion_vector_….bin`, or are what a rewriting of the table left under
    /// a hidden name when it was killed; others are none of a table's. A file is kept where the newest version has it, where it was
    /// removed from the table within the period (or at an unknown time), where it is younger than the period (a writer may be about to
    /// commit it), and where it or a folder above it is hidden otherwise: names that begin with `_` or `.`, unless they are a
    /// partition's. A folder with a log of its own is another table's. `retention` is in milliseconds; without it the table's property
    /// counts, else a week. A shorter one is refused unless it is `forced`. Versions older than the period can't be read afterwards.
    ///
    /// Where a file of the newest version isn't there, nothing is removed [not-found]: what looks like nobody's may be that file, under a
    /// name that the log spells otherwise. `now` is in microseconds since 1970-01-01T00:00:00Z.
    public func vacuum(
        retention: Int64? = nil, isForced: Bool = false, isRehearsal: Bool = false, now: Int64
    ) throws(DeltaError) -> VacuumResult {
        let snapshot = try snapshot()
        try snapshot.protocol.checkWriting(snapshot.metadata, snapshot.schema, place: folder)
        guard let least = RetentionPeriod.deletedFiles(snapshot.metadata) else {
            throw DeltaError(
                .unsupportedFeature, "the property delta.deletedFileRetentionDuration can't be read", place: folder)
        }
        let period = retention ?? least
        guard period >= 0, period >= least || isForced else {
            throw DeltaError(
                .badArgument, "the retention period is shorter than the table's", place: folder,
                hint: "older versions and running readers may need the files; force it where there are none")
        }
        let (horizon, isOverflow) = now.flooredDivision(by: 1_000).quotient.subtractingReportingOverflow(period)
        var walk = FolderWalk(
            root: folder, horizon: isOverflow ? .min : horizon, partitions: snapshot.metadata.partitionColumns)
        for path in try paths(of: snapshot.files.map { ($0.path, $0.deletionVector) }) where !walk.keep(path) {
            throw DeltaError(
                .notFound, "a file of the newest version is not there, and nothing is removed", place: path,
                hint:
                    "one that looks like nobody's may be it, under a name that the log spells otherwise: restore it, or have its "
                    + "writer mend the log")
        }
        let removed = snapshot.removed.filter { file in file.deletionTimestamp.map { $0 >= walk.horizon } ?? true }
        for path in try paths(of: removed.map { ($0.path, $0.deletionVector) }) { _ = walk.keep(path) }
        try walk.visit("")
        let files = walk.found.sorted { $0.path < $1.path }
        if !isRehearsal {
            for file in files where unlink(DataPath.joined(folder, file.path)) != 0 && errno != ENOENT {
                throw DeltaError(
                    .unwritable, "the file can't be removed: \(String(cString: strerror(errno)).lowercased())",
                    place: DataPath.joined(folder, file.path))
            }
        }
        return VacuumResult(
            files: files.map(\.path), byteCount: files.reduce(0) { $0.addingClamped($1.byteCount) },
            isRehearsal: isRehearsal)
    }

    /// Where data files and their vectors lie, as far as they are on this machine.
    private func paths(
        of files: [(path: String, vector: DeletionVectorDescriptor?)]
    ) throws(DeltaError) -> [String] {
        var paths: [String] = []
        for (path, vector) in files {
            do throws(DeltaError) {
                paths.append(try DataPath.resolve(path, table: folder))
            } catch  where error.code == .unsupportedFeature {
                // Files of other machines are not here to be removed.
            } catch { throw error }
            if let path = try vector?.path(table: folder) { paths.append(path) }
        }
        return paths
    }
}

/// Looks through a table's folder for files that nobody needs.
private struct FolderWalk {
    struct Found {
        /// Relative to the table.
        let path: String
        let byteCount: Int64
    }

    /// What a file is, whatever its path looks like.
    private struct Identity: Hashable {
        let device: UInt64
        let node: UInt64

        init(_ status: stat) {
            device = UInt64(truncatingIfNeeded: status.st_dev)
            node = UInt64(truncatingIfNeeded: status.st_ino)
        }
    }

    let root: String
    /// Younger files are kept: milliseconds since 1970-01-01T00:00:00Z.
    let horizon: Int64
    let partitions: [String]
    private var kept: Set<Identity> = []
    private(set) var found: [Found] = []

    init(root: String, horizon: Int64, partitions: [String]) {
        self.root = root
        self.horizon = horizon
        self.partitions = partitions
    }

    /// Keeps a file by what it is, for a path may be spelled in several ways; whether there is one.
    mutating func keep(_ path: String) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else { return false }
        kept.insert(Identity(status))
        return true
    }

    mutating func visit(_ folder: String) throws(DeltaError) {
        let path = DataPath.joined(root, folder)
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? root : path) } catch {
            throw DeltaError(.unreadable, "the folder can't be read", place: path)
        }
        if !folder.isEmpty, names.contains("_delta_log") { return }
        for name in names where !isHidden(name) {
            let relative = DataPath.joined(folder, name)
            var status = stat()
            // What a link leads to is not the table's.
            guard lstat(DataPath.joined(root, relative), &status) == 0 else { continue }
            switch status.st_mode & S_IFMT {
            case S_IFDIR: try visit(relative)
            case S_IFREG
            where Self.isOfTable(name) && !kept.contains(Identity(status)) && FileTime.milliseconds(status) < horizon:
                found.append(Found(path: relative, byteCount: Int64(status.st_size)))
            default: break
            }
        }
    }

    /// Whether writers of tables name their files so.
    private static func isOfTable(_ name: String) -> Bool {
        name.hasSuffix(".parquet") || name.hasPrefix("deletion_vector_") && name.hasSuffix(".bin") || isLeftover(name)
    }

    /// Whether a file is one that only a rewriting knew of; those of pipelines may be published yet.
    private static func isLeftover(_ name: String) -> Bool {
        Leftovers.stem(ofUnfinished: name).map { Rewriting.isStem($0) } ?? false
    }

    private func isHidden(_ name: String) -> Bool {
        guard name.hasPrefix("_") || name.hasPrefix("."), !Self.isLeftover(name) else { return false }
        return !partitions.contains { name.hasPrefix("\($0)=") }
    }
}
