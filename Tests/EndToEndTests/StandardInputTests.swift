import Foundation
import TestSupport
import Testing

/// Records that come through a pipe to `assay run`.
struct StandardInputTests {
    /// Told to stop while a producer writes on, a run keeps what it has read; the next one goes on with the next line.
    @Test(.timeLimit(.minutes(10))) func losesNothingOfALivePipeWhenItIsStopped() throws {
        let assay = try Assay()
        defer { assay.remove() }
        try assay.write(
            """
            store: data/assay.db
            assets: {silver.p: {delta: data/silver}}
            pipelines:
              p: {source: {stdin: true}, silver: {asset: silver.p}}
            """, to: "assay.yaml")
        let pipe = Pipe()
        let total = 30_000
        let producer = Thread {
            for number in 0..<total {
                // In two pieces: somebody is stopped in the middle of a line.
                for piece in ["{\"id\":", "\(number)}\n"] {
                    try? pipe.fileHandleForWriting.write(contentsOf: Data(piece.utf8))
                }
                if number % 100 == 0 { Thread.sleep(forTimeInterval: 0.005) }
            }
            try? pipe.fileHandleForWriting.close()
        }
        producer.start()
        for _ in 0..<4 {
            let process = Process()
            process.executableURL = Assay.binary
            process.arguments = ["run", "--quiet"]
            process.currentDirectoryURL = assay.folder
            process.standardInput = pipe.fileHandleForReading
            let errors = Pipe()
            (process.standardOutput, process.standardError) = (FileHandle.nullDevice, errors)
            try process.run()
            Thread.sleep(forTimeInterval: 0.35)
            process.terminate()
            let said = String(decoding: errors.fileHandleForReading.everything(), as: UTF8.self)
            process.waitUntilExit()
            #expect(process.terminationStatus == 0, "\(said)")
            #expect(said.isEmpty)
        }
        let last = Process()
        last.executableURL = Assay.binary
        last.arguments = ["run", "--quiet"]
        last.currentDirectoryURL = assay.folder
        last.standardInput = pipe.fileHandleForReading
        try last.run()
        last.waitUntilExit()
        #expect(last.terminationStatus == 0)
        try assay.write(
            """
            suite: s
            asset: silver.p
            columns: {id: {required: true, unique: true}}
            expectations:
              - expect_table_row_count_to_equal: {value: \(total)}
            """, to: "expectations/s.yaml")
        let judged = try assay("validate", "s")
        #expect(judged.status == 0, "\(judged.output)\(judged.errors)")
    }
}
