import Delta
import Foundation
import Tables
import Testing

/// `assay optimize` and `assay vacuum` on tables that they are given by folder.
@Suite struct TableCommandTests {
    private let assay: Assay

    init() throws { assay = try Assay() }

    private func finish() { assay.remove() }

    @Test(arguments: ["optimize", "vacuum"]) func sayWhatIsNoTable(_ command: String) throws {
        defer { finish() }
        try assay.write("PAR1", to: "x.parquet")
        try assay.write("a\n", to: "folder/a.csv")
        for project in [false, true] {
            if project { #expect(try assay("init").status == 0) }
            for path in ["x.parquet", "folder"] {
                let run = try assay(command, path)
                #expect(run.status == 2)
                #expect(run.errors == "error: \"\(path)\" is no Delta table: there is no folder _delta_log in it\n")
            }
        }
    }

    /// What was done is told, whatever else could not be.
    @Test func tellWhatWasDoneAndWhatNot() throws {
        defer { finish() }
        let folder = assay.folder.appendingPathComponent("t").path
        let schema = DeltaSchema([DeltaField("p", .string), DeltaField("v", .float)])
        let table = try DeltaTable.create(folder, schema: schema, partitionedBy: ["p"], now: 1_700_000_000_000_000)
        for (number, part) in ["a", "a", "b", "b"].enumerated() {
            // Files of the second partition hold numbers of 64 bits.
            let stored = DeltaSchema([DeltaField("v", part == "a" ? .float : .double)])
            let writer = try DataFileWriter(
                table: table, schema: stored, partitionedBy: [], stem: "x\(number)", time: Int64(number))
            try writer.append(Batch(ordinal: 0, rowCount: 1, columns: [Column(.float64, [.float(0.1)])]))
            let file = try #require(writer.finish().first)
            try file.publish()
            let add = AddFile(
                path: file.add.path, partitionValues: ["p": part], size: file.add.size, modificationTime: Int64(number))
            _ = try table.commit([add], of: AppTransaction(appID: "a", version: Int64(number)), now: 1)
        }
        try FileManager.default.createDirectory(
            atPath: "\(folder)/_delta_log/_last_checkpoint", withIntermediateDirectories: false)
        let run = try assay("optimize", "t")
        #expect(run.status == 3)
        #expect(run.output.hasPrefix("t: 2 files ("))
        #expect(run.output.hasSuffix(", version 5\n"))
        let errors = run.errors.split(separator: "\n").map(String.init)
        #expect(
            errors.first
                == "error: t: the file part-00000-x2.parquet was left as it is: column 'v', row 1: the value is none of the "
                + "type that the file's schema has [schema-mismatch]")
        #expect(errors.contains { $0.hasPrefix("error: t/_delta_log/_last_checkpoint: ") }, "\(run.errors)")
    }
}
