import Foundation
import Tables
import Testing

@Suite struct JSONTests {
    static let texts: [(String, String)] = [
        ("", #""""#), ("a\"b\\c/", #""a\"b\\c/""#), ("\n\r\t", #""\n\r\t""#),
        ("\u{0}\u{1}\u{1F}", ##""\u0000\u0001\u001f""##),
        ("\u{7F}\u{2028}\u{2029}", ##""\u007f\u2028\u2029""##), ("é日本😀", "\"é日本😀\""), ("e\u{301}", "\"e\u{301}\""),
        ("\r\n", #""\r\n""#), ("</script>", #""</script>""#),
    ]

    @Test(arguments: texts) func escapesTexts(_ text: String, _ wanted: String) throws {
        let written = JSON.string(text).text()
        #expect(Array(written.utf8) == Array(wanted.utf8))
        let read = try JSONSerialization.jsonObject(with: Data(written.utf8), options: .fragmentsAllowed) as? String
        #expect(read.map { Array($0.utf8) } == Array(text.utf8))
    }

    static let document = JSON.object([
        .init("a", .array([.integer(1), .null, .boolean(true), .boolean(false)])), .init("b\n", .object([])),
        .init("c", .array([])), .init("d", .object([.init("e", .number("1.50"))])),
    ])

    @Test func writesOnOneLine() {
        #expect(Self.document.text() == ##"{"a":[1,null,true,false],"b\n":{},"c":[],"d":{"e":1.50}}"##)
    }

    @Test func writesIndented() {
        #expect(
            Self.document.text(isIndented: true) == ##"""
                {
                  "a": [
                    1,
                    null,
                    true,
                    false
                  ],
                  "b\n": {},
                  "c": [],
                  "d": {
                    "e": 1.50
                  }
                }
                """##)
    }

    static let values: [(Value, String)] = [
        (.missing, "null"), (.boolean(true), "true"), (.integer(Int128(UInt64.max)), "18446744073709551615"),
        (.decimal(DecimalNumber(unscaled: -50, scale: 2)), "-0.50"), (.float(1), "1.0"), (.float(1e300), "1e+300"),
        (.float(.leastNonzeroMagnitude), "5e-324"), (.float(.infinity), #""inf""#), (.float(.nan), #""nan""#),
        (.text("a"), #""a""#),
        (.date(days: 0), #""1970-01-01""#), (.time(microseconds: 1), #""00:00:00.000001""#),
        (.timestamp(microseconds: 0), #""1970-01-01T00:00:00Z""#), (.duration(microseconds: 60_000_000), #""1m""#),
    ]

    @Test(arguments: values) func writesValues(_ value: Value, _ wanted: String) {
        #expect(value.json.text() == wanted)
    }
}
