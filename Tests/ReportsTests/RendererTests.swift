import Expectations
import Foundation
import Synchronization
import Tables
import TestSupport
import Testing

@testable import Reports

/// What a renderer writes.
private func text(_ report: RunReport, by renderer: any RunRenderer) throws -> String {
    let bytes = Mutex<[UInt8]>([])
    try renderer.write(report) { piece in bytes.withLock { $0 += piece } }
    return String(decoding: bytes.withLock { $0 }, as: UTF8.self)
}

@Suite struct JUnitRendererTests {
    @Test func tellsEachExpectation() throws {
        try expectGolden(try text(Samples.report, by: JUnitRenderer()), "run.junit.xml")
    }

    @Test(arguments: ValueDisplay.allCases) func showsValuesAsPagesDo(_ values: ValueDisplay) throws {
        let run = Samples.run(results: Samples.results, personal: ["email"])
        let xml = try text(RunReport([.init(run)], values: values), by: JUnitRenderer())
        #expect(!xml.contains("anna@example"))
        #expect(xml.contains("xxxx@xxxxxxx") == (values != .absent))
        #expect(xml.contains(": 12500.50") == (values == .shown))
        #expect(xml.contains("row 20,441 of data/events-2.csv"))
    }

    /// What continuous integration makes of it: Python's parser refuses what isn't well-formed, and the script what
    /// Jenkins' schema has no place for.
    static let judge = """
        import re, sys
        import xml.etree.ElementTree as tree
        root = tree.parse(sys.stdin.buffer).getroot()
        known = {
            "testsuites": ({"name", "time", "tests", "failures", "errors"}, {"testsuite"}, set()),
            "testsuite": ({"name", "tests", "failures", "errors", "time", "skipped", "timestamp", "file"},
                {"properties", "testcase"}, {"name", "tests", "failures", "errors"}),
            "properties": (set(), {"property"}, set()),
            "property": ({"name", "value"}, set(), {"name", "value"}),
            "testcase": ({"name", "classname"}, {"failure", "error", "skipped"}, {"name", "classname"}),
            "failure": ({"type", "message"}, set(), {"type", "message"}),
            "error": ({"type", "message"}, set(), {"type", "message"}),
            "skipped": ({"message"}, set(), {"message"}),
        }
        def look(element):
            attributes, children, required = known[element.tag]
            assert set(element.attrib) <= attributes, (element.tag, element.attrib)
            assert required <= set(element.attrib), (element.tag, element.attrib)
            if "time" in element.attrib: assert re.fullmatch(r"[0-9]+[.][0-9]{3}", element.attrib["time"])
            for child in element:
                assert child.tag in children, (element.tag, child.tag)
                look(child)
        look(root)
        assert root.tag == "testsuites"
        suites = root.findall("testsuite")
        for key, tag in (("tests", "testcase"), ("failures", "testcase/failure"), ("errors", "testcase/error")):
            for suite in suites: assert int(suite.get(key)) == len(suite.findall(tag)), (suite.get("name"), key)
            assert int(root.get(key)) == sum(int(suite.get(key)) for suite in suites), key
        for suite in suites:
            assert int(suite.get("skipped")) == len(suite.findall("testcase/skipped"))
            names = [case.get("name") for case in suite.findall("testcase")]
            assert len(names) == len(set(names)), names
        print("sound")
        """

    static let isThere = (try? PythonJudge.run("print('here')", on: "")) == "here\n"

    private static func isSound(_ xml: String) throws -> Bool { try PythonJudge.run(judge, on: xml) == "sound\n" }

    @Test(.enabled(if: isThere, "no python3 is there to read XML")) func parsersReadIt() throws {
        #expect(try Self.isSound(text(Samples.report, by: JUnitRenderer())))
    }

    static let hostile =
        HostileValueTests.hostile + [
            "]]>", "<![CDATA[", "&amp;", "&#0;", "a\u{0}b", "a\u{B}\u{1F}b", "a\nb\r\nc\td", "\u{FFFE}\u{FFFF}",
            "\u{85}",
            "\u{202E}txt", "\u{1F600}",
        ]

    @Test(.enabled(if: isThere, "no python3 is there to read XML"), arguments: hostile)
    func dataIsTextAndNothingElse(_ hostile: String) throws {
        let report = RunReport([.init(Self.run(hostile)), .init(Self.run(hostile))], values: .shown)
        let xml = try text(report, by: JUnitRenderer())
        #expect(try Self.isSound(xml))
        // No data begins an element, and nothing that XML can't hold is left.
        let harmless = RunReport([.init(Self.run("a")), .init(Self.run("a"))], values: .shown)
        func elements(_ xml: String) -> Int { xml.unicodeScalars.count { $0 == "<" } }
        #expect(try elements(xml) == elements(text(harmless, by: JUnitRenderer())))
        #expect(!xml.unicodeScalars.contains { ($0.value < 0x20 && $0 != "\n") || $0.value & 0xFFFE == 0xFFFE })
    }

