import Expectations
import Foundation
import Tables
import Testing

@testable import Suites

/// Test data that other projects made for their own readers and checkers; `README.md` beside it tells its form.
enum Corpora {
    /// `ASSAY_CORPORA`, or where it isn't set the folder beside the package's; `nil` where there is none.
    static let folder: URL? = {
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let folder =
            ProcessInfo.processInfo.environment["ASSAY_CORPORA"].map { URL(filePath: $0) }
            ?? package.deletingLastPathComponent().appending(path: "shared/corpora")
        return FileManager.default.fileExists(atPath: folder.appending(path: "README.md").path) ? folder : nil
    }()

    static var areThere: Bool { folder != nil }

    static let absence: Comment = "the corpora are not there: set ASSAY_CORPORA to their folder"

    static func path(_ name: String) throws -> String { try #require(folder).appending(path: name).path }

    /// A JSON file, numbers exactly as they are written.
    static func json(_ name: String) throws -> Argument {
        let bytes = try Data(contentsOf: URL(filePath: try path(name)))
        var problems = Problems()
        let document = YAMLDocument(
            try SourceText(file: name, bytes: Array(bytes)), environment: [:], problems: &problems)
        if let problems = problems.sorted { throw problems }
        return try #require(document.root).argument
    }
}

/// Readers of what a corpus says.
extension Argument {
    subscript(name: String) -> Argument? {
        guard case .map(let members) = content else { return nil }
        return members.first { $0.name == name }?.value
    }

    var items: [Argument] { if case .list(let items) = content { items } else { [] } }
    var members: [Member] { if case .map(let members) = content { members } else { [] } }
    var text: String? { if case .text(let text) = content { text } else { nil } }
    var flag: Bool? { if case .boolean(let flag) = content { flag } else { nil } }
    var isNull: Bool { if case .null = content { true } else { false } }
    var number: DecimalNumber? { if case .number(let number) = content { number } else { nil } }
    var count: Int? { number?.integer.flatMap { Int(exactly: $0) } }

    var double: Double? {
        switch content {
        case .number(let number): number.double
        case .float(let number): number
        default: nil
        }
    }
}
