import Foundation
import Testing

/// The reference pages against what they describe.
@Suite struct ReferenceTests {
    /// Every code that the sources give an error.
    private static func codes() throws -> Set<String> {
        let sources = Assay.package.appendingPathComponent("Sources")
        let names = FileManager.default.enumerator(atPath: sources.path)?.compactMap { $0 as? String } ?? []
        var codes: Set<String> = []
        for name in names where name.hasSuffix(".swift") {
            let text = try String(contentsOf: sources.appendingPathComponent(name), encoding: .utf8)
            for part in text.components(separatedBy: "code: \"").dropFirst() {
                let code = part.prefix { $0 != "\"" }
                if !code.isEmpty, code.allSatisfy({ $0.isLowercase || $0.isNumber || $0 == "-" }) {
                    codes.insert(String(code))
                }
            }
        }
        return codes
    }

    @Test func errorsListEveryCode() throws {
        let page = try String(
            contentsOf: Assay.package.appendingPathComponent("docs/errors.md"), encoding: .utf8)
        let codes = try Self.codes()
        #expect(codes.count > 30)
        for code in codes.sorted() { #expect(page.contains("`\(code)`"), "docs/errors.md lacks \(code)") }
    }

    /// Pages say something, and files that they link to are there.
    @Test func linksLeadSomewhere() throws {
        let folder = Assay.package.appendingPathComponent("docs")
        let pages =
            (FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? [])
            .filter { $0.hasSuffix(".md") }.map { "docs/\($0)" } + ["README.md", "CONTRIBUTING.md"]
        for page in pages {
            let file = Assay.package.appendingPathComponent(page)
            let text = try String(contentsOf: file, encoding: .utf8)
            #expect(!text.isEmpty, "\(page) is empty")
            for part in text.components(separatedBy: "](").dropFirst() {
                let link = part.prefix { $0 != ")" && $0 != "#" }
                guard !link.isEmpty, !link.contains("://"), !link.contains(" ") else { continue }
                let target = file.deletingLastPathComponent().appendingPathComponent(String(link))
                #expect(FileManager.default.fileExists(atPath: target.path), "\(page): \(link)")
            }
        }
    }
}
