import Foundation
import Tables
import Testing

@testable import Formats

/// The JSON Parsing Test Suite: what must be accepted, what must be refused, and what must only be survived.
struct JSONSuiteTests {
    private static let folder: URL? = {
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let corpora =
            ProcessInfo.processInfo.environment["ASSAY_CORPORA"].map { URL(filePath: $0) }
            ?? package.deletingLastPathComponent().appending(path: "shared/corpora")
        let folder = corpora.appending(path: "json/test_parsing")
        return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
    }()

    private static let names: [String] =
        folder.flatMap { try? FileManager.default.contentsOfDirectory(atPath: $0.path) }?.sorted() ?? []

    private static func files(_ prefix: String) -> [String] { names.filter { $0.hasPrefix(prefix) } }

    private static func text(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: try #require(folder).appending(path: name)))
    }

    static var areThere: Bool { folder != nil }
    static let absence: Comment = "the corpora are not there: set ASSAY_CORPORA to their folder"

    @Test(.enabled(if: areThere, absence)) func isWhole() {
        #expect((Self.files("y_").count, Self.files("n_").count, Self.files("i_").count) == (57, 113, 21))
    }

    @Test(.enabled(if: areThere, absence), arguments: files("y_"))
    func accepts(_ name: String) throws {
        let text = try Self.text(name)
        #expect(JSONScanner.mistake(in: text) == nil)
    }

    @Test(.enabled(if: areThere, absence), arguments: files("n_"))
    func refuses(_ name: String) throws {
        let text = try Self.text(name)
        #expect(JSONScanner.mistake(in: text) != nil)
    }

    @Test(.enabled(if: areThere, absence), arguments: files("i_"))
    func survives(_ name: String) throws {
        _ = JSONScanner.mistake(in: try Self.text(name))
    }

    /// The same texts as values of a key, so that the walk that takes rows apart judges them too.
    @Test(.enabled(if: areThere, absence), arguments: files("y_") + files("n_"))
    func judgesAlikeInsideARow(_ name: String) throws {
        let text = try Self.text(name)
        guard !text.contains(0x0A) else { return }
        // What ends in the middle would take in the brace behind it.
        let row = Array(#"{"value":1}"#.utf8) + [0x0A] + Array(#"{"value":"#.utf8) + text + Array("}\n".utf8)
        let path = FileManager.default.temporaryDirectory.appending(path: "assay-\(UUID().uuidString).jsonl")
        try Data(row).write(to: path)
        defer { try? FileManager.default.removeItem(at: path) }
        let worker = try JSONSource([path.path]).open(.init([0: .values]), ordinals: nil).makeWorker()
        let batch = try #require(try worker.next())
        #expect(batch.rowCount == 2)
        let isInvalid = batch.problems.contains { $0.row == 1 && $0.kind == .invalidJSON }
        let isJSON = JSONScanner.mistake(in: Array(#"{"value":"#.utf8) + text + Array("}".utf8)) == nil
        #expect(isInvalid == !isJSON)
        if name.hasPrefix("y_") { #expect(isJSON) }
    }
}
