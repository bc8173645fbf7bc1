import Expectations
import Tables
import Testing

@testable import Suites

@Suite struct YAMLScalarTests {
    /// A plain text, and what it stands for as canonical JSON, or `text` where it stays one.
    static let cases: [(String, String)] = [
        ("", "null"), ("~", "null"), ("null", "null"), ("Null", "null"), ("NULL", "null"), ("nUll", "text"),
        ("true", "true"), ("True", "true"), ("FALSE", "false"), ("tRUE", "text"),
        ("yes", "text"), ("NO", "text"), ("on", "text"), ("Off", "text"), ("y", "text"),
        ("0", "0"), ("-0", "0"), ("+12", "12"), ("007", "7"), ("1_000", "text"), ("12:30", "text"), ("--1", "text"),
        ("0o17", "15"), ("0x1F", "31"), ("0xfF", "255"), ("0o18", "text"), ("0x", "text"), ("-0x1", "text"),
        ("0b1", "text"),
        ("1.50", "1.50"), (".5", "0.5"), ("5.", "5"), (".", "text"), ("1.2.3", "text"), ("1e3", "1000"),
        ("1E-2", "0.01"), ("1e", "text"), ("1e+", "text"), ("e1", "text"), ("+.5e+1", "5"),
        ("12345678901234567890123456789012345678", "12345678901234567890123456789012345678"),
        ("1e300", "1e+300"), ("0.1", "0.1"),
        (".inf", "\"inf\""), ("-.Inf", "\"-inf\""), ("+.INF", "\"inf\""), ("inf", "text"), (".nan", "\"nan\""),
        ("nan", "text"), ("NaN", "text"),
        ("2024-01-31", "text"), ("2024-01-31T10:00:00Z", "text"), ("1 2", "text"), ("١٢", "text"),
    ]

    @Test(arguments: cases)
    func resolvesByTheCoreSchema(_ written: String, _ expected: String) {
        let found = Argument(YAMLScalar.resolve(written)).json.text()
        #expect(found == (expected == "text" ? JSON.string(written).text() : expected))
    }

    @Test func quotesKeepTexts() {
        #expect(Argument(YAMLScalar(text: "12", isPlain: false).resolved).json == .string("12"))
        #expect(Argument(YAMLScalar(text: "", isPlain: false).resolved).json == .string(""))
    }

    @Test func numbersTooLongFor38DigitsAreFloats() {
        guard case .float(let number) = YAMLScalar.resolve(String(repeating: "9", count: 60)) else {
            Issue.record("expected a float")
            return
        }
        #expect(number == 1e60)
    }
}
