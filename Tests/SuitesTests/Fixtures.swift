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