    /// A run in which every text is the same one.
    static func run(_ text: String) -> RunResult {
        let cells = [UnexpectedRow.Cell(column: text, value: .text(text))]
        func result(_ outcome: Outcome, _ fingerprint: String) -> ExpectationResult {
            ExpectationResult(
                expectation: ExpectationSummary(
                    type: text, arguments: [JSON.Member(text, .string(text))], columns: [text], severity: .critical,
                    location: SourceMark(file: text, line: 1, column: 1), fingerprint: fingerprint, description: text),
                outcome: outcome, success: false, severity: .critical,
                rows: RowCounts(elementCount: 3, missingCount: 0, unexpectedCount: 1), observedValue: .string(text),
                unexpectedRows: [UnexpectedRow(values: cells, index: cells, partition: text, row: 1, byteOffset: 0)],
                unexpectedCounts: [UnexpectedCount(values: cells, count: 2)], sentence: text)
        }
        return RunResult(
            id: text, suite: text, asset: text, startedAt: 0, durationSeconds: 1e-7, engineVersion: text,
            suiteFingerprint: text, dataFingerprint: text, schema: Schema([]), files: [], rowCount: 3, byteCount: 1,
            results: [result(.failed, "one"), result(.errored(reason: text), "two")], metrics: [])
    }

    @Test func namesOfCasesStayAndDiffer() {
        var names = JUnitNames()
        func name(_ fingerprint: String, id: String? = nil, value: String = "1") -> String {
            names.name(
                of: ExpectationSummary(
                    type: "kind", arguments: [JSON.Member("value", .string(value))], columns: [], severity: .info,
                    id: id, fingerprint: fingerprint))
        }
        #expect(name("aaaaaaaaaa") == #"kind {"value":"1"}"#)
        #expect(name("bbbbbbbbbb") == #"kind {"value":"1"} #bbbbbbbb"#)
        #expect(name("cccccccccc", id: "ids") == "ids")
        #expect(name("dddddddddd", value: String(repeating: "x", count: 900)).hasSuffix("x… #dddddddd"))
    }
}

@Suite struct MarkdownRendererTests {
    @Test func tellsWhatFailed() throws {
        try expectGolden(try text(Samples.report, by: MarkdownRenderer()), "run.md")
        try expectGolden(
            try text(RunReport([.init(Samples.run(results: [Samples.results[0]]))]), by: MarkdownRenderer()),
            "run-passed.md")
    }

    static let hostile =
        JUnitRendererTests.hostile + [
            "a|b", #"a\|b"#, #"\\|"#, "`a|b`", "``` a", "**a**", "_a_ ~~b~~", "[a](https://example.com)", "![a](b)",
            "https://example.com", "www.example.com", "@octocat", "#12", "!12", "<details>", "$a$", "a\n|---|\n",
        ]

    /// Every line of a table has as many cells as its head, and nothing that Markdown knows is left.
    @Test(arguments: hostile) func dataBreaksNoTable(_ hostile: String) throws {
        let report = RunReport([.init(JUnitRendererTests.run(hostile))], values: .shown)
        let harmless = RunReport([.init(JUnitRendererTests.run("harmless"))], values: .shown)
        let markdown = try text(report, by: MarkdownRenderer())
        func shape(_ text: String) -> [Int] {
            text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
                line.unicodeScalars.count { $0 == "|" }
            }
        }
        #expect(try shape(markdown) == shape(text(harmless, by: MarkdownRenderer())))
        let data = MarkdownText.escape(hostile, limit: 300)
        #expect(markdown.contains(data))
        let plain = data.replacing((/&#[0-9]+;/).matchingSemantics(.unicodeScalar), with: "")
        #expect(!plain.unicodeScalars.contains { "\\`*_[]<>&|{}@#~$\n".unicodeScalars.contains($0) })
        #expect(!data.contains("://") && !data.contains("www.") && !data.contains("!1"))
    }

    @Test func countsWhatHasNoRoom() throws {
        let results = (0..<5_000).map { number in
            Samples.result("f\(number)", outcome: .failed, sentence: String(repeating: "x", count: 200))
        }
        let runs = (0..<40).map { Samples.run("run-\($0)", suite: "suite-\($0)", results: results) }
        for count in [1, 40] {
            let report = RunReport(runs.prefix(count).map { .init($0) })
            let markdown = try text(report, by: MarkdownRenderer())
            #expect(markdown.unicodeScalars.count < 65_536)
            #expect(markdown.contains("more expectations\n"))
        }
    }
}

/// Python as the judge of a document.
enum PythonJudge {
    /// What a script says of a text; throws where it fails.
    static func run(_ script: String, on text: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
        try input.fileHandleForWriting.close()
        let answer = output.fileHandleForReading.everything()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.fileReadCorruptFile) }
        return String(decoding: answer, as: UTF8.self)
    }
}
