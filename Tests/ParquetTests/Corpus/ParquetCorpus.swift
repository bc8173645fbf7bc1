import Foundation
import Tables
import Testing

@testable import Parquet

/// Files that the format's own project tests readers with; `README.md` beside them tells their form.
enum ParquetCorpus {
    /// In `ASSAY_CORPORA`, or where it isn't set in the folder beside the package's; `nil` where there is none.
    static let folder: URL? = {
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let corpora =
            ProcessInfo.processInfo.environment["ASSAY_CORPORA"].map { URL(filePath: $0) }
            ?? package.deletingLastPathComponent().appending(path: "shared/corpora")
        let folder = corpora.appending(path: "parquet")
        return FileManager.default.fileExists(atPath: folder.appending(path: "index.json").path) ? folder : nil
    }()

    static let absence: Comment = "the corpora are not there: set ASSAY_CORPORA to their folder"

    struct Entry: Sendable, CustomTestStringConvertible {
        let path: String
        let name: String
        let expected: String?
        /// Rows that a reader finds, where one does.
        let rows: Int?
        var testDescription: String { name }
    }

    /// Every file of `data` or `bad_data`.
    static func entries(_ part: String) -> [Entry] {
        guard let folder, let text = try? String(contentsOf: folder.appending(path: "index.json"), encoding: .utf8),
            let files = JSON(text: text)?["files"], case .array(let items) = files
        else { return [] }
        return items.compactMap { item in
            guard let name = item["file"]?.text, name.hasPrefix("\(part)/") else { return nil }
            return Entry(
                path: folder.appending(path: name).path, name: name,
                expected: item["expected"]?.text.map { folder.appending(path: $0).path },
                rows: item["rows_read"]?.integer)
        }
    }
}

extension JSON {
    subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    var text: String? { if case .string(let text) = self { text } else { nil } }
    var integer: Int? { if case .number(let digits) = self { Int(digits) } else { nil } }
}
