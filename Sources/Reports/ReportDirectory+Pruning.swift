import Foundation
public import Ledger
import Tables

/// Reports that were removed, or would be.
public struct PrunedReports: Sendable, Hashable {
    public var files = 0
    public var byteCount = 0

    public init() {}
}

extension ReportDirectory {
    /// Removes reports that are older than a time (microseconds since 1970) and that no run of the ledger names, and writes the index anew.
    ///
    /// To be called once the ledger was pruned: what it still names stays. Only plain files are touched that are named as Assay
    /// names reports (`20261101T100000Z-<run id>.html`) and whose name and last change are both older than the time, besides hidden files that
    /// a writing of a report left behind. A report that was written but not yet recorded has a new change, and stays. The index is as of `now`.
    @discardableResult
    public func prune(before: Int64, keptBy ledger: Ledger, isDry: Bool = false, now: Int64) throws -> PrunedReports {
        var pruned = PrunedReports()
        let old = try aged(before: before)
        guard !old.isEmpty else { return pruned }
        let named = isDry ? try ledger.reportNames(from: before) : try ledger.reportNames()
        for file in old where file.isLeftover || !named.contains(file.name) {
            if !isDry {
                guard unlink(path + "/" + file.name) == 0 else {
                    guard errno != ENOENT else { continue }
                    throw ReportError(
                        code: "unwritable-directory", message: "an old report can't be removed",
                        place: path + "/" + file.name, hint: "let Assay's user write to the folder",
                        cause: String(cString: strerror(errno)))
                }
            }
            pruned.files += 1
            pruned.byteCount += file.byteCount
        }
        if !isDry, pruned.files > 0 { try writeIndex(of: ledger, now: now) }
        return pruned
    }

    private struct AgedFile {
        let name: String
        let byteCount: Int
        let isLeftover: Bool
    }

    private func aged(before: Int64) throws(ReportError) -> [AgedFile] {
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: path) } catch {
            throw ReportError(
                code: "input-output", message: "the reports directory can't be listed", place: path,
                cause: (error as NSError).localizedDescription)
        }
        return names.sorted().compactMap { name in
            let isLeftover = Self.isLeftover(name)
            guard isLeftover || Self.time(ofReport: name).map({ $0 < before }) == true,
                let attributes = try? FileManager.default.attributesOfItem(atPath: path + "/" + name),
                attributes[.type] as? FileAttributeType == .typeRegular,
                let changed = attributes[.modificationDate] as? Date,
                changed.timeIntervalSince1970 < Double(before) / 1_000_000
            else { return nil }
            let byteCount = (attributes[.size] as? NSNumber)?.intValue ?? 0
            return AgedFile(name: name, byteCount: byteCount, isLeftover: isLeftover)
        }
    }

    /// When the run began that a report's name tells of, in microseconds since 1970; `nil` for a name that Assay gives to no report.
    static func time(ofReport name: String) -> Int64? {
        guard name.hasSuffix(".html"), let dash = name.firstIndex(of: "-"), name.count > 22 else { return nil }
        let digits = Array(name[..<dash].utf8)
        let form = Array("00000000T000000Z".utf8)
        guard digits.count == form.count,
            zip(digits, form).allSatisfy({ $1 == 0x30 ? 0x30...0x39 ~= $0 : $0 == $1 })
        else { return nil }
        let id = name[name.index(after: dash)...].utf8.dropLast(5)
        guard !id.isEmpty, id.count <= 80,
            id.allSatisfy({ byte in
                let scalar = Unicode.Scalar(byte)
                return scalar.isASCII && (scalar.properties.isAlphabetic || "0"..."9" ~= scalar)
                    || [0x2D, 0x5F, 0x2E].contains(byte)
            })
        else { return nil }
        let part = { (range: Range<Int>) in String(decoding: digits[range], as: UTF8.self) }
        let text = "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))T\(part(9..<11)):\(part(11..<13)):\(part(13..<15))Z"
        var bytes = text
        return bytes.withUTF8 { CivilTime.parseTimestamp(UnsafeRawBufferPointer($0))?.local }
    }

    /// `.<name>.<UUID>.tmp`, as `write` names what it has not finished.
    static func isLeftover(_ name: String) -> Bool {
        guard name.hasPrefix("."), name.hasSuffix(".tmp") else { return false }
        let inner = name.dropFirst().dropLast(4)
        guard let dot = inner.lastIndex(of: "."), UUID(uuidString: String(inner[inner.index(after: dot)...])) != nil
        else { return false }
        let report = String(inner[..<dot])
        return report == "index.html" || time(ofReport: report) != nil
    }
}
