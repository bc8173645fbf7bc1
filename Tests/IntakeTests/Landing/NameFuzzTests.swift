import Foundation
import Intake
import Tables
import TestSupport
import Testing

/// Names of any characters: each file is found under its own name, or told of, or hidden.
@Suite struct NameFuzzTests {
    @Test(arguments: 1...3 as ClosedRange<UInt64>) func findsEveryName(_ seed: UInt64) throws {
        let scratch = try Scratch()
        var random = SeededGenerator(seed: seed)
        let pieces: [[UInt8]] =
            [
                "a", "B", "é", "e\u{301}", "𝄞", ".", "_", "~", " ", "\n", "\"", "\\", "*", "[", "?", "-", "csv", ".gz",
                ".tmp", ".done",
            ]
            .map { Array($0.utf8) } + [[0xFF], [0xC3]]
        var wanted: Set<[UInt8]> = []
        var broken = 0
        var made: Set<[UInt8]> = []
        for _ in 0..<400 {
            var name = (0..<Int.random(in: 1...6, using: &random)).flatMap { _ in random.pick(pieces) }
            if random.chance(70) { name += Array(".csv".utf8) }
            guard ![[0x2E], [0x2E, 0x2E]].contains(name), made.insert(name).inserted else { continue }
            let path = Array(scratch.directory.utf8) + [0x2F] + name + [0]
            let descriptor = open(path.map { CChar(bitPattern: $0) }, O_CREAT | O_WRONLY, 0o644)
            try #require(descriptor >= 0)
            close(descriptor)
            guard name[0] != 0x2E, name[0] != 0x5F, name.suffix(4) == Array(".csv".utf8)[...] else { continue }
            if String(validating: name, as: UTF8.self) == nil { broken += 1 } else { wanted.insert(name) }
        }
        var options = LandingOptions(folder: scratch.directory, settle: .zero)
        options.patterns = ["*.csv"]
        let folder = LandingFolder(options)
        let found = try folder.discover(now: Clock.now)
        #expect(Set(found.ready.map { Array($0.name.utf8) }) == wanted)
        #expect(found.ready.count == wanted.count)
        #expect(found.problemCount == broken)
        #expect(found.ready.allSatisfy { IntakeFile(json: $0.json) == $0 })
        folder.planned(found.ready)
        #expect(try folder.discover(now: Clock.now + 1_000 * Clock.second).readyCount == 0)
    }
}
