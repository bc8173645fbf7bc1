import Files
import Foundation
import Tables
import Testing

@testable import Parquet

/// Tables of more files than a process may have open.
@Suite("Open files")
struct OpenFilesTests {
    /// One column of three numbers: those of any file.
    private static func file(_ numbers: [Int32] = [1, 2, 3]) -> [UInt8] {
        let element = SchemaElement(type: .int32, repetition: .required, name: "n")
        let values = numbers.flatMap { withUnsafeBytes(of: $0.littleEndian) { Array($0) } }
        return HandmadeFile(
            element, rowCount: numbers.count, pages: [.first(count: numbers.count, .plain, levels: [], values)]
        ).bytes
    }

    /// So many files like that in a folder of their own.
    private final class Folder {
        let path = FileManager.default.temporaryDirectory.appending(path: "assay-open-\(UUID().uuidString)").path
        let files: [String]

        init(_ count: Int) throws {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            let path = path
            files = (0..<count).map { "\(path)/\($0).parquet" }
            for file in files { try Data(OpenFilesTests.file()).write(to: URL(filePath: file)) }
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        #if os(Linux)
            /// The folder's files that this process has open.
            var openCount: Int {
                get throws {
                    let all = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
                    let names = all.compactMap {
                        try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")
                    }
                    return names.count { $0.hasPrefix(path) }
                }
            }
        #endif
    }

    #if os(Linux)
        @Test(arguments: [(0, 200), (1, 0)]) func holdsNoMoreThanTheLimit(_ more: Int, _ held: Int) throws {
            let folder = try Folder(ParquetSource.openFileLimit + more)
            let source = try ParquetSource(folder.files)
            #expect(try folder.openCount == held)
            let reader = try source.open(Projection([0: .values]), ordinals: nil)
            let workers = [reader.makeWorker(), reader.makeWorker()]
            var rows = 0
            var isDone = false
            while !isDone {
                isDone = true
                for worker in workers {
                    guard let batch = try worker.next() else { continue }
                    isDone = false
                    rows += batch.rowCount
                    #expect(batch.column(0).value(at: 2) == .integer(3))
                }
                let count = try folder.openCount
                guard count <= max(held, workers.count) else {
                    Issue.record("\(count) files are open")
                    return
                }
            }
            #expect(rows == 3 * folder.files.count)
        }
    #endif

    @Test func readersShareAnOpenFile() throws {
        let file = try TemporaryFile(Self.file())
        let opened = try ParquetFile(InputFile(path: file.path), staysOpen: false)
        let input = try opened.input()
        #expect(try opened.input() === input)
        let held = try ParquetFile(InputFile(path: file.path))
        #expect(try held.input() === held.input())
    }

    @Test func saysWhenAFileChangedMeanwhile() throws {
        let file = try TemporaryFile(Self.file())
        let opened = try ParquetFile(InputFile(path: file.path), staysOpen: false)
        let source = try ParquetSource([opened])
        #expect(try BatchComparison(source).rowCount == 3)
        // As long as before, but of another time.
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: file.path)
        let touched = #expect(throws: SourceError.self) { try BatchComparison(source) }
        #expect(touched?.code == "truncated")
        #expect(touched?.message == "the file changed while the table was read")
        #expect(touched?.place == file.path)
        try file.write(Self.file([1, 2, 3, 4]))
        #expect(throws: SourceError.self) { try BatchComparison(source) }
        try FileManager.default.removeItem(atPath: file.path)
        let gone = #expect(throws: SourceError.self) { try BatchComparison(source) }
        #expect(gone?.code == "not-found")
    }
}
