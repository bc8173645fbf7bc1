import Expectations
import Foundation
import Suites
import TestSupport
import Testing

/// Whatever a file holds: a suite comes out of it, or problems that have places in it.
@Suite struct FuzzTests {
    /// SplitMix64: the same numbers for a seed on every machine.
    struct Random: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var word = state
            word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
            word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
            return word ^ (word >> 31)
        }
    }

    static let seed: UInt64 =
        ProcessInfo.processInfo.environment["ASSAY_FUZZ_SEED"].flatMap { UInt64($0) } ?? 20_240_131

    private static let snippets = [
        "{", "}", "[", "]", ":", ": ", "- ", ",", "\"", "'", "#", "&a ", "*a", "!!str ", "<<: ", "|", ">", "?", "%",
        "@", "\t",
        "\n", "\r\n", "  ", "---\n", "...\n", "${A}", "${B:-x}", "$${", "null", "~", "1e99", "0x", ".nan", "-1",
        "99999999999",
        "\\", "\\ud83d", "\\ude00", "\u{0}", "\u{7F}", "é", "😀", "\u{2028}", "\u{FEFF}", "expect_column_to_exist",
        "kwargs",
        "mostly: 2", "where", "true",
    ].map { Array($0.utf8) }

    private func judge(_ bytes: [UInt8], _ path: String, _ comment: Comment) {
        let lines = bytes.count { $0 == 0x0A || $0 == 0x0D } + 1
        do {
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            let suite = try Suite.load(path: path, environment: ["A": "secret-value"])
            #expect(!suite.expectations.isEmpty, comment)
        } catch let problems as SuiteProblems {
            #expect(!problems.errors.isEmpty, comment)
            for error in problems.errors {
                let mark = error.location
                let isPlaced =
                    (1...lines).contains(mark?.line ?? 0) && (1...bytes.count + 1).contains(mark?.column ?? 0)
                #expect(isPlaced, comment)
            }
            let rendered = Diagnostics.render(
                problems, sources: { _ in String(decoding: bytes, as: UTF8.self) }, colors: false)
            #expect(!rendered.contains("secret-value"), comment)
        } catch {
            Issue.record("\(error)")
        }
    }

    @Test(.timeLimit(.minutes(10)), arguments: Fixtures.names(in: "good"))
    func mutations(_ name: String) throws {
        let folder = try Scratch()
        let original = Array(try Fixtures.text("good", name).utf8)
        var random = Random(state: Self.seed)
        for round in 0..<500 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let start = Int.random(in: 0...bytes.count, using: &random)
                let end = min(bytes.count, start + Int.random(in: 0...8, using: &random))
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes.removeSubrange(start..<end)
                case 1: bytes.replaceSubrange(start..<end, with: Self.snippets.randomElement(using: &random) ?? [])
                case 2:
                    bytes.insert(contentsOf: bytes[start..<end], at: Int.random(in: 0...bytes.count, using: &random))
                default: bytes.insert(contentsOf: Self.snippets.randomElement(using: &random) ?? [], at: start)
                }
            }
            judge(bytes, folder.directory + "/" + name, "seed \(Self.seed), round \(round), \(name)")
        }
    }

    @Test(.timeLimit(.minutes(10)), arguments: ["a.yaml", "a.json"])
    func noise(_ name: String) throws {
        let folder = try Scratch()
        var random = Random(state: Self.seed)
        for round in 0..<1_500 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0...40, using: &random) {
                if Bool.random(using: &random) {
                    bytes += Self.snippets.randomElement(using: &random) ?? []
                } else {
                    bytes.append(UInt8.random(in: round % 2 == 0 ? 0...255 : 32...126, using: &random))
                }
            }
            judge(bytes, folder.directory + "/" + name, "seed \(Self.seed), round \(round), \(name)")
        }
    }
}
