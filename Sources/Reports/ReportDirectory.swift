import Foundation
public import Ledger
import Tables

/// The directory that holds the pages: one file an invocation, and an index of all runs.
///
/// A file appears whole or not at all: it is written under a temporary name and renamed.
public struct ReportDirectory: Sendable {
    public let path: String

    /// Creates the directory where it is absent.
    ///
    /// Error: `unwritable-directory`.
    public init(_ path: String) throws(ReportError) {
        self.path = path
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw ReportError(error, creating: path)
        }
    }

    /// A name for the report of a run: `20261101T100000Z-<run id>.html`, with what a file name can't hold replaced.
    public static func name(startedAt: Int64, runID: String) -> String {
        let seconds = startedAt - (startedAt % CivilTime.microsecondsPerSecond)
        let time = CivilTime.format(microseconds: seconds).filter { $0 != "-" && $0 != ":" }
        let id = runID.unicodeScalars.prefix(80).map { scalar in
            scalar.isASCII
                && (scalar.properties.isAlphabetic || "0"..."9" ~= scalar || "-_.".unicodeScalars.contains(scalar))
                ? Character(scalar) : "-"
        }
        return "\(time)-\(String(id)).html"
    }

    /// Writes a page, replacing one of the same name; the answer is its path.
    ///
    /// Errors: `unwritable-directory`, `disk-full`, `bad-name`, `input-output`.
    @discardableResult
    public func write(_ html: String, as name: String) throws(ReportError) -> String {
        guard !name.isEmpty, name != ".", name != "..", !name.contains("/"), !name.utf8.contains(0) else {
            throw ReportError(code: "bad-name", message: "\"\(name)\" is no file name", place: path)
        }
        let file = URL(fileURLWithPath: path).appendingPathComponent(name)
        let temporary = URL(fileURLWithPath: path).appendingPathComponent(".\(name).\(UUID().uuidString).tmp")
        do {
            try Data(html.utf8).write(to: temporary)
        } catch {
            try? FileManager.default.removeItem(at: temporary)
            throw ReportError(error, writing: file.path)
        }
        // rename(2) replaces a file in one step, which FileManager's moving doesn't.
        guard rename(temporary.path, file.path) == 0 else {
            let cause = String(cString: strerror(errno))
            try? FileManager.default.removeItem(at: temporary)
            throw ReportError(
                code: "input-output", message: "the report can't be put in its place", place: file.path, cause: cause)
        }
        return file.path
    }

    /// Writes `index.html`: all suites with their latest status and the latest `limit` runs, newest first; `now` as for `RunIndex`.
    @discardableResult
    public func writeIndex(
        of ledger: Ledger, limit: Int = RunIndex.defaultLimit, now: Int64 = .max
    ) throws -> String {
        try write(RunIndex(of: ledger, limit: limit, now: now).html(), as: "index.html")
    }
}

extension ReportError {
    fileprivate init(_ error: any Error, creating path: String) {
        self.init(
            code: "unwritable-directory", message: "the reports directory can't be created", place: path,
            hint: "let Assay's user write there, or point reports: at another directory", cause: Self.cause(error))
    }

    fileprivate init(_ error: any Error, writing path: String) {
        let code = (error as? CocoaError)?.code
        let system = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
        if code == .fileWriteOutOfSpace || [Int(ENOSPC), Int(EDQUOT)].contains(system?.code) {
            self.init(
                code: "disk-full", message: "there is no room left to write the report", place: path,
                hint: "make room and run again; reports written before are intact", cause: Self.cause(error))
        } else if code == .fileWriteNoPermission || code == .fileNoSuchFile || code == .fileWriteVolumeReadOnly {
            self.init(
                code: "unwritable-directory", message: "the reports directory can't be written to", place: path,
                hint: "let Assay's user write there, or point reports: at another directory", cause: Self.cause(error))
        } else {
            self.init(
                code: "input-output", message: "the report can't be written", place: path, cause: Self.cause(error))
        }
    }

    private static func cause(_ error: any Error) -> String { (error as NSError).localizedDescription }
}
