import Files
import Formats
import Foundation
import Intake
import Parquet
import Tables
import TestSupport
import Testing

/// Planned files as one table.
@Suite struct IntakeSourceTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private let schema = KeptSchema(declared: [
        ("id", .int64), ("amount", .decimal(precision: 12, scale: 2)), ("country", .string),
    ])

    private func open(
        _ names: [String], _ change: (inout IntakeOptions) -> Void = { _ in }
    ) throws -> IntakeSource {
        var options = IntakeOptions()
        change(&options)
        return try IntakeSource.open(try names.map { try scratch.planned($0) }, schema: schema, options: options)
    }

    private func writeParquet(_ name: String, _ columns: [(String, LogicalType, [Value])]) throws {
        let schema = Schema(columns.map { Field($0.0, $0.1) })
        let file = try OutputFile(path: scratch.path(name))
        let writer = try ParquetWriter(to: file, schema: ParquetSchema(schema))
        try writer.append(columns: columns.map { Column($0.1, $0.2) }, rowCount: columns[0].2.count)
        _ = try writer.finish()
        try file.commit()
    }

    @Test func givesTheKeptColumnsWhateverTheFilesHave() throws {
        try scratch.file("country,id\nDE,1\nFR,2\n", "a.csv")
        try scratch.file("amount;id\n1.50;3\n", "b.csv")
        try scratch.file("{\"id\":4,\"amount\":2.25}\n{\"country\":\"IT\"}\n", "c.jsonl")
        try scratch.file("[{\"id\":5}, {\"id\":6}]", "d.json")
        try writeParquet(
            "e.parquet", [("country", .string, [.text("ES"), .missing]), ("id", .int64, [.integer(7), .integer(8)])])
        try scratch.file("id\n9\n", "f.csv")
        let source = try open(["a.csv", "b.csv", "c.jsonl", "d.json", "e.parquet", "f.csv"])
        let wanted = [
            "id=1 country=DE", "id=2 country=FR", "id=3 amount=1.50", "id=4 amount=2.25", "country=IT", "id=5", "id=6",
            "id=7 country=ES", "id=8", "id=9",
        ]
        #expect(try source.lines() == wanted)
        #expect(try source.lines(workers: 3) == wanted)
        #expect(source.schema == schema.schema)
        #expect(source.partitions.map(\.name) == ["a.csv", "b.csv", "c.jsonl", "d.json", "e.parquet", "f.csv"])
        let batches = try source.batches(workers: 2)
        #expect(batches.map(\.ordinal) == [0, 1, 2, 3, 4, 5] && batches.map(\.partition) == [0, 1, 2, 3, 4, 5])
        #expect(try source.batches(ordinals: [1, 4]).map(\.ordinal) == [1, 4])
    }

    @Test func readsParquetOfOtherTypes() throws {
        try writeParquet(
            "a.parquet",
            [
                ("id", .string, [.text("1"), .text("one")]), ("amount", .float64, [.float(1.5), .float(0.125)]),
                ("country", .int64, [.integer(49), .missing]), ("new", .boolean, [.boolean(true), .missing]),
            ])
        #expect(
            try open(["a.parquet"]).lines() == [
                #"id=1 amount=1.50 country=49 {"new":true}"#, #"id=?one amount=?0.125 {"id":"one","amount":"0.125"}"#,
            ])
    }

    @Test func numbersBatchesThrough() throws {
        let rows = (0..<500).map { "{\"id\":\($0)}\n" }.joined()
        for name in ["a.jsonl", "c.jsonl"] { try scratch.file(rows, name) }
        try scratch.file("id\n" + (0..<500).map { "\($0)\n" }.joined(), "b.csv")
        let source = try open(["a.jsonl", "b.csv", "c.jsonl"]) {
            ($0.csv.chunkBytes, $0.json.chunkBytes) = (256, 256)
        }
        let once = try source.batches()
        #expect(once.map(\.ordinal) == Array(0..<once.count) && once.count > 30)
        #expect(once.reduce(0) { $0 + $1.rowCount } == 1_500)
        let again = try source.batches(workers: 4)
        #expect(again.map(\.ordinal) == once.map(\.ordinal) && again.map(\.rowCount) == once.map(\.rowCount))
        #expect(again.map { $0.offsets[0] } == once.map { $0.offsets[0] })
    }

    @Test func threadsGetAllBatchesOnce() async throws {
        let rows = (0..<2_000).map { "{\"id\":\($0)}\n" }.joined()
        for number in 0..<3 {
            try scratch.file(rows, "\(number)a.jsonl")
            try scratch.file("id\n1\n2\n", "\(number)b.csv")
        }
        let source = try open((0..<3).flatMap { ["\($0)a.jsonl", "\($0)b.csv"] }) { $0.json.chunkBytes = 512 }
        let reader = try source.open(source.everything, ordinals: nil)
        let ordinals = await withTaskGroup(of: [Int].self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let worker = reader.makeWorker()
                    var ordinals: [Int] = []
                    while let batch = try? worker.next() { ordinals.append(batch.ordinal) }
                    return ordinals
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(ordinals.sorted() == Array(0..<ordinals.count))
        #expect(try source.batches().count == ordinals.count)
    }

    @Test func readsPackedFilesAndNothing() throws {
        let packed = Data(base64Encoded: "H4sIAAAAAAACA6tWykxRsjKs5QIAVG2d2QkAAAA=")
        try scratch.file(Array(packed ?? Data()), "a.jsonl.gz")
        try scratch.file("", "b.jsonl")
        try scratch.file("", "c.csv")
        try scratch.file("\u{FEFF}  \n\n", "d.jsonl")
        #expect(try open(["b.jsonl", "c.csv", "d.jsonl"]).lines().isEmpty)
        #expect(try open([]).lines().isEmpty)
        #expect(try open(["b.jsonl", "a.jsonl.gz"]).lines(workers: 2) == ["id=1"])
    }

    /// What is read has the types that were kept; who reads is told which ones its values want.
    @Test func tellsOfWiderTypes() throws {
        try scratch.file("id\n99999999999999999999\n1.5\nx\n", "a.csv")
        let file = try scratch.planned("a.csv")
        var seen = SeenColumns()
        seen.take("id", .type(.int64))
        let kept = try KeptSchema().evolving(with: seen, mode: .addNewColumns, file: "").schema
        let source = try IntakeSource.open([file], schema: kept)
        #expect(
            try source.lines() == [
                #"id=?99999999999999999999 {"id":"99999999999999999999"}"#, #"id=?1.5 {"id":"1.5"}"#,
                #"id=?x {"id":"x"}"#,
            ])
        let worker = try source.open(source.everything, ordinals: nil).makeWorker()
        while try worker.next() != nil {}
        #expect(worker.widenings == [0: .decimal(precision: 38, scale: 1)])
        #expect(source.retyping([0: .string], origin: .inferred) == nil)
        let final = try IntakeSource.open([file], schema: kept.fixing("id", as: .int64))
        let other = try final.open(final.everything, ordinals: nil).makeWorker()
        while try other.next() != nil {}
        #expect(other.widenings.isEmpty)
    }
}

