import Delta
import Foundation
import Tables

/// A Delta table in the folder of a test: version 1 has the numbers 1 through 4, version 2 adds 5 and 6.
struct DeltaFixture {
    static let name = "tables/numbers"

    private static let start: Int64 = 1_700_000_000_000_000
    private static let schema = DeltaSchema([
        DeltaField("n", .integer, isNullable: false), DeltaField("day", .date), DeltaField("note", .string),
    ])

    let table: DeltaTable

    init(_ assay: Assay) throws {
        let folder = assay.folder.appendingPathComponent(Self.name).path
        table = try DeltaTable.create(
            folder, schema: Self.schema, partitionedBy: ["day"], properties: ["delta.appendOnly": "true"],
            now: Self.start)
        for (number, range) in [1...4, 5...6].enumerated() { try append(range, batch: number) }
        // Versions are as old as the files of their commits.
        for version in 0...2 {
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 1_700_000_000 + Double(version) * 86_400)],
                ofItemAtPath: folder + "/_delta_log/0000000000000000000\(version).json")
        }
    }

    private func append(_ numbers: ClosedRange<Int>, batch: Int) throws {
        let writer = try DataFileWriter(
            table: table, schema: Self.schema, partitionedBy: ["day"], stem: "b\(batch)", time: Int64(batch))
        let notes: [Value] = numbers.map { $0 % 4 == 0 ? .missing : .text("é \($0)") }
        try writer.append(
            Batch(
                ordinal: 0, rowCount: numbers.count,
                columns: [
                    Column(.int64, numbers.map { .integer(Int128($0)) }),
                    Column(.date, numbers.map { _ in .date(days: 19_675 + batch) }), Column(.string, notes),
                ]))
        let files = try writer.finish()
        for file in files { try file.publish() }
        _ = try table.commit(
            files.map(\.add), of: AppTransaction(appID: "fixture", version: Int64(batch)), now: Self.start)
    }

    /// Deletes the first row of the first file, by a vector in the log.
    func deleteFirstRow(_ assay: Assay) throws {
        let snapshot = try table.snapshot()
        guard let file = snapshot.files.first else { return }
        // One bitmap, one container, the row 0.
        let vector = DeletionVectorDescriptor(
            storage: .inline, pathOrInline: "^Bg9^0rr910000000000iXQKl0rr91000005c8Xg00000", offset: nil,
            sizeInBytes: 34,
            cardinality: 1)
        let added = AddFile(
            path: file.path, partitionValues: file.partitionValues, size: file.size,
            modificationTime: file.modificationTime, stats: file.stats, deletionVector: vector)
        let version = TableProtocol(
            minReaderVersion: 3, minWriterVersion: 7, readerFeatures: ["deletionVectors"],
            writerFeatures: ["appendOnly", "deletionVectors"])
        let actions: [Action] = [
            .protocol(version), .remove(RemoveFile(file, at: 1)), .add(added),
        ]
        try assay.write(
            actions.map { $0.json.text() }.joined(separator: "\n"),
            to: "\(Self.name)/_delta_log/00000000000000000003.json")
    }
}
