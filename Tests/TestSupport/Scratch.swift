import Foundation

/// A folder of a test's own, gone with this object.
public final class Scratch: Sendable {
    /// Its path, without a slash at the end.
    public let directory: String

    public init() throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("assay-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// The path of what has the name there.
    public func path(_ name: String) -> String { directory + "/" + name }

    /// What is there, hidden files too.
    public var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []).sorted() }

    /// Writes a file, in place of the bytes of one that is there, and the folders on the way to it; gives its path.
    @discardableResult
    public func file(_ bytes: some Sequence<UInt8>, _ name: String = "t.csv") throws -> String {
        let url = URL(fileURLWithPath: path(name))
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
        return url.path
    }

    /// Writes a file of text.
    @discardableResult
    public func file(_ text: String, _ name: String = "t.csv") throws -> String { try file(text.utf8, name) }

    /// A text with the folder taken out of the paths that it names.
    public func line(_ text: String) -> String { text.replacingOccurrences(of: directory + "/", with: "") }
}
