import Expectations
import Tables
import Testing

@testable import Suites

/// Reads a text; the value as JSON, or the problems where there are some.
func composed(_ text: String, file: String = "a.yaml", environment: [String: String] = [:]) -> String {
    var problems = Problems()
    let document = YAMLDocument(
        SourceText(file: file, text: text), environment: environment, problems: &problems)
    if let problems = problems.sorted { return Fixtures.lines(problems).joined(separator: "\n") }
    return document.root?.argument.filled.text() ?? "nothing"
}

extension Argument {
    /// The value with what the environment put in, which `json` doesn't show.
    var filled: JSON {
        switch content {
        case .list(let items): .array(items.map(\.filled))
        case .map(let members): .object(members.map { JSON.Member($0.name, $0.value.filled) })
        default: Argument(content).json
        }
    }
}

@Suite struct YAMLDocumentTests {
    struct Case: CustomTestStringConvertible {
        let testDescription: String
        let text: String
        let value: String
        var file = "a.yaml"
    }

    static let cases = [
        Case(testDescription: "block style", text: "a:\n  - 1\n  - b: c\n", value: #"{"a":[1,{"b":"c"}]}"#),
        Case(testDescription: "styles of text", text: "[a b, 'it''s', \"x\\ty\"]", value: #"["a b","it's","x\ty"]"#),
        Case(
            testDescription: "block texts", text: "a: |\n  x\n  y\nb: >-\n  x\n  y\n",
            value: #"{"a":"x\ny\n","b":"x y"}"#),
        Case(
            testDescription: "aliases", text: "a: &x [1, 2]\nb: [*x, *x]\nc: *x\n",
            value: #"{"a":[1,2],"b":[[1,2],[1,2]],"c":[1,2]}"#),
        Case(testDescription: "an anchor given anew", text: "[&x 1, *x, &x 2, *x]", value: "[1,1,2,2]"),
        Case(testDescription: "an alias as key", text: "&k a: 1\nb: {*k : 2}\n", value: #"{"a":1,"b":{"a":2}}"#),
        Case(
            testDescription: "merge keys: own ones win",
            text: "x: &x {a: 1, b: 1}\ny:\n  b: 2\n  <<: *x\n", value: #"{"x":{"a":1,"b":1},"y":{"a":1,"b":2}}"#),
        Case(
            testDescription: "merge keys: the earlier of several wins",
            text: "- &x {a: 1}\n- &y {a: 2, b: 2}\n- {<<: [*x, *y]}\n", value: #"[{"a":1},{"a":2,"b":2},{"a":1,"b":2}]"#
        ),
        Case(testDescription: "a quoted << is a key", text: "{'<<': 1}", value: #"{"<<":1}"#),
        Case(
            testDescription: "keys stay as they are written", text: "{1: a, true: b, ~: c, 0x1: d}",
            value: #"{"1":"a","true":"b","~":"c","0x1":"d"}"#),
        Case(
            testDescription: "tags of the core schema",
            text: "[!!str 1, !!int '2', !!float 3, !!null '', !!seq [a], ! 4]",
            value: #"["1",2,3,null,["a"],"4"]"#),
        Case(
            testDescription: "types with a comma in braces", text: "{a: decimal(12,2), b: numeric(10, 0), c: x}",
            value: #"{"a":"decimal(12,2)","b":"numeric(10,0)","c":"x"}"#),
        Case(
            testDescription: "types with a comma in brackets", text: "[decimal(12,2), int, '3)', f(1, x)]",
            value: #"["decimal(12,2)","int","3)","f(1","x)"]"#),
        Case(
            testDescription: "a directive and both document marks", text: "%YAML 1.2\n---\na: 1\n...\n",
            value: #"{"a":1}"#),
        Case(
            testDescription: "lines that end as on Windows", text: "a: 1\r\nb:\r\n  - 2\r\n", value: #"{"a":1,"b":[2]}"#
        ),
        Case(
            testDescription: "JSON with its escapes",
            text: #"{"a\/b": "\u00e9 \ud83d\ude00 \uD834\udd1e \b\f\n\r\t\"\\", "n": [-1.5e-1, true, null]}"#,
            value: "{\"a/b\":\"é 😀 𝄞 \\u0008\\u000c\\n\\r\\t\\\"\\\\\",\"n\":[-0.15,true,null]}"),
        Case(
            testDescription: "JSON indented with tabs", text: "\t{\n\t\"a\":\t[\n\t\t1\n\t]\n}\n", value: #"{"a":[1]}"#),
        Case(
            testDescription: "JSON without spaces", text: #"{"a":{"b":[1,"c:d",{}]}}"#,
            value: #"{"a":{"b":[1,"c:d",{}]}}"#),
        Case(
            testDescription: "JSON with a line separator in a text", text: "{\"a\": \"x \u{2028} y\u{85}z\u{7F}\"}",
            value: "{\"a\":\"x \\u2028 y\u{85}z\\u007f\"}"),
        Case(
            testDescription: "an escaped backslash before a u", text: #"["\\ud83d\\ude00"]"#,
            value: #"["\\ud83d\\ude00"]"#),
        Case(testDescription: "one scalar in a JSON file", text: #""\ud83d\ude00""#, value: #""😀""#, file: "a.json"),
        Case(
            testDescription: "half a pair", text: #"["\ud83d x"]"#,
            value: "1:5 the escape stands for no character [yaml-syntax]\nhint: a surrogate stands in a pair only"),
        Case(
            testDescription: "a pair in YAML", text: #"a: "\ud83d\ude00""#,
            value: "1:7 the escape stands for no character [yaml-syntax]\n"
                + #"hint: pairs of surrogates are JSON's: write \U0001F600, or the character itself"#),
        Case(testDescription: "what to write for a pair", text: #"a: "\U0001F600""#, value: #"{"a":"😀"}"#),
        Case(
            testDescription: "half a pair in YAML", text: #"a: "\ud83d""#,
            value: "1:7 the escape stands for no character [yaml-syntax]\nhint: write the character itself"),
        Case(
            testDescription: "no character", text: "a: x\u{FFFF}",
            value: "1:5 the character U+FFFF is not allowed [yaml-syntax]"),
        Case(
            testDescription: "a place behind a pair", text: #"{"😀": "\ud83d\ude00", "b": 1, "b": 2}"#,
            value: "1:31 the key \"b\" stands here a second time [yaml-duplicate-key]\nhint: the first is at 1:23"),
        Case(
            testDescription: "a place behind a line separator", text: "{\"a\": \"\u{2028}\", \"b\": @}",
            value: "1:17 a text can't begin with \"@\" [yaml-syntax]\nhint: put it in quotes"),
        Case(
            testDescription: "a place behind wide characters", text: "名前: [😀, é, @]",
            value: "1:12 a text can't begin with \"@\" [yaml-syntax]\nhint: put it in quotes"),
        Case(testDescription: "nothing", text: "", value: "1:1 there is nothing in the file [empty-file]"),
        Case(testDescription: "white space", text: " \n\n", value: "1:1 there is nothing in the file [empty-file]"),
    ]

    @Test(arguments: cases)
    func reads(_ c: Case) { #expect(composed(c.text, file: c.file) == c.value) }

    @Test func numbersAreExact() {
        #expect(composed("[0.1, 1.10, 100000000000000000000000000001]") == "[0.1,1.10,100000000000000000000000000001]")
    }
}
