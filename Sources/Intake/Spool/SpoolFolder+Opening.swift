import Files
import Foundation
import Tables

extension SpoolFolder {
    /// Opens a folder, made where there is none, and finds out which requests are in.
    ///
    /// An entry counts as far as its bytes are there. Behind the first that doesn't count, nothing does: only the last group can have
    /// been torn, and nobody was told of it. Entries that were durable before that group were told of: what is wrong with them is
    /// damage, and their segments are kept as they are.
    static func open(
        _ path: String, limits: SpoolLimits, seconds: UInt32, synchronise: @escaping SpoolFile.Synchronise
    ) throws(SpoolError) -> (folder: SpoolFolder, recovery: SpoolRecovery) {
        try makeFolder(path)
        let lock = try SpoolLock(path)
        let names = try names(in: path)
        for name in names where name.hasPrefix("_") { removeFile(path + "/" + name) }
        var folder = SpoolFolder(path: path, limits: limits, synchronise: synchronise, lock: lock)
        var recovery = SpoolRecovery()
        let logs = try folder.readLogs(names)
        var segments = try folder.findSegments(names)
        let lastNamed = logs.reduce(0) { last, log in
            max(last, log.nextSegment - min(1, log.nextSegment), log.entries.reduce(0) { max($0, $1?.segment ?? 0) })
        }
        folder.nextSegment = max(folder.nextSegment, lastNamed.addingReportingOverflow(1).partialValue)
        for (index, log) in logs.enumerated() {
            try folder.take(log, isLast: index == logs.count - 1, &segments, &recovery)
        }
        try folder.seal(segments, lastNamed: lastNamed, hasLogs: !logs.isEmpty, &recovery)
        folder.dropOldLogs(seconds: seconds)
        recovery.segments = folder.sealed.count
        recovery.byteCount = folder.byteCount
        return (folder, recovery)
    }

    private static func makeFolder(_ path: String) throws(SpoolError) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw SpoolError(
                code: "unwritable-directory", message: "the folder can't be made", place: path,
                cause: error.localizedDescription)
        }
    }

    /// Names of files, in order.
    private static func names(in path: String) throws(SpoolError) -> [String] {
        do { return try FileManager.default.contentsOfDirectory(atPath: path).sorted() } catch {
            throw SpoolError(
                code: "unreadable", message: "the folder can't be read", place: path, cause: error.localizedDescription)
        }
    }

    /// Reads the logs, and removes those that nothing was ever written to.
    private mutating func readLogs(_ names: [String]) throws(SpoolError) -> [LogReading] {
        var logs: [LogReading] = []
        for name in names {
            guard let number = Self.number(in: name, "requests-", ".log") else { continue }
            nextLog = max(nextLog, number.addingReportingOverflow(1).partialValue)
            let logPath = path + "/" + name
            if let log = try LogReading(path: logPath, number: number, synchronise: synchronise) {
                logs.append(log)
            } else {
                removeFile(logPath)
            }
        }
        return logs
    }

    private mutating func findSegments(_ names: [String]) throws(SpoolError) -> [UInt32: FoundSegment] {
        var segments: [UInt32: FoundSegment] = [:]
        for name in names {
            guard let number = Self.number(in: name, "segment-", ".jsonl") else { continue }
            segments[number] = try FoundSegment(path: path + "/" + name, synchronise: synchronise)
            nextSegment = max(nextSegment, number.addingReportingOverflow(1).partialValue)
        }
        return segments
    }

    /// The number in `prefix0000000001suffix`.
    private static func number(in name: String, _ prefix: String, _ suffix: String) -> UInt32? {
        guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return nil }
        let digits = name.dropFirst(prefix.count).dropLast(suffix.count)
        guard digits.utf8.count == 10, digits.allSatisfy(\.isASCII), digits.allSatisfy(\.isNumber) else { return nil }
        return UInt32(digits)
    }

    /// Notes what a log's entries say of segments and keys.
    private mutating func take(
        _ log: LogReading, isLast: Bool, _ segments: inout [UInt32: FoundSegment], _ recovery: inout SpoolRecovery
    ) throws(SpoolError) {
        var count = 0
        var logSummary = LogSummary()
        var isDamaged = false
        for (index, entry) in log.entries.enumerated() {
            let wasDurable = index < log.durable
            guard let entry, wasDurable || segments[entry.segment]?.has(entry) ?? true else {
                guard wasDurable else { break }
                isDamaged = true
                continue
            }
            logSummary.note(entry)
            keys.remember(entry)
            segments[entry.segment]?.take(entry)
            count = index + 1
        }
        if isDamaged {
            recovery.damage.append("\(log.file.path): entries of requests that were in can't be read")
            if let range = logSummary.segments {
                for number in segments.keys where range.contains(number) { segments[number]?.isKeptWhole = true }
            }
        }
        guard isLast, !isDamaged else {
            oldLogs.append((log.file.path, logSummary))
            return
        }
        // Goes on being written: what a crash left behind the last entry is cut away, and what counts is durable from now on.
        log.file.truncate(to: Int64(RequestLog.headerSize + count * LoggedRequest.size))
        do throws(OutputError) { try log.file.sync() } catch { throw SpoolError(error) }
        self.log = RequestLog(continuing: log.file, number: log.number, count: count)
        summary = logSummary
    }

    /// Closes all segments that have something.
    private mutating func seal(
        _ segments: [UInt32: FoundSegment], lastNamed: UInt32, hasLogs: Bool, _ recovery: inout SpoolRecovery
    ) throws(SpoolError) {
        for (number, segment) in segments.sorted(by: { $0.key < $1.key }) {
            var end = segment.end
            if end == 0, segment.size > 0, !hasLogs || number < lastNamed {
                recovery.damage.append("\(segment.path): no log tells of it")
                end = segment.size
            } else if segment.isKeptWhole {
                end = max(end, segment.size)
            }
            if segment.size < end {
                recovery.damage.append("\(segment.path): \(end - segment.size) bytes are missing at its end")
                end = segment.size
            }
            recovery.bytesDropped += segment.size - end
            guard end > 0 else {
                removeFile(segment.path)
                continue
            }
            let file: IntakeFile
            do throws(OutputError) { file = try segment.settle(at: end) } catch { throw SpoolError(error) }
            addSealed(
                SealedSegment(
                    number: number, file: file,
                    firstSeconds: segment.firstSeconds ?? UInt32(clamping: file.modified / 1_000_000_000)))
        }
    }
}
