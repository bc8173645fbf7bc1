import Files
import Foundation
import Suites
import Synchronization
import Tables

/// Where text goes: results to standard output, everything else to standard error.
enum Console {
    static func standardOutput(_ text: String) { write(line(text), to: 1, "standard output") }

    /// A piece of what goes there, as it is.
    static func standardOutput(_ bytes: [UInt8]) { write(bytes, to: 1, "standard output") }

    static func standardError(_ text: String) { write(line(text), to: 2, "standard error") }

    /// Says on standard error what is wrong, and what helps; what the words repeat of data, files and people is made harmless for a terminal.
    static func complain(_ summary: String, hint: String? = nil) {
        standardError(
            "error: \(Diagnostics.neutral(summary))" + (hint.map { "\n  hint: \(Diagnostics.neutral($0))" } ?? ""))
    }

    private static func line(_ text: String) -> [UInt8] { Array((text.hasSuffix("\n") ? text : text + "\n").utf8) }

    private static let lost = Mutex(false)

    /// Whether results could not be written.
    ///
    /// A reader that went away, as `head` does, ends the process before.
    static var hasLostOutput: Bool { lost.withLock { $0 } }

    private static func write(_ bytes: [UInt8], to number: Int32, _ name: String) {
        let complaint: String
        do throws(SourceError) {
            guard let output = OutputDescriptor(open: number, name: name) else {
                throw SourceError(code: "unwritable", message: "it is closed", place: name)
            }
            try output.write(bytes)
            return
        } catch { complaint = error.summary }
        let isFirst = lost.withLock { lost in
            defer { lost = true }
            return !lost
        }
        if isFirst, number != 2 { standardError("error: the results can't be written: \(complaint)") }
    }

    static var errorIsTerminal: Bool { isatty(FileHandle.standardError.fileDescriptor) == 1 }

    static var outputIsTerminal: Bool { isatty(FileHandle.standardOutput.fileDescriptor) == 1 }

    /// Colours only for people: never into a pipe, and not where `NO_COLOR` is set (no-color.org).
    static func usesColors(isTerminal: Bool) -> Bool {
        let environment = ProcessInfo.processInfo.environment
        return isTerminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    }
}

/// Colours of a terminal, or none.
struct Paint {
    let isOn: Bool

    func bold(_ text: String) -> String { wrap(text, "1") }
    func dim(_ text: String) -> String { wrap(text, "2") }
    func red(_ text: String) -> String { wrap(text, "31") }
    func green(_ text: String) -> String { wrap(text, "32") }
    func yellow(_ text: String) -> String { wrap(text, "33") }
    func magenta(_ text: String) -> String { wrap(text, "35") }

    private func wrap(_ text: String, _ code: String) -> String { isOn ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }
}
