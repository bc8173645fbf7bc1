import Foundation
import Reports
import Synchronization

/// A file that a report is written to: whole, or not at all.
struct ReportFile {
    private let file: URL

    /// Links are followed; what is there and no regular file is left alone.
    init(_ path: String) throws(UserMistake) {
        file = URL(fileURLWithPath: path).resolvingSymlinksInPath()
        let type = try? FileManager.default.attributesOfItem(atPath: file.path)[.type] as? FileAttributeType
        if let type, type != .typeRegular {
            throw UserMistake(
                "\"\(path)\" is \(type == .typeDirectory ? "a folder" : "no regular file")"
                    + "\n  hint: --output takes a file; without it the report goes to standard output")
        }
    }

    func write(_ report: RunReport, by renderer: any RunRenderer) throws(ReportError) {
        let text = Mutex<[UInt8]>([])
        try renderer.write(report) { piece in text.withLock { $0 += piece } }
        let directory = try ReportDirectory(file.deletingLastPathComponent().path)
        try directory.write(
            String(decoding: text.withLock { $0 }, as: UTF8.self), as: file.lastPathComponent)
    }
}
