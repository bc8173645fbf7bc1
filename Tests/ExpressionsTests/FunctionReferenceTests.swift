import Expressions
import Foundation
import Testing

/// The reference page says what the list of functions says.
struct FunctionReferenceTests {
    /// With `ASSAY_GOLDEN=rewrite` in the environment the page is written anew.
    @Test func isUpToDate() throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../docs/expressions.md").standardizedFileURL
        let text = try String(contentsOf: page, encoding: .utf8)
        let heading = try #require(text.range(of: "\n# Functions\n"))
        let start = text.range(of: "\n## ", range: heading.upperBound..<text.endIndex)?.lowerBound ?? text.endIndex
        let wanted =
            text[..<start].trimmingCharacters(in: .newlines) + "\n\n"
            + FunctionReference.markdown
            .trimmingCharacters(in: .newlines) + "\n"
        if ProcessInfo.processInfo.environment["ASSAY_GOLDEN"] == "rewrite" {
            try wanted.write(to: page, atomically: true, encoding: .utf8)
        } else {
            #expect(text == wanted, "scripts/golden writes docs/expressions.md anew")
        }
    }

    @Test func namesEveryFunctionOnce() {
        let rows = FunctionReference.markdown.split(separator: "\n").filter { $0.hasPrefix("| `") }
        let names = rows.map { $0.dropFirst(3).prefix { $0 != "(" && $0 != "`" } }
        #expect(Set(names).count == names.count)
        #expect(names.count > 80)
    }
}
