import Files
import Foundation
import Tables
import TestSupport
import Testing

@testable import Delta
@testable import Parquet

/// What deltalake doesn't write: deletion vectors, mapped columns, widened types, checkpoints of the second form.
@Suite struct DeltaSourceTests {
    private let folder: Scratch
    private var path: String { folder.directory + "/t" }

    init() throws { folder = try Scratch() }

    /// A table of numbers 0 ..< count in one file, whose log is written by hand from then on.
    private func numbers(_ count: Int, _ name: String = "n") throws -> (table: DeltaTable, file: AddFile) {
        let schema = DeltaSchema([DeltaField(name, .integer)])
        let table = try DeltaTable.create(path, schema: schema, now: WrittenTable.now)
        let writer = try DataFileWriter(table: table, schema: schema, partitionedBy: [], stem: "x", time: 1)
        try writer.append(WrittenTable.batch((0..<count).map { [.integer(Int128($0))] }, schema))
        let file = try #require(try writer.finish().first)
        try file.publish()
        return (table, file.add)
    }

    private func rewrite(_ lines: [String]) throws {
        try folder.file(lines.joined(separator: "\n"), "t/" + LogFixture.name(0))
    }

    private func rows() throws -> [[String?]] { try ReadRows(DeltaTable(path).snapshot()).rows }

    private static func schema(_ type: String, name: String = "n", metadata: String = "{}") -> String {
        #"{"type":"struct","fields":[{"name":"\#(name)","type":"\#(type)","nullable":true,"metadata":\#(metadata)}]}"#
    }

    /// Types that nobody reads here are no reason not to read the rest; what isn't known of them is known to be so.
    @Test(arguments: ["variant", "interval day to second", "geometry(OGC:CRS84)"])
    func readsWhatStandsBesideForeignTypes(_ type: String) throws {
        let (_, file) = try numbers(3)
        func field(_ name: String, _ type: String) -> String {
            #"{"name":"\#(name)","type":\#(type),"nullable":true,"metadata":{}}"#
        }
        let inner = #"{"type":"struct","fields":[\#(field("x", "\"\(type)\"")),\#(field("y", "\"long\""))]}"#
        let fields = [
            field("v", "\"\(type)\""), field("n", #""integer""#), field("c", #""char(3)""#),
            field("w", #""varchar(5)""#),
            field("o", #""void""#), field("s", inner),
        ]
        let schema = #"{"type":"struct","fields":[\#(fields.joined(separator: ","))]}"#
        try rewrite([
            LogFixture.version(3, 7, features: ["variantType", "variantType-preview", "variantShredding-preview"]),
            LogFixture.metadata(schema: schema), Action.add(file).json.text(),
        ])
        let snapshot = try DeltaTable(path).snapshot()
        #expect(snapshot.schema.json.text() == schema)
        let source = try DeltaSource(snapshot)
        #expect(source.schema.names == ["v", "n", "c", "w", "o", "s", "s.x", "s.y"])
        let refused = source.schema.fields.indices.filter { source.refusal(ofColumn: $0) != nil }
        #expect(refused.map { source.schema.fields[$0].name } == ["v", "s", "s.x"])
        let message = "\(path): the column \"v\" has the type \(type), which is not read here [unsupported-feature]"
        #expect(source.refusal(ofColumn: 0)?.summary == message)
        let error = #expect(throws: SourceError.self) { try source.open(Projection([0: .values]), ordinals: nil) }
        #expect(error?.summary == message)
        var projection = Projection()
        for column in [1, 2, 3, 4, 7] { projection.add([.values, .text], of: column) }
        let batch = try #require(try source.open(projection, ordinals: nil).makeWorker().next())
        #expect((0..<3).map { batch.column(1).value(at: $0) } == [.integer(0), .integer(1), .integer(2)])
        for column in [2, 3, 4, 7] { #expect(batch.column(column).present.isEmpty) }
        #expect(snapshot.writingRefusal != nil)
    }

    @Test(arguments: ["variant", "void", "char(3)"]) func writesNoForeignTypes(_ type: String) throws {
        _ = try numbers(3)
        try rewrite([LogFixture.version(), LogFixture.metadata(schema: Self.schema(type))])
        let table = try DeltaTable(path)
        let error = DeltaError(
            .unsupportedFeature, "the column \"n\" has the type \(type), which is not written here", place: path,
            hint: "the table can be read")
        #expect(throws: error) { try table.transaction() }
        #expect(throws: error) { try table.optimize(now: WrittenTable.now) }
        #expect(throws: error) {
            try DataFileWriter(table: table, schema: table.snapshot().schema, partitionedBy: [], stem: "x", time: 0)
        }
    }

    /// Who asks the log alone gets the same error as who reads the file.
    @Test(arguments: [true, false]) func refusesFilesOfAnotherSize(_ opens: Bool) throws {
        let (_, file) = try numbers(3)
        let other = AddFile(
            path: file.path, partitionValues: [:], size: file.size + 1, modificationTime: 1,
            stats: #"{"numRecords":30}"#)
        try rewrite([
            LogFixture.version(), LogFixture.metadata(schema: Self.schema("integer")), Action.add(other).json.text(),
        ])
        let snapshot = try DeltaTable(path).snapshot()
        let error = #expect(throws: SourceError.self) {
            _ = opens ? try DeltaSource(snapshot) : try DeltaSource(deferring: snapshot)
        }
        #expect(
            error?.summary
                == "\(path)/\(file.path): it is \(file.size) bytes long, and the log says \(file.size + 1) [corrupt]"
        )
    }

    @Test(arguments: [true, false]) func refusesTablesWhoseFilesAreGone(_ opens: Bool) throws {
        let (table, file) = try numbers(3)
        try rewrite([
            LogFixture.version(), LogFixture.metadata(schema: Self.schema("integer")), Action.add(file).json.text(),
        ])
        try FileManager.default.removeItem(atPath: "\(path)/\(file.path)")
        let snapshot = try table.snapshot()
        let error = #expect(throws: SourceError.self) {
            _ = opens ? try DeltaSource(snapshot) : try DeltaSource(deferring: snapshot)
        }
        #expect(error?.summary == "\(path)/\(file.path): the data file is not there [not-found]")
        #expect(
            error?.hint
                == "a vacuum removes files that only older versions need: where it did, newer ones can still be read")
    }

