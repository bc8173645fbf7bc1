import Expectations
import Foundation
import Suites

/// Suites in files, and what comes out of them.
enum Fixtures {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures/suites")

    /// What `${…}` in fixtures stands for; these values must never be seen in a message.
    static let environment = ["SET": "ok", "SECRET": "hunter2-secret", "NUMBER": "7.25"]

    static func names(in part: String) -> [String] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent(part).path)
        return (names ?? []).sorted()
    }

    static func text(_ part: String, _ name: String) throws -> String {
        try String(contentsOf: folder.appendingPathComponent(part).appendingPathComponent(name), encoding: .utf8)
    }

    /// The problems of a text, as `7:17 message [code]` and `hint: …` below where there is one.
    static func problems(_ text: String, file: String = "suite.yaml") -> [String] {
        do {
            _ = try Suite.parse(text: text, file: file, environment: environment)
            return []
        } catch {
            return lines(error)
        }
    }

    static func lines(_ problems: SuiteProblems, showsFile: Bool = false) -> [String] {
        problems.errors.flatMap { error in
            let mark = error.location.map { "\(showsFile ? $0.file + ":" : "")\($0.line):\($0.column)" } ?? "?"
            return ["\(mark) \(error.message) [\(error.code)]"] + (error.hint.map { ["hint: \($0)"] } ?? [])
        }
    }
}

/// A folder for the files of one test, gone with it.
final class TemporaryFolder {
    let path: String

    init() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("suites-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file, and folders on the way to it; gives its path.
    func write(_ text: String, to name: String) throws -> String {
        try write(Data(text.utf8), to: name)
    }

    func write(_ data: Data, to name: String) throws -> String {
        let file = URL(fileURLWithPath: path).appendingPathComponent(name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: file)
        return file.path
    }
}
