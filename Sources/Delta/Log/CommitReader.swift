import Files
import Tables

/// Reads commits: files of one action a line.
enum CommitReader {
    /// A commit that was read.
    struct Commit: Sendable {
        let actions: [Action]
        /// Of the file, in milliseconds since 1970-01-01T00:00:00Z.
        let fileTime: Int64

        var info: CommitInfo? {
            for action in actions { if case .commitInfo(let info) = action { return info } }
            return nil
        }

        /// When its writer says that it was made, else when its file was written; in milliseconds since 1970-01-01T00:00:00Z.
        ///
        /// Copies of a table keep it. Time travel goes by other times: see `CommitTimes`.
        var statedTime: Int64 { info?.inCommitTimestamp ?? info?.timestamp ?? fileTime }
    }

    static func read(_ version: Int, table: String) throws(DeltaError) -> Commit {
        try read(LogListing.commitPath(version, table: table))
    }

    /// Reads a file of actions, in memory of a few times its size; one without any was not written to its end.
    static func read(_ path: String) throws(DeltaError) -> Commit {
        let file: InputFile
        let bytes: [UInt8]
        do throws(SourceError) {
            file = try InputFile(path: path, packing: Compression.none)
            bytes = try file.bytes(at: 0, count: Int(file.byteCount))
        } catch { throw DeltaError(error) }
        let actions = try actions(bytes, place: path)
        guard !actions.isEmpty else { throw DeltaError(.corrupt, "the commit has no action", place: path) }
        return Commit(actions: actions, fileTime: (file.modified ?? 0) / 1_000)
    }

    static func actions(_ bytes: [UInt8], place: String) throws(DeltaError) -> [Action] {
        var actions: [Action] = []
        var start = 0
        var line = 0
        while start < bytes.count {
            line += 1
            let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
            let text = bytes[start..<end]
            start = end + 1
            guard !text.allSatisfy({ [0x20, 0x09, 0x0D].contains($0) }) else { continue }
            guard let json = text.withUnsafeBytes({ JSON(bytes: $0) }) else {
                throw DeltaError(.corrupt, "line \(line) of the commit is no JSON", place: place)
            }
            do throws(ActionError) { actions.append(try Action(json: json)) } catch {
                throw DeltaError(.corrupt, "line \(line) of the commit can't be read: \(error.message)", place: place)
            }
        }
        return actions
    }
}
