import Files
import Foundation
import Synchronization
import TestSupport
import Testing

@Suite struct OutputFileTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func appearsWholeUnderItsName() throws {
        let path = scratch.path("part-0.parquet")
        let file = try OutputFile(path: path)
        try file.write(Array("one, ".utf8))
        try file.write([UInt8](repeating: 0x2E, count: 1 << 20))
        try file.write(Array("two".utf8))
        #expect(file.byteCount == 1 << 20 + 8)
        #expect(scratch.names == [String(file.temporaryPath.split(separator: "/").last ?? "")])
        #expect(scratch.names.allSatisfy { $0.hasPrefix(".") })
        try file.commit()
        #expect(scratch.names == ["part-0.parquet"])
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(bytes == Data("one, ".utf8) + Data(repeating: 0x2E, count: 1 << 20) + Data("two".utf8))
    }

    @Test func isAsReadableAsOtherFiles() throws {
        let path = scratch.path("a")
        let file = try OutputFile(path: path)
        try file.commit()
        let mask = umask(0)
        umask(mask)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o666 & ~Int(mask))
    }

    @Test func replacesWhatHasTheName() throws {
        let path = scratch.path("a")
        try Data("old".utf8).write(to: URL(fileURLWithPath: path))
        let file = try OutputFile(path: path)
        try file.write(Array("new".utf8))
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
        try file.commit()
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
        #expect(scratch.names == ["a"])
    }

    @Test func doesNotReplaceWhereItMustNot() throws {
        let path = scratch.path("00000000000000000001.json")
        for text in ["first", "second"] {
            let file = try OutputFile(path: path)
            try file.write(Array(text.utf8))
            #expect(try file.commitIfAbsent() == (text == "first"))
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "first")
        #expect(scratch.names == ["00000000000000000001.json"])
    }

    @Test func leavesNothingWhenGivenUp() throws {
        do {
            let file = try OutputFile(path: scratch.path("a"))
            try file.write(Array("text".utf8))
            file.discard()
            file.discard()
            #expect(scratch.names == [])
            _ = try OutputFile(path: scratch.path("b"))
        }
        #expect(scratch.names == [])
    }

    @Test func oneOfManyThreadsPutsTheName() throws {
        for round in 0..<20 {
            let path = scratch.path("\(round).json")
            let winners = Mutex<[Int]>([])
            DispatchQueue.concurrentPerform(iterations: 8) { thread in
                guard let file = try? OutputFile(path: path) else { return }
                guard (try? file.write(Array("thread \(thread)".utf8))) != nil else { return }
                if (try? file.commitIfAbsent()) == true { winners.withLock { $0.append(thread) } }
            }
            let won = winners.withLock { $0 }
            #expect(won.count == 1)
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "thread \(won.first ?? -1)")
        }
        #expect(scratch.names.allSatisfy { $0.hasSuffix(".json") })
    }

    /// Processes of another program link files to the names that threads of this one want.
    @Test func oneOfManyProcessesPutsTheName() throws {
        let rounds = 200
        try Data("other".utf8).write(to: URL(fileURLWithPath: scratch.path("source")))
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.currentDirectoryURL = URL(fileURLWithPath: scratch.directory)
        shell.arguments = ["-c", "for i in $(seq 0 \(rounds - 1)); do ln source $i.json 2>/dev/null && echo $i; done"]
        let pipe = Pipe()
        shell.standardOutput = pipe
        try shell.run()
        var ours: Set<Int> = []
        for round in (0..<rounds).reversed() {
            let file = try OutputFile(path: scratch.path("\(round).json"))
            try file.write(Array("ours".utf8))
            if try file.commitIfAbsent() { ours.insert(round) }
        }
        let output = pipe.fileHandleForReading.everything()
        shell.waitUntilExit()
        let theirs = Set(String(decoding: output, as: UTF8.self).split(separator: "\n").compactMap { Int($0) })
        #expect(ours.isDisjoint(with: theirs) && ours.union(theirs) == Set(0..<rounds))
        for round in 0..<rounds {
            let text = try String(contentsOfFile: scratch.path("\(round).json"), encoding: .utf8)
            #expect(text == (ours.contains(round) ? "ours" : "other"))
        }
    }
}

@Suite struct PreparedFileTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func prepared(_ text: String = "text") throws -> PreparedFile {
        let file = try OutputFile(path: scratch.path("a"), temporaryName: "_a.batch-7.tmp")
        try file.write(Array(text.utf8))
        return try file.prepare()
    }

    @Test func waitsUnderItsHiddenName() throws {
        let file = try prepared()
        #expect(scratch.names == ["_a.batch-7.tmp"])
        let found = PreparedFile(path: scratch.path("a"), temporaryPath: scratch.path("_a.batch-7.tmp"))
        #expect(file == found)
        try found.publish()
        #expect(scratch.names == ["a"])
    }

    @Test func isPublishedAgainWithoutHarm() throws {
        let file = try prepared()
        try file.publish()
        try file.publish()
        #expect(try String(contentsOfFile: file.path, encoding: .utf8) == "text")
    }

    @Test func isWrittenAgainUnderTheSameHiddenName() throws {
        _ = try prepared("a longer text, of a process that was killed")
        try prepared("text").publish()
        #expect(try String(contentsOfFile: scratch.path("a"), encoding: .utf8) == "text")
    }

    /// A process was killed between the link and the removal of the hidden name.
    @Test func recognisesItself() throws {
        let file = try prepared()
        try FileManager.default.linkItem(atPath: file.temporaryPath, toPath: file.path)
        #expect(try file.publishIfAbsent())
        #expect(scratch.names == ["a"])
    }

    @Test func isNotPublishedWhereItNeverWas() throws {
        let file = PreparedFile(path: scratch.path("a"), temporaryPath: scratch.path(".a"))
        let error = #expect(throws: OutputError.self) { try file.publish() }
        #expect(error?.code == "unwritable-directory")
        #expect(throws: OutputError.self) { _ = try file.publishIfAbsent() }
        file.discard()
    }
}