/// Files that aren't what was planned, or aren't what their names say.
@Suite struct UnreadableFilesTests {
    private let scratch: Scratch
    private let schema = KeptSchema(declared: [("id", .int64)])

    init() throws { scratch = try Scratch() }

    private func failure(_ files: [IntakeFile], mayGrow: Bool = false, during: () throws -> Void = {}) throws
        -> SourceError?
    {
        var options = IntakeOptions()
        options.filesMayGrow = mayGrow
        do throws(SourceError) {
            let source = try IntakeSource.open(files, schema: schema, options: options)
            try? during()
            _ = try source.batches()
            try source.check()
            return nil
        } catch { return error }
    }

    @Test func readsOnlyWhatWasPlanned() throws {
        try scratch.file("{\"id\":1}\n", "a.jsonl")
        let file = try scratch.planned("a.jsonl")
        try scratch.append("{\"id\":2}\n", to: "a.jsonl")
        let error = try #require(try failure([file]))
        #expect(error.code == "changed" && error.partition == 0 && error.mayHelpToRetry)
        #expect(error.message == "somebody wrote to the file after it was listed")
        // A segment may get longer; what it got is not read.
        #expect(try failure([file], mayGrow: true) == nil)
        var options = IntakeOptions()
        options.filesMayGrow = true
        #expect(try IntakeSource.open([file], schema: schema, options: options).lines() == ["id=1"])
    }