    @Test func refusesFilesWithOtherRowsThanTheLogSays() throws {
        let (_, file) = try numbers(3)
        let other = AddFile(
            path: file.path, partitionValues: [:], size: file.size, modificationTime: 1, stats: #"{"numRecords":30}"#)
        try rewrite([
            LogFixture.version(), LogFixture.metadata(schema: Self.schema("integer")), Action.add(other).json.text(),
        ])
        let error = #expect(throws: SourceError.self) { try rows() }
        #expect(error?.summary == "\(path)/\(file.path): it has 3 rows, and the log says 30 [corrupt]")
    }

    /// A table's files lie in its folder, or have absolute paths.
    @Test func refusesFilesOutsideOfTheFolder() throws {
        let (_, file) = try numbers(3)
        try rewrite([
            LogFixture.version(), LogFixture.metadata(schema: Self.schema("integer")),
            LogFixture.add("../t/\(file.path)", size: Int(file.size)),
        ])
        let error = #expect(throws: SourceError.self) { try rows() }
        #expect(
            error?.summary
                == "\(path): the log names a file by a path with \"..\" in it: ../t/\(file.path) [corrupt]")
        #expect(error?.hint == "files outside of the table's folder have absolute paths")
        #expect(throws: DeltaError.self) { try DeltaTable(path).vacuum(isRehearsal: true, now: 1) }
    }

