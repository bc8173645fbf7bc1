import Files
import Foundation
import Tables

/// The files of a table's `_delta_log`, by what their names say.
///
/// The whole folder is listed each time: on a local disk that is exact and cheap, so that `_last_checkpoint`, which may be
/// stale, damaged or missing, is not needed to find the newest checkpoint.
struct LogListing: Sendable {
    /// The table's folder.
    let table: String
    /// Ascending.
    let commits: [Int]
    /// Complete ones, ascending by version.
    let checkpoints: [Checkpoint]

    /// A checkpoint, and the files that it consists of.
    struct Checkpoint: Sendable, Equatable {
        let version: Int
        /// Paths.
        let files: [String]
    }

    static func folder(of table: String) -> String { DataPath.joined(table, "_delta_log") }

    static func commitPath(_ version: Int, table: String) -> String {
        "\(folder(of: table))/\(padded(version)).json"
    }

    static func checkpointPath(_ version: Int, table: String) -> String {
        "\(folder(of: table))/\(padded(version)).checkpoint.parquet"
    }

    private static func padded(_ version: Int) -> String {
        let digits = String(version)
        return String(repeating: "0", count: max(0, 20 - digits.utf8.count)) + digits
    }

    /// Lists the folder; an error where there is no table.
    init(table: String) throws(DeltaError) {
        self.table = table
        let folder = Self.folder(of: table)
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isDirectory), isDirectory.boolValue else {
            throw DeltaError(
                .notATable, "there is no Delta table: the folder _delta_log is missing", place: table,
                hint: table.contains("://")
                    ? "tables of object stores are not read: copy the table here, or mount it" : nil)
        }
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: folder) } catch {
            throw DeltaError(.unreadable, "the folder _delta_log can't be read", place: table)
        }
        var commits: [Int] = []
        var single: [Int: [String]] = [:]
        var parts: [PartedCheckpoint: [Int: String]] = [:]
        for name in names {
            guard let parsed = LogName(name) else { continue }
            let path = "\(folder)/\(name)"
            switch parsed {
            case .commit(let version): commits.append(version)
            case .checkpoint(let version): single[version, default: []].append(path)
            case .part(let version, let number, let count):
                parts[PartedCheckpoint(version: version, count: count), default: [:]][number] = path
            }
        }
        self.commits = commits.sorted()
        // Writers may have made several of one version, all with the same content: the first by name is taken.
        var whole = single.compactMapValues { $0.min() }.mapValues { [$0] }
        for (checkpoint, files) in parts where whole[checkpoint.version] == nil && files.count == checkpoint.count {
            whole[checkpoint.version] = files.sorted { $0.key < $1.key }.map(\.value)
        }
        checkpoints = whole.map { Checkpoint(version: $0.key, files: $0.value) }.sorted { $0.version < $1.version }
    }

    private struct PartedCheckpoint: Hashable {
        let version: Int
        let count: Int
    }

    var isEmpty: Bool { commits.isEmpty && checkpoints.isEmpty }

    /// The newest version that can be read; an error where the log is empty.
    func latest() throws(DeltaError) -> Int {
        guard let latest = [commits.last, checkpoints.last?.version].compactMap(\.self).max() else {
            throw DeltaError(.notATable, "there is no Delta table: the log has no commit", place: table)
        }
        return latest
    }

    /// The ways to a version, the shortest first: a checkpoint, and the commits behind it.
    ///
    /// The next one is for where the checkpoint of the one before can't be read.
    func ways(to version: Int) throws(DeltaError) -> [(checkpoint: Checkpoint?, commits: ClosedRange<Int>?)] {
        let latest = try latest()
        guard version >= 0, version <= latest else {
            throw DeltaError(
                .noSuchVersion, "there is no version \(version); the newest is \(latest)", place: table)
        }
        let present = Set(commits)
        // From here on, all commits up to the version are there.
        var unbroken = version + 1
        while unbroken > 0, present.contains(unbroken - 1) { unbroken -= 1 }
        var ways: [(checkpoint: Checkpoint?, commits: ClosedRange<Int>?)] = []
        let starts = checkpoints.filter { $0.version <= version }.reversed().map { Optional($0) } + [nil]
        for start in starts {
            let first = start.map { $0.version + 1 } ?? 0
            guard first >= unbroken else { continue }
            ways.append((start, first <= version ? first...version : nil))
        }
        guard !ways.isEmpty else {
            let oldest = checkpoints.first?.version ?? commits.first ?? 0
            throw DeltaError(
                .logGap, "version \(version) can't be put together: commit \(unbroken - 1) is missing from the log",
                place: table,
                hint: version < oldest ? "the log was cleaned up; version \(oldest) may be the oldest to be read" : nil)
        }
        return ways
    }
}

/// What a file of the log is, by its name.
private enum LogName {
    case commit(Int)
    /// In one file, of either form.
    case checkpoint(Int)
    case part(version: Int, number: Int, count: Int)

    init?(_ name: String) {
        let pieces = name.split(separator: ".", omittingEmptySubsequences: false)
        guard let first = pieces.first, first.utf8.count == 20, let version = Self.number(first) else { return nil }
        let isParquet = pieces.last == "parquet"
        switch pieces.count {
        case 2 where pieces[1] == "json": self = .commit(version)
        case 3 where pieces[1] == "checkpoint" && isParquet: self = .checkpoint(version)
        case 4 where pieces[1] == "checkpoint" && pieces[2].utf8.count == 36 && (isParquet || pieces[3] == "json"):
            self = .checkpoint(version)
        case 5 where pieces[1] == "checkpoint" && isParquet:
            guard let number = Self.number(pieces[2]), let count = Self.number(pieces[3]), number >= 1, number <= count
            else { return nil }
            self = .part(version: version, number: number, count: count)
        default: return nil
        }
    }

    /// Numbers that leave room for those behind them.
    private static func number(_ text: Substring) -> Int? {
        guard text.utf8.allSatisfy({ $0 &- 0x30 <= 9 }), let number = Int(text), number < 1 << 60 else { return nil }
        return number
    }
}
