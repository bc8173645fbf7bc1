import Foundation
import Tables
import TestSupport
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

    static let read: [(String, JSON)] = [
        (" [ 1 , -0.5e+3 , 10 ] ", .array([.number("1"), .number("-0.5e+3"), .number("10")])),
        (#"{"a":{"b":[]},"a":null}"#, .object([.init("a", .object([.init("b", .array([]))])), .init("a", .null)])),
        (#""a\"\\\/\b\f\n\r\t""#, .string("a\"\\/\u{8}\u{C}\n\r\t")),
        (#""\u0041\u00e9\u00E9""#, .string("Aéé")), (#""x\ud83d\ude00y""#, .string("x😀y")),
        (#""\u0000""#, .string("\0")), (#""日本\n😀""#, .string("日本\n😀")),
        (String(repeating: "[", count: 64) + String(repeating: "]", count: 64), nested(64)),
    ]

    @Test(arguments: read) func reads(_ text: String, _ wanted: JSON) { #expect(JSON(text: text) == wanted) }

    static let refused = [
        "", " ", "nul", "truex", "01", "-", "1.", ".5", "1e", "+1", "0x1", "NaN", "[1,]", "[1", "{\"a\"}", "{\"a\":1,}",
        "{a:1}",
        "\"", "\"a", "\"\\\"", #""\x""#, #""\u12""#, #""\u12g4""#, #""\ud83d""#, #""\ud83dx""#, #""\ud83d\u0041""#,
        #""\ude00""#, "\"\n\"", "\"\t\"", "1 2", "[]]",
        String(repeating: "[", count: 65) + String(repeating: "]", count: 65),
    ]

    @Test(arguments: refused) func refuses(_ text: String) { #expect(JSON(text: text) == nil) }

    @Test func readsWhatItWrites() {
        let long = JSON.object([
            .init("stats", .string(String(repeating: #"{"min":"é\n😀"},"#, count: 2_000))),
            .init("n", .integer(Int64.min)),
        ])
        let twice = JSON.object([.init("line", .string(long.text()))])
        #expect(JSON(text: twice.text()) == twice)
        #expect(twice["line"]?.string.flatMap { JSON(text: $0) } == long)
        #expect(long["n"]?.integer == Int64.min)
    }

    @Test func neverFailsOnDamage() {
        var random = SeededGenerator(seed: 1)
        let bytes = Array(#"{"a":[1,2.5e3,"\u00e9\ud83d\ude00x",true,null,{"b":"c"}]}"#.utf8)
        for _ in 0..<20_000 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                damaged[Int.random(in: damaged.indices, using: &random)] = UInt8.random(
                    in: .min ... .max, using: &random)
            }
            let cut = damaged.prefix(Int.random(in: 0...damaged.count, using: &random))
            let document = Array(cut).withUnsafeBytes { JSON(bytes: $0) }
            if let document { #expect(JSON(text: document.text()) == document) }
        }
    }

    private static func nested(_ depth: Int) -> JSON { depth == 1 ? .array([]) : .array([nested(depth - 1)]) }
}