    @Test func knowsAnotherFileOfTheName() throws {
        try scratch.file("{\"id\":1}\n", "a.jsonl")
        try scratch.file("{\"id\":1}\n", "b.jsonl")
        let files = [try scratch.planned("b.jsonl"), try scratch.planned("a.jsonl")]
        try scratch.file("{\"id\":2}\n", "c")
        try scratch.rename("c", to: "a.jsonl")
        let error = try #require(try failure(files))
        #expect(error.code == "changed" && error.partition == 1)
        #expect(error.message == "another file has the name now")
        try scratch.remove("a.jsonl")
        #expect(mkfifo(scratch.path("a.jsonl"), 0o644) == 0)
        #expect(try failure(files)?.code == "changed")
        try scratch.remove("a.jsonl")
        #expect(try failure(files)?.code == "not-found")
    }

    @Test func noticesAFileThatShrinks() throws {
        let rows = String(repeating: "{\"id\":1}\n", count: 400_000)
        try scratch.file(rows, "a.jsonl")
        let file = try scratch.planned("a.jsonl")
        let error = try failure([file]) { truncate(scratch.path("a.jsonl"), 1_000_000) }
        #expect(error?.code == "truncated" && error?.partition == 0)
    }

    @Test func noticesAFileThatIsOverwrittenInPlace() throws {
        try scratch.file("{\"id\":1}\n", "a.jsonl")
        let file = try scratch.planned("a.jsonl")
        #expect(try failure([file]) { try scratch.file("{\"id\":2}\n", "a.jsonl") }?.code == "changed")
    }

    static let broken: [(name: String, bytes: [UInt8], code: String)] = [
        ("x.jsonl.gz", Array("no gzip".utf8), "corrupt"),
        ("x.csv.gz", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0x4B], "truncated"),
        ("x.jsonl.zst", Array("no zstd".utf8), "corrupt"), ("x.parquet", Array("no parquet".utf8), "not-parquet"),
        ("x.parquet", [], "not-parquet"), ("x.csv", Array("PAR1".utf8), "not-text"),
        ("x.csv", Array("id,id\n1,2\n".utf8), "duplicate-column"), ("x.csv", Array("id\n\"1\n".utf8), "unclosed-quote"),
        ("x.jsonl", [0xFF, 0xFE, 0x7B, 0], "utf-16"),
    ]

    @Test(arguments: broken.indices) func namesTheFile(_ index: Int) throws {
        let (name, bytes, code) = Self.broken[index]
        try scratch.file("{\"id\":1}\n", "a.jsonl")
        try scratch.file(bytes, name)
        try scratch.file("id\n2\n", "z.csv")
        let (first, broken, last) = (
            try scratch.planned("a.jsonl"), try scratch.planned(name), try scratch.planned("z.csv")
        )
        let error = try #require(try failure([first, broken, last]))
        #expect(error.code == code && error.partition == 1)
        // The look at its beginning says so, too, and doesn't mind the others.
        let looks = FileSample.look(at: [first, broken, last], isFirst: true, options: IntakeOptions())
        #expect(looks.map { $0.error != nil } == [false, true, false] || code == "unclosed-quote")
        #expect(looks[2].columns.columns.map(\.name) == ["id"])
        // Without it, the others are read.
        #expect(try IntakeSource.open([first, last], schema: schema).lines() == ["id=1", "id=2"])
    }
}
