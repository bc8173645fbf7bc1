import Foundation
import Intake
import Tables
import TestSupport
import Testing

/// Files that could not be read are tried again when that may be otherwise.
@Suite struct AsideTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func folder() -> LandingFolder {
        let options = LandingOptions(folder: scratch.directory, settle: .zero)
        return LandingFolder(options)
    }

    private static let minute: Int64 = 60_000_000

    @Test func triesAgainAfterAWhile() throws {
        for name in ["a.jsonl", "b.jsonl"] { try scratch.file("{}\n", name) }
        let folder = folder()
        let found = try folder.discover(now: Clock.now).ready
        #expect(found.map(\.name) == ["a.jsonl", "b.jsonl"])
        folder.setAside([(found[0], mayPass: true), (found[1], mayPass: false)])
        #expect(try folder.discover(now: Clock.now).ready.isEmpty)
        #expect(try folder.discover(now: Clock.now + 4 * Self.minute).ready.isEmpty)
        // What is wrong with its content stays wrong.
        let again = try folder.discover(now: Clock.now + 6 * Self.minute)
        #expect(again.ready.map(\.name) == ["a.jsonl"])
        #expect(again.changed.isEmpty)
        folder.planned(again.ready)
        #expect(try folder.discover(now: Clock.now + 20 * Self.minute).ready.isEmpty)
    }

    @Test func triesAgainWhenPermissionsChange() throws {
        for name in ["a.jsonl", "b.jsonl", "c.jsonl"] { try scratch.file("{}\n", name) }
        let folder = folder()
        let found = try folder.discover(now: Clock.now).ready
        folder.setAside(found.map { ($0, mayPass: false) })
        #expect(try folder.discover(now: Clock.now).ready.isEmpty)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: scratch.path("b.jsonl"))
        try scratch.remove("c.jsonl")
        #expect(try folder.discover(now: Clock.now + Self.minute).ready.map(\.name) == ["b.jsonl"])
        // It is handed out until it is planned, and once.
        #expect(try folder.discover(now: Clock.now + Self.minute).ready.map(\.name) == ["b.jsonl"])
    }

    /// Forgetting one file leaves all others known, wherever they stand in the table.
    @Test func forgetsNoOtherFile() throws {
        for number in 0..<300 { try scratch.file("{}\n", "\(number).jsonl") }
        let folder = folder()
        let found = try folder.discover(now: Clock.now).ready
        #expect(found.count == 300)
        folder.planned(found.filter { !$0.name.hasPrefix("1") })
        let aside = found.filter { $0.name.hasPrefix("1") }
        folder.setAside(aside.map { ($0, mayPass: true) })
        #expect(try folder.discover(now: Clock.now).ready.isEmpty)
        let again = try folder.discover(now: Clock.now + 10 * Self.minute).ready
        #expect(Set(again.map(\.name)) == Set(aside.map(\.name)))
        #expect(again.count == aside.count)
    }
}
