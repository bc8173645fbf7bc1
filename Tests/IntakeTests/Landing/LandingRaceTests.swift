import Dispatch
import Foundation
import Intake
import Tables
import TestSupport
import Testing

/// Threads that write while others discover: each file comes once, and whole.
@Suite struct LandingRaceTests {
    private static let filesPerWriter = 150
    private static let row = "{\"writer\":1,\"text\":\"0123456789012345678901234567890123456789\"}\n"

    private enum Way {
        case rename
        case closeAfterPieces
    }

    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test(arguments: [false, true]) func findsEachFileOnceAndWhole(_ isRecursive: Bool) throws {
        // Nobody waits so long: only what is seen to be complete is read.
        var options = LandingOptions(folder: scratch.directory, settle: .seconds(3_600))
        options.isRecursive = isRecursive
        options.relist = .zero
        // What is finished in a folder that nobody watches yet has to settle.
        if isRecursive { for number in 0..<4 { try scratch.folder("w\(number)") } }
        let folder = LandingFolder(options)
        _ = try folder.discover(now: Clock.now)
        // Threads of their own: the pool's may be fewer than those that discover.
        let writers = DispatchGroup()
        for (number, way) in [Way.rename, .closeAfterPieces, .rename, .closeAfterPieces].enumerated() {
            writers.enter()
            let thread = Thread { [scratch] in
                Self.write(scratch, number, way, in: isRecursive ? "w\(number)/" : "")
                writers.leave()
            }
            thread.start()
        }
        var found: [IntakeFile] = []
        while true {
            let isOver = writers.wait(timeout: .now()) == .success
            let ready = try folder.discover(now: Clock.now, files: 7).ready
            folder.planned(ready)
            found += ready
            if ready.isEmpty {
                if isOver { break }
                _ = folder.wait(atMost: .milliseconds(20))
            }
        }
        #expect(Set(found.map(\.name)).count == 4 * Self.filesPerWriter)
        #expect(found.count == 4 * Self.filesPerWriter)
        for file in found where file.byteCount != Int64(Self.row.utf8.count * 20) {
            Issue.record("\(file.name) was found with \(file.byteCount) bytes")
        }
    }

    private static func write(_ scratch: Scratch, _ writer: Int, _ way: Way, in folder: String) {
        for number in 0..<filesPerWriter {
            let name = "\(folder)\(writer)-\(number).jsonl"
            let written = way == .rename ? name + ".tmp" : name
            let descriptor = open(scratch.path(written), O_WRONLY | O_CREAT, 0o644)
            #expect(descriptor >= 0)
            for _ in 0..<20 {
                _ = Array(row.utf8).withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            }
            close(descriptor)
            if way == .rename { #expect(rename(scratch.path(written), scratch.path(name)) == 0) }
        }
    }
}
