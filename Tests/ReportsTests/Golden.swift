import Foundation
import Testing

/// Compares a text with a file of `Golden/`; with `ASSAY_GOLDEN=rewrite` in the environment the file is written instead.
func expectGolden(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden")
    let file = folder.appendingPathComponent(name)
    if ProcessInfo.processInfo.environment["ASSAY_GOLDEN"] == "rewrite" {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try text.write(to: file, atomically: true, encoding: .utf8)
        return
    }
    let golden = try String(contentsOf: file, encoding: .utf8)
    let difference = zip(text.split(separator: "\n"), golden.split(separator: "\n")).first { $0 != $1 }
    #expect(
        text == golden, "\(name) differs: \(difference.map { "got \($0), wanted \($1)" } ?? "one is longer")",
        sourceLocation: sourceLocation)
}
