import Foundation
import Tables
import TestSupport
import Testing

@testable import Formats

#if os(Linux)
    /// Tables of more files than a process may have open.
    @Suite struct ManyFilesTests {
        private func openCount(below folder: String) throws -> Int {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count { descriptor in
                (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)"))?
                    .hasPrefix(folder) ?? false
            }
        }

        @Test(arguments: [("csv", "a\n1\n"), ("jsonl", "{\"a\":1}\n")]) func areNotHeldOpen(
            _ ending: String, _ text: String
        ) throws {
            let scratch = try Scratch()
            let files = try (0..<300).map { try scratch.file(text, "\($0).\(ending)") }
            let source = try DataFiles.open(files, format: nil, csv: CSVOptions(), json: JSONOptions())
            #expect(try openCount(below: scratch.directory) == 0)
            let worker = try source.open(Projection([0: .values]), ordinals: nil).makeWorker()
            var rows = 0
            while let batch = try worker.next() { rows += batch.rowCount }
            #expect(rows == 300)
        }

        /// A file that grew since it was looked at ends where it ended then, as one that is held open does.
        @Test func mayGrow() throws {
            let scratch = try Scratch()
            let files = try (0..<300).map { try scratch.file("a\n1\n", "\($0).csv") }
            let source = try DataFiles.open(files, format: nil, csv: CSVOptions(), json: JSONOptions())
            let handle = try #require(FileHandle(forWritingAtPath: files[7]))
            try handle.seekToEnd()
            try handle.write(contentsOf: Data("2\n".utf8))
            try handle.close()
            let worker = try source.open(Projection([0: .values]), ordinals: nil).makeWorker()
            var rows = 0
            while let batch = try worker.next() { rows += batch.rowCount }
            #expect(rows == 300)
        }
    }
#endif
