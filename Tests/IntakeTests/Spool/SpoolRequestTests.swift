import Foundation
import Tables
import TestSupport
import Testing

@testable import Intake

struct SpoolRequestTests {
    static func lines(json text: String) throws -> [String] {
        let request = try SpoolRequest(json: Array(text.utf8), limits: SpoolLimits())
        let lines = String(decoding: request.bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        #expect(lines.count == request.records)
        return lines
    }

    @Test(arguments: [
        ("{}", ["{}"]),
        (" \n{\"a\":\r\n [1,\n2]}\n", ["{\"a\":   [1, 2]}"]),
        ("[]", []),
        (
            "[{\"a\":1},{\"b\":\"[,]\\\"\\n\"} , 7,\nnull, \"x\"]",
            ["{\"a\":1}", "{\"b\":\"[,]\\\"\\n\"}", "7", "null", "\"x\""]
        ),
        ("\u{FEFF}[[1,\n2]]", ["[1, 2]"]),
    ])
    func takesADocumentApart(_ text: String, _ lines: [String]) throws { #expect(try Self.lines(json: text) == lines) }

    @Test(arguments: [
        ("", 0, "expected an object, or an array of objects"),
        ("7", 0, "expected an object, or an array of objects"),
        ("[{\"a\":1},", 9, "it ends in the middle"),
        ("[{\"a\":1} {\"b\":2}]", 9, "expected a comma or ]"),
        ("[1,]", 3, "expected a value"),
        ("{\"a\":1}\n{\"b\":2}", 8, "text behind the value"),
        ("[{\"a\":01}]", 7, "a number is not written as JSON has it"),
        ("{\"a\":\"x\ny\"}", 7, "a control character in a text, not escaped"),
    ])
    func refusesADamagedDocumentWithItsPlace(_ text: String, _ offset: Int, _ message: String) {
        let error = #expect(throws: SpoolError.self) { try Self.lines(json: text) }
        #expect(error?.code == "bad-json")
        #expect(error?.byteOffset == offset)
        #expect(error?.message == message)
    }

    @Test func cutsDocumentsAnywhereWithoutHarm() {
        let text = Array("[{\"a\":[1,2.5e3,\"\\u00e9\\\\\"]},{\"b\":{\"c\":null}},true]".utf8)
        for length in 0..<text.count {
            #expect(throws: SpoolError.self) {
                try SpoolRequest(json: Array(text[..<length]), limits: SpoolLimits())
            }
        }
    }

    @Test func nestsAsDeepAsItMay() throws {
        let deep = String(repeating: "[", count: 1_001) + String(repeating: "]", count: 1_001)
        #expect(try Self.lines(json: deep).count == 1)
        let deeper = String(repeating: "[", count: 100_000)
        #expect(throws: SpoolError.self) { try Self.lines(json: deeper) }
    }

    @Test(arguments: [
        ("{}", "{\"_attributes\":{\"a\":\"b\"}}"), ("{\"x\": {} }", "{\"x\": {} ,\"_attributes\":{\"a\":\"b\"}}"),
        ("[1]", "[1]"), ("{\"_attributes\":1}", "{\"_attributes\":1}"),
        ("{broken", "{broken"),
    ])
    func addsAMember(_ line: String, _ expected: String) throws {
        let limits = SpoolLimits()
        let request = try SpoolRequest(lines: Array(line.utf8), limits: limits)
        let member = JSON.Member("_attributes", .object([JSON.Member("a", .string("b"))]))
        let added = try request.adding(member, limits: limits)
        #expect(String(decoding: added.bytes, as: UTF8.self) == expected + "\n")
    }

    /// Whatever comes: as many lines as were told, and what was JSON is the same JSON.
    @Test func keepsTheValuesOfAnyDocument() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            let values = (0..<Int.random(in: 0...6, using: &generator)).map { _ in Self.value(3, &generator) }
            let text = Self.spaced(
                "[" + values.map { Self.spaced($0.text(), &generator) }.joined(separator: ",") + "]", &generator)
            let lines = try Self.lines(json: text)
            #expect(lines.map { JSON(text: $0) } == values, "seed \(seed): \(text)")
        }
    }

    /// Whatever bytes come as lines: none is lost but blank ones, and none is changed.
    @Test func keepsAnyLines() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(seed: seed)
        let alphabet: [UInt8] = [0x0A, 0x0A, 0x20, 0x0D, 0x7B, 0x7D, 0x22, 0x00, 0xFF, 0xC3]
        for _ in 0..<5_000 {
            let text = (0..<Int.random(in: 0...30, using: &generator)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
            }
            let request = try SpoolRequest(lines: text, limits: SpoolLimits())
            let expected = text.split(separator: 0x0A).filter { !$0.allSatisfy { $0 == 0x20 || $0 == 0x0D } }
            #expect(request.bytes.split(separator: 0x0A) == expected, "seed \(seed): \(text)")
            #expect(request.records == expected.count && request.bytes.last ?? 0x0A == 0x0A, "seed \(seed): \(text)")
        }
    }

    private static func spaced(_ text: String, _ generator: inout SeededGenerator) -> String {
        let spaces = ["", "", " ", "\n", "\r\n", "\t"]
        return spaces[Int.random(in: 0..<6, using: &generator)] + text
            + spaces[Int.random(in: 0..<6, using: &generator)]
    }

    private static func value(_ depth: Int, _ generator: inout SeededGenerator) -> JSON {
        switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &generator) {
        case 0: .null
        case 1: .boolean(true)
        case 2: .number(["0", "-1", "1.50", "2e9", "12345678901234567890"][Int.random(in: 0..<5, using: &generator)])
        case 3: .string("a\n\"\\é\u{1F600}\u{1}[{,")
        case 4: .string("")
        case 5: .array((0..<Int.random(in: 0...3, using: &generator)).map { _ in value(depth - 1, &generator) })
        default:
            .object(
                (0..<Int.random(in: 0...3, using: &generator)).map {
                    JSON.Member("k\($0)", value(depth - 1, &generator))
                })
        }
    }
}