    @Test(arguments: [false, true]) func leavesDeletedRowsOut(_ isInline: Bool) throws {
        let (_, file) = try numbers(70_000)
        let deleted = Set<UInt64>([0, 3, 4, 40_000]).union(50_000..<50_100)
        let bytes = VectorWriter.bytes(deleted, runs: true)
        let vector: DeletionVectorDescriptor
        if isInline {
            vector = DeletionVectorDescriptor(
                storage: .inline, pathOrInline: Z85.encode(bytes), offset: nil, sizeInBytes: Int32(bytes.count),
                cardinality: Int64(deleted.count))
        } else {
            let made = VectorWriter.file([VectorWriter.bytes([1]), bytes])
            try folder.file(made.bytes, "t/deletion_vector_00070e15-1c23-2a31-383f-464d545b6269.bin")
            vector = DeletionVectorDescriptor(
                storage: .relative, pathOrInline: Z85.encode((0..<16).map { $0 * 7 }), offset: made.offsets[1],
                sizeInBytes: Int32(bytes.count), cardinality: Int64(deleted.count))
        }
        let add = AddFile(
            path: file.path, partitionValues: [:], size: file.size, modificationTime: 1, stats: file.stats,
            deletionVector: vector)
        try rewrite([
            LogFixture.version(3, 7, features: ["deletionVectors"]),
            LogFixture.metadata(schema: Self.schema("integer")),
            Action.add(add).json.text(),
        ])
        let snapshot = try DeltaTable(path).snapshot()
        #expect(snapshot.rowCount == 70_000 - deleted.count)
        let kept = (0..<70_000).filter { !deleted.contains(UInt64($0)) }
        #expect(try ReadRows(snapshot, workers: 2).rows.map { $0[0].flatMap { Int($0) } } == kept)
        let source = try DeltaSource(snapshot)
        // Samples name rows as the file has them.
        for row in [0, 1, 2, 39_996, 39_997, 49_996, 60_000] { #expect(source.storedRow(row, in: 0) == kept[row]) }
        #expect(source.statistics(ofPartition: 0)?.columns["n"]?.isExact == false)
        // A file of which no row is left.
        let all = VectorWriter.bytes(Set(0..<70_000), runs: true)
        let nothing = DeletionVectorDescriptor(
            storage: .inline, pathOrInline: Z85.encode(all), offset: nil, sizeInBytes: Int32(all.count),
            cardinality: 70_000)
        try folder.file(
            Action.remove(RemoveFile(add, at: 1)).json.text() + "\n"
                + Action.add(
                    AddFile(
                        path: file.path, partitionValues: [:], size: file.size, modificationTime: 1,
                        deletionVector: nothing)
                ).json.text(), "t/" + LogFixture.name(1))
        #expect(try rows().isEmpty)
    }

    @Test(arguments: [[9], [10], Array(0..<11), [1, 1 << 32]])
    func refusesVectorsOfLongerFiles(_ deleted: [UInt64]) throws {
        let (_, file) = try numbers(10)
        let bytes = VectorWriter.bytes(Set(deleted))
        let vector = DeletionVectorDescriptor(
            storage: .inline, pathOrInline: Z85.encode(bytes), offset: nil, sizeInBytes: Int32(bytes.count),
            cardinality: Int64(deleted.count))
        try rewrite([
            LogFixture.version(3, 7, features: ["deletionVectors"]),
            LogFixture.metadata(schema: Self.schema("integer")),
            Action.add(
                AddFile(
                    path: file.path, partitionValues: [:], size: file.size, modificationTime: 1, deletionVector: vector)
            )
            .json.text(),
        ])
        guard let last = deleted.last, last > 9 else {
            #expect(try rows().count == 9)
            return
        }
        let error = #expect(throws: SourceError.self) { try rows() }
        #expect(error?.code == "corrupt")
        #expect(error?.message == "its deletion vector names row \(last), counted from 0, and the file has 10")
        #expect(error?.place == path + "/" + file.path)
    }

    @Test(arguments: [
        ("name", #"{"delta.columnMapping.id":7,"delta.columnMapping.physicalName":"n"}"#, ["0", "1", "2"]),
        ("name", #"{"delta.columnMapping.id":7,"delta.columnMapping.physicalName":"col-9"}"#, [nil, nil, nil]),
        ("id", #"{"delta.columnMapping.id":7,"delta.columnMapping.physicalName":"n"}"#, [nil, nil, nil]),
    ]) func findsMappedColumns(_ mode: String, _ metadata: String, _ wanted: [String?]) throws {
        let (_, file) = try numbers(3)
        try rewrite([
            LogFixture.version(2, 5),
            LogFixture.metadata(
                #"{"delta.columnMapping.mode":"\#(mode)"}"#,
                schema: Self.schema("integer", name: "a shown name", metadata: metadata)),
            Action.add(file).json.text(),
        ])
        #expect(try rows().map { $0[0] } == wanted)
        #expect(try DeltaSource(DeltaTable(path).snapshot()).schema.names == ["a shown name"])
    }

    /// Fields inside of structures, lists and maps are found by the names or numbers that the schema gives them.
    @Test(arguments: ["name", "id"]) func findsMappedColumnsInside(_ mode: String) throws {
        func field(_ name: String, _ type: String, _ physical: String, _ id: Int) -> String {
            #"{"name":"\#(name)","type":\#(type),"nullable":true,"metadata":{"delta.columnMapping.id":\#(id),"delta.columnMapping.physicalName":"\#(physical)"}}"#
        }
        func structure(_ fields: String...) -> String {
            #"{"type":"struct","fields":[\#(fields.joined(separator: ","))]}"#
        }
        let point = structure(field("x", #""integer""#, "c3", 3), field("added later", #""string""#, "c9", 9))
        let list =
            #"{"type":"array","elementType":\#(structure(field("y", #""integer""#, "c5", 5))),"containsNull":true}"#
        let map =
            #"{"type":"map","keyType":"string","valueType":\#(structure(field("z", #""integer""#, "c7", 7))),"valueContainsNull":true}"#
        // The name of one stored column is that of another one shown.
        let schema = structure(field("point", point, "c2", 2), field("list", list, "c4", 4), field("c2", map, "c6", 6))
        func leaf(_ name: String, _ id: Int32) -> SchemaNode {
            SchemaNode(name, .optional, .leaf(.int32, typeLength: 0), fieldID: id)
        }
        func group(_ name: String, _ id: Int32?, _ annotation: Annotation?, _ nodes: [SchemaNode]) -> SchemaNode {
            SchemaNode(name, .optional, .group(nodes), annotation: annotation, fieldID: id)
        }
        let stored = try ParquetSchema(fields: [
            group("c2", 2, nil, [leaf("c3", 3), leaf("dropped", 8)]),
            group(
                "c4", 4, .list, [SchemaNode("list", .repeated, .group([group("element", nil, nil, [leaf("c5", 5)])]))]),
            group(
                "c6", 6, .map,
                [
                    SchemaNode(
                        "key_value", .repeated,
                        .group([
                            SchemaNode("key", .required, .leaf(.byteArray, typeLength: 0), annotation: .string),
                            group("value", nil, nil, [leaf("c7", 7)]),
                        ]))
                ]),
        ])
        let log = try LogFixture()
        let output = try OutputFile(path: log.table + "/a.parquet")
        let writer = try ParquetWriter(to: output, schema: stored)
        let texts = [#"{"c3":1,"dropped":2}"#, #"[{"c5":3}]"#, #"{"k":{"c7":4}}"#]
        try writer.append(
            columns: texts.map { Column(type: .string, present: Bitmap([true]), values: .text(TextCells([$0]))) },
            rowCount: 1)
        _ = try writer.finish()
        try output.commit()
        try log.commit(
            0,
            [
                LogFixture.version(2, 5),
                LogFixture.metadata(#"{"delta.columnMapping.mode":"\#(mode)"}"#, schema: schema),
                LogFixture.add("a.parquet", size: Int(InputFile(path: log.folder.path("a.parquet")).byteCount)),
            ])
        let snapshot = try DeltaTable(log.table).snapshot()
        #expect(try DeltaSource(snapshot).schema.names == ["point", "point.x", "point.added later", "list", "c2"])
        let row = try #require(try ReadRows(snapshot).rows.first)
        #expect(row == [#"{"x":1,"added later":null}"#, #"[{"y":3}]"#, #"{"k":{"z":4}}"#].map { Optional($0) })
        let worker = try DeltaSource(snapshot).open(Projection([1: .values, 2: .values]), ordinals: nil).makeWorker()
        let batch = try #require(try worker.next())
        #expect(batch.column(1).value(at: 0) == .integer(1))
        #expect(batch.column(2).value(at: 0) == .missing)
    }

    @Test func findsColumnsInAnotherCase() throws {
        let (_, file) = try numbers(3, "Straße")
        try rewrite([
            LogFixture.version(), LogFixture.metadata(schema: Self.schema("integer", name: "STRAßE")),
            Action.add(file).json.text(),
        ])
        #expect(try rows().map { $0[0] } == ["0", "1", "2"])
        let source = try DeltaSource(DeltaTable(path).snapshot())
        #expect(source.schema.names == ["STRAßE"])
        #expect(source.outlines.first?.columns[0]?.missingCount == 0)
    }

    /// Two columns of the file fit none of which is spelled as the table's, or one is.
    @Test func saysWhenCaseAloneTellsColumnsApart() throws {
        let schema = DeltaSchema([DeltaField("ab", .integer), DeltaField("aB", .integer)])
        let table = try DeltaTable.create(path, schema: DeltaSchema([DeltaField("n", .integer)]), now: WrittenTable.now)
        let writer = try DataFileWriter(table: table, schema: schema, partitionedBy: [], stem: "x", time: 1)
        try writer.append(WrittenTable.batch([[.integer(1), .integer(2)]], schema))
        let file = try #require(try writer.finish().first)
        try file.publish()
        func log(_ name: String) throws {
            try rewrite([
                LogFixture.version(), LogFixture.metadata(schema: Self.schema("integer", name: name)),
                Action.add(file.add).json.text(),
            ])
        }
        try log("aB")
        #expect(try rows() == [["2"]])
        try log("AB")
        #expect(try DeltaSource(DeltaTable(path).snapshot()).outlines.isEmpty)
        let error = #expect(throws: SourceError.self) { try rows() }
        #expect(error?.code == "schema-mismatch")
        #expect(error?.message == "the file has 2 columns whose names differ from \"AB\" only in case")
    }

    @Test func refusesUnknownMappings() throws {
        let (_, file) = try numbers(3)
        try rewrite([
            LogFixture.version(2, 5), LogFixture.metadata(#"{"delta.columnMapping.mode":"moon"}"#),
            Action.add(file).json.text(),
        ])
        let error = #expect(throws: SourceError.self) { try DeltaSource(DeltaTable(path).snapshot()) }
        #expect(error?.message == "the table maps columns by \"moon\", which is not known here")
    }

    @Test(arguments: [
        ("long", ["0", "1", "2"]), ("double", ["0.0", "1.0", "2.0"]), ("decimal(12,2)", ["0.00", "1.00", "2.00"]),
        ("decimal(38,10)", ["0.0000000000", "1.0000000000", "2.0000000000"]),
    ]) func widensTypes(_ type: String, _ wanted: [String]) throws {
        let (_, file) = try numbers(3)
        try rewrite([
            LogFixture.version(3, 7, features: ["typeWidening"]), LogFixture.metadata(schema: Self.schema(type)),
            Action.add(file).json.text(),
        ])
        #expect(try rows().map { $0[0] } == wanted)
    }

    @Test func refusesOtherTypes() throws {
        let (_, file) = try numbers(3)
        try rewrite([
            LogFixture.version(), LogFixture.metadata(schema: Self.schema("date")), Action.add(file).json.text(),
        ])
        let error = #expect(throws: SourceError.self) { try rows() }
        #expect(error?.code == "schema-mismatch")
        #expect(error?.message == "the column \"n\" is date, and the file has int64")
    }

    @Test func namesTheFileThatIsMissing() throws {
        let (_, file) = try numbers(3)
        try rewrite([LogFixture.version(), LogFixture.metadata(), Action.add(file).json.text()])
        try FileManager.default.removeItem(atPath: path + "/" + file.path)
        let error = #expect(throws: SourceError.self) { try rows() }
        #expect(error?.code == "not-found")
        #expect(error?.place == path + "/" + file.path)
    }

    @Test func readsFilesOfOtherTables() throws {
        let (_, file) = try numbers(3)
        let clone = try LogFixture()
        let absolute = AddFile(
            path: "file://" + DataPath.encoded(path + "/" + file.path), partitionValues: [:], size: file.size,
            modificationTime: 1)
        try clone.commit(
            0,
            [
                LogFixture.version(), LogFixture.metadata(schema: Self.schema("integer")),
                Action.add(absolute).json.text(),
            ])
        #expect(try ReadRows(DeltaTable(clone.table).snapshot()).rows.count == 3)
    }

    /// A checkpoint of the second form: its state in JSON, its files in a sidecar.
    @Test func readsSidecars() throws {
        let (table, file) = try numbers(3)
        var transaction = try table.transaction()
        try transaction.append([file])
        _ = try transaction.commit(now: WrittenTable.now)
        try table.checkpoint(now: WrittenTable.now)
        let log = path + "/_delta_log"
        try FileManager.default.createDirectory(atPath: log + "/_sidecars", withIntermediateDirectories: true)
        try FileManager.default.moveItem(
            atPath: LogListing.checkpointPath(1, table: path), toPath: log + "/_sidecars/part one.parquet")
        try folder.file(
            [
                #"{"checkpointMetadata":{"version":1}}"#, LogFixture.version(3, 7, features: ["v2Checkpoint"]),
                LogFixture.metadata(schema: Self.schema("integer")),
                #"{"sidecar":{"path":"part%20one.parquet","sizeInBytes":1,"modificationTime":1}}"#,
            ].joined(separator: "\n"),
            "t/_delta_log/00000000000000000001.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json")
        for version in 0...1 { try FileManager.default.removeItem(atPath: LogListing.commitPath(version, table: path)) }
        #expect(try rows().map { $0[0] } == ["0", "1", "2"])
    }

    /// A checkpoint whose statistics are columns: they are read, and the next checkpoint has them.
    @Test func keepsStatisticsOfColumns() throws {
        let log = try LogFixture()
        let bounds: [SchemaNode] = [
            .leaf("a", .int32), .leaf("d", .date), .leaf("t", .timestamp(.microseconds, isUTC: true)),
            .leaf("c", .decimal(precision: 5, scale: 2)), .leaf("f", .double), .leaf("s", .string),
        ]
        let statistics = SchemaNode.structure(
            "stats_parsed",
            [
                .leaf("numRecords", .int64), .structure("minValues", bounds), .structure("maxValues", bounds),
                .structure("nullCount", ["a", "d", "t", "c", "f", "s"].map { .leaf($0, .int64) }),
            ])
        let fields = CheckpointSchema.fields.map { node in
            guard node.name == "add" else { return node }
            return SchemaNode.structure("add", node.children.filter { $0.name != "stats" } + [statistics])
        }
        let output = try OutputFile(path: log.table + "/checkpoint.parquet")
        let writer = try ParquetWriter(to: output, schema: ParquetSchema(writing: fields))
        let values = #"{"a":1,"d":"2024-02-29","t":"2024-02-29T01:02:03.000004Z","c":1.25,"f":0.5,"s":"é"}"#
        let add =
            #"{"path":"x","partitionValues":{},"size":1,"modificationTime":1,"dataChange":true,"stats_parsed":{"numRecords":7,"minValues":\#(values),"maxValues":\#(values),"nullCount":{"a":0,"d":1,"t":2,"c":3,"f":4,"s":5}}}"#
        let schema = DeltaSchema([
            DeltaField("a", .integer), DeltaField("d", .date), DeltaField("t", .timestamp),
            DeltaField("c", .decimal(precision: 5, scale: 2)), DeltaField("f", .double), DeltaField("s", .string),
        ])
        let lines = [
            LogFixture.version(), LogFixture.metadata(schema: schema.json.text()), #"{"add":\#(add)}"#,
        ].map { JSON(text: $0) }
        try writer.append(
            columns: fields.map { node in
                let texts = lines.map { $0?[node.name]?.text() }
                return Column(type: .string, present: Bitmap(texts.map { $0 != nil }), values: .text(TextCells(texts)))
            }, rowCount: lines.count)
        _ = try writer.finish()
        try output.commit()
        try log.folder.file([], "_delta_log/x")
        try FileManager.default.moveItem(
            atPath: log.table + "/checkpoint.parquet", toPath: LogListing.checkpointPath(0, table: log.table))
        for _ in 0..<2 {
            let snapshot = try DeltaTable(log.table).snapshot()
            #expect(snapshot.rowCount == 7)
            let known = try #require(snapshot.statistics(of: snapshot.files[0]))
            #expect(known.columns["a"]?.least == .integer(1))
            #expect(known.columns["a"]?.missing == 0)
            #expect(known.columns["d"]?.greatest == .date(days: 19_782))
            #expect(known.columns["t"]?.least == .timestamp(microseconds: 1_709_168_523_000_004))
            #expect(known.columns["c"]?.greatest == .decimal(DecimalNumber(unscaled: 125, scale: 2)))
            #expect(known.columns["f"]?.least == .float(0.5))
            #expect(known.columns["s"]?.missing == 5)
            // The one that is made of it, without columns of statistics.
            try DeltaTable(log.table).checkpoint(now: 1)
        }
    }

    @Test func passesOverADamagedCheckpoint() throws {
        let (table, file) = try numbers(3)
        var transaction = try table.transaction()
        try transaction.append([file])
        _ = try transaction.commit(now: WrittenTable.now)
        try folder.file("PAR1 it is not", "t/_delta_log/00000000000000000001.checkpoint.parquet")
        try folder.file("{", "t/_delta_log/_last_checkpoint")
        #expect(try rows().count == 3)
        try FileManager.default.removeItem(atPath: LogListing.commitPath(0, table: path))
        #expect(throws: DeltaError.self) { try table.snapshot() }
    }

    @Test func neverFailsOnDamagedCheckpoints() throws {
        let (table, file) = try numbers(3)
        var transaction = try table.transaction()
        try transaction.append([file])
        _ = try transaction.commit(now: WrittenTable.now)
        try table.checkpoint(now: WrittenTable.now)
        for version in 0...1 { try FileManager.default.removeItem(atPath: LogListing.commitPath(version, table: path)) }
        let name = LogListing.checkpointPath(1, table: path)
        let whole = Array(try Data(contentsOf: URL(fileURLWithPath: name)))
        var random = SeededGenerator(seed: 5)
        var read = 0
        for _ in 0..<300 {
            var damaged = whole
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                damaged[Int.random(in: damaged.indices, using: &random)] = UInt8.random(
                    in: .min ... .max, using: &random)
            }
            try Data(damaged).write(to: URL(fileURLWithPath: name))
            if (try? table.snapshot()) != nil { read += 1 }
        }
        #expect(read < 300)
    }

    /// A checkpoint of two parts counts once both are there.
    @Test func readsCheckpointsOfSeveralParts() throws {
        let (table, file) = try numbers(3)
        var transaction = try table.transaction()
        try transaction.append([file])
        _ = try transaction.commit(now: WrittenTable.now)
        try table.checkpoint(now: WrittenTable.now)
        let log = path + "/_delta_log/00000000000000000001.checkpoint"
        try FileManager.default.moveItem(atPath: log + ".parquet", toPath: log + ".0000000001.0000000002.parquet")
        #expect(try LogListing(table: path).checkpoints.isEmpty)
        let empty = try DeltaTable.create(
            folder.directory + "/u", schema: DeltaSchema([DeltaField("n", .integer)]), now: 1)
        try empty.checkpoint(now: 1)
        try FileManager.default.copyItem(
            atPath: LogListing.checkpointPath(0, table: empty.folder), toPath: log + ".0000000002.0000000002.parquet")
        for version in 0...1 { try FileManager.default.removeItem(atPath: LogListing.commitPath(version, table: path)) }
        #expect(try rows().count == 3)
    }

    @Test func readsSomeBatchesOnly() throws {
        let (table, file) = try numbers(70_000)
        var transaction = try table.transaction()
        let again = AddFile(path: "./" + file.path, partitionValues: [:], size: file.size, modificationTime: 2)
        try transaction.append([file, again])
        _ = try transaction.commit(now: WrittenTable.now)
        let source = try DeltaSource(table.snapshot())
        let total = try #require(source.firstOrdinals.last)
        #expect(total > 2)
        let worker = try source.open(Projection([0: .values]), ordinals: [1, total - 1]).makeWorker()
        var seen: [Int] = []
        while let batch = try worker.next() { seen.append(batch.ordinal) }
        #expect(seen == [1, total - 1])
    }
}
