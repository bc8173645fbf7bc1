import Foundation
import Testing

/// Compares a text with a file of `Golden/`; with `ASSAY_GOLDEN=rewrite` in the environment the file is written instead.
func expectGolden(_ text: String, _ name: String, location: SourceLocation = #_sourceLocation) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Golden/\(name)")
    if ProcessInfo.processInfo.environment["ASSAY_GOLDEN"] == "rewrite" {
        try Data(text.utf8).write(to: file)
    }
    let expected = try String(contentsOf: file, encoding: .utf8)
    #expect(text == expected, "differs from Golden/\(name)", sourceLocation: location)
}
