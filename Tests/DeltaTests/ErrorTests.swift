import Foundation
import Tables
import Testing

@testable import Delta

@Suite struct ErrorTests {
    /// Every code has its line on the page of errors.
    @Test func areDocumented() throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("docs/errors.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        let section = try #require(text.components(separatedBy: "## Delta tables").dropFirst().first)
        for code in DeltaError.Code.allCases { #expect(section.contains("`\(code.rawValue)`"), "\(code.rawValue)") }
    }

    @Test func keepTheirCodeAsSources() {
        let error = DeltaError(.logGap, "m", place: "p", hint: "h")
        let source = SourceError(error)
        #expect(source == SourceError(code: "log-gap", message: "m", place: "p", hint: "h"))
        #expect(DeltaError(source) == error)
        #expect(error.summary == "p: m [log-gap]")
        // What other rooms call otherwise is damage here.
        #expect(DeltaError(SourceError(code: "row-too-long", message: "m", place: "p")).code == .corrupt)
    }
}
