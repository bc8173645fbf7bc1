import Delta
import Foundation
import Tables
import Testing

@Suite struct InspectTests {
    private let assay: Assay

    init() throws { assay = try Assay() }

    private func finish() { assay.remove() }

    @Test func tellsOfText() throws {
        defer { finish() }
        try assay.write("id;amount\n1;2.5\n2;\n", to: "a.csv")
        let run = try assay("inspect", "a.csv")
        #expect(run.status == 0)
        #expect(
            run.output == """
                a.csv: delimited text, 19 B
                  written as  2 columns, delimiter ";", header

                columns (2)
                  name    type     told by
                  id      int64    its values
                  amount  float64  its values

                """)
        #expect(
            try assay("inspect", "a.csv", "--rows", "5").output
                == "{\"id\":1,\"amount\":2.5}\n{\"id\":2,\"amount\":null}\n")
        try assay.write("{\"a\": {\"b\": [1, 2]}}\n", to: "a.jsonl")
        #expect(try assay("inspect", "a.jsonl", "--rows", "1").output == "{\"a.b\":\"[1, 2]\"}\n")
    }

    @Test func tellsOfTables() throws {
        defer { finish() }
        _ = try DeltaFixture(assay)
        let run = try assay("inspect", DeltaFixture.name)
        #expect(run.errors == "")
        #expect(run.status == 0)
        let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        #expect(lines.first == "tables/numbers: Delta table, version 2 of 2023-11-16T22:13:20Z")
        let expected = [
            "  protocol    reader 1, writer 2, appendOnly invariants", "  writes      possible", "  partitions  day",
            "  property    delta.appendOnly = true", "  batches     fixture: through 1", "columns (3)",
            "  name  type     missing  least       greatest",
            "  n     integer        0  1           6           required",
            "  day   date           0  2023-11-14  2023-11-15  partition",
            "  note  string         1  ~ é 1       ~ é 6", "partitions (2)",
        ]
        for line in expected { #expect(lines.contains(line), "\(line)\n\(run.output)") }
        #expect(lines.contains { $0.hasPrefix("  holds       2 files, ") && $0.hasSuffix(", 6 rows") })
        #expect(lines.contains { $0.hasPrefix("  file sizes  smallest ") })
        #expect(lines.contains { $0.hasPrefix("  day=2023-11-14      1     4  ") })
        #expect(lines.contains { $0.hasPrefix("        2  2023-11-16T22:13:20Z  STREAMING UPDATE  +1       +2") })
    }

    @Test func tellsOfDataFiles() throws {
        defer { finish() }
        let fixture = try DeltaFixture(assay)
        let sizes = try fixture.table.snapshot().files.map(\.size)
        let whole = try json(DeltaFixture.name)
        #expect(
            whole["file_sizes"]?.text()
                == #"{"smallest":\#(sizes.min() ?? 0),"median":\#(sizes.min() ?? 0),"largest":\#(sizes.max() ?? 0)}"#)
        #expect(
            whole["columns"]?.text() == #"[{"name":"n","missing":0,"least":{"value":"1","exact":true},"#
                + #""greatest":{"value":"6","exact":true}},"#
                + #"{"name":"day","missing":0,"least":{"value":"2023-11-14","exact":true},"#
                + #""greatest":{"value":"2023-11-15","exact":true}},"#
                + #"{"name":"note","missing":1,"least":{"value":"é 1","exact":false},"#
                + #""greatest":{"value":"é 6","exact":false}}]"#)
        #expect(
            whole["partitions"]?.text()
                == #"[{"values":{"day":"2023-11-14"},"files":1,"rows":4,"bytes":\#(sizes[0])},"#
                + #"{"values":{"day":"2023-11-15"},"files":1,"rows":2,"bytes":\#(sizes[1])}]"#)
        try fixture.deleteFirstRow(assay)
        let run = try assay("inspect", DeltaFixture.name, "--row-groups")
        let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 7, "\(run.output)\(run.errors)")
        #expect(lines[2] == "files (2)")
        #expect(lines[4].hasPrefix("  day=2023-11-14/part-00000-b0.parquet     3        1  "))
        #expect(lines[5].hasPrefix("  day=2023-11-15/part-00000-b1.parquet     2           "))
        #expect(lines[5].hasSuffix("  day=2023-11-15"))
        let files = try json(DeltaFixture.name, "--row-groups")["data_files"]?.items
        #expect(files?.map { $0["rows"] } == [.integer(3), .integer(2)])
        #expect(files?.map { $0["deleted_rows"] } == [.integer(1), .integer(0)])
        // Of a file that lost rows only what lies around the values is known.
        #expect(
            files?.first?["columns"]?.items?.first?.text()
                == #"{"name":"n","missing":null,"least":{"value":"1","exact":false},"greatest":{"value":"4","exact":false}}"#
        )
    }

    /// A page of a terminal is enough for people; programs get all.
    @Test func showsTheFirstOfManyColumns() throws {
        defer { finish() }
        let schema = DeltaSchema((0..<600).map { DeltaField("c\($0)", .long) })
        let table = try DeltaTable.create(
            assay.folder.appendingPathComponent("wide").path, schema: schema, now: 1_700_000_000_000_000)
        let writer = try DataFileWriter(table: table, schema: schema, partitionedBy: [], stem: "b", time: 1)
        try writer.append(
            Batch(ordinal: 0, rowCount: 1, columns: schema.fields.map { _ in Column(.int64, [.integer(7)]) }))
        let file = try #require(writer.finish().first)
        try file.publish()
        _ = try table.commit([file.add], of: AppTransaction(appID: "a", version: 1), now: 1)
        for arguments in [["wide"], ["wide/\(file.add.path)"], ["wide/\(file.add.path)", "--row-groups"]] {
            let run = try assay.run(["inspect"] + arguments)
            #expect(run.output.contains("\n  c499  "), "\(run.output)")
            #expect(!run.output.contains("\n  c500  "))
            #expect(run.output.contains("\n  and 100 more: --format json tells of all\n"))
        }
        #expect(try json("wide/\(file.add.path)")["columns"]?.items?.count == 600)
        #expect(try json("wide")["columns"]?.items?.count == 600)
    }

    @Test func tellsOfOlderVersions() throws {
        defer { finish() }
        _ = try DeltaFixture(assay)
        let old = try assay("inspect", DeltaFixture.name, "--table-version", "1", "--format", "json")
        let short = try assay("inspect", DeltaFixture.name, "--version", "1", "--format", "json")
        #expect(short.output == old.output)
        let json = try #require(JSON(text: old.output.trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(json["format"] == .string("assay-inspection"))
        #expect(json["kind"] == .string("delta"))
        #expect(json["table_version"] == .integer(1))
        #expect(json["rows"] == .integer(4))
        #expect(json["history"]?.items?.compactMap { $0["version"]?.integer } == [1, 0])
        let then = try assay("inspect", DeltaFixture.name, "--timestamp", "2023-11-15T22:13:20Z", "--rows", "1")
        #expect(then.output == "{\"n\":1,\"day\":\"2023-11-14\",\"note\":\"é 1\"}\n")
        let history = try assay("inspect", DeltaFixture.name, "--history")
        #expect(history.output.split(separator: "\n").count == 6)
        let absent = try assay("inspect", DeltaFixture.name, "--table-version", "7")
        #expect(absent.status == 3)
        #expect(absent.errors == "error: tables/numbers: there is no version 7; the newest is 2 [no-such-version]\n")
    }

    @Test func tellsOfParquetFiles() throws {
        defer { finish() }
        let fixture = try DeltaFixture(assay)
        let file = try #require(try fixture.table.snapshot().files.first).path
        let path = "\(DeltaFixture.name)/\(file)"
        let run = try assay("inspect", path)
        #expect(run.status == 0)
        #expect(run.output.contains(": Parquet, 4 rows, "))
        #expect(run.output.contains("\n  n     int32, required         0  1      4 "))
        #expect(run.output.contains("\n  note  string, optional        1  é 1    é 3 "))
        let json = try #require(
            JSON(
                text: assay("inspect", path, "--format", "json").output.trimmingCharacters(in: .whitespacesAndNewlines))
        )
        #expect(json["rows"] == .integer(4))
        #expect(
            json["columns"]?.items?.first?["least"]
                == .object([.init("value", .string("1")), .init("exact", .boolean(true))]))
        #expect(
            try assay("inspect", path, "--rows", "2").output
                == "{\"n\":1,\"note\":\"é 1\"}\n{\"n\":2,\"note\":\"é 2\"}\n")
        // By its first bytes where the name doesn't tell.
        try FileManager.default.copyItem(
            at: assay.folder.appendingPathComponent(path), to: assay.folder.appendingPathComponent("unnamed"))
        #expect(try assay("inspect", "unnamed", "--rows", "1").output == "{\"n\":1,\"note\":\"é 1\"}\n")
    }

    /// A file of pyarrow's with two row groups of a row each, sorted by b, descending; a has 1.0 and an infinity.
    @Test func tellsOfRowGroups() throws {
        defer { finish() }
        try copy("sorted-infinities.parquet")
        let run = try assay("inspect", "sorted-infinities.parquet", "--row-groups")
        #expect(
            run.output == """
                sorted-infinities.parquet: Parquet, 2 rows, 859 B

                row group 1 (1 row, 176 B packed, 168 B unpacked, sorted by b descending)
                  column  offset  packed    of  codec   encodings                 missing  least  greatest
                  a            4    98 B  94 B  snappy  plain rle rle_dictionary        0  inf    inf
                  b          102    78 B  74 B  snappy  plain rle rle_dictionary        0  1      1

                row group 2 (1 row, 176 B packed, 168 B unpacked, sorted by b descending)
                  column  offset  packed    of  codec   encodings                 missing  least  greatest
                  a          180    98 B  94 B  snappy  plain rle rle_dictionary        0  1.0    1.0
                  b          278    78 B  74 B  snappy  plain rle rle_dictionary        0  2      2

                """)
        let whole = try json("sorted-infinities.parquet")
        #expect(try json("sorted-infinities.parquet", "--row-groups")["row_groups"] == whole["row_groups"])
        #expect(
            whole["row_groups"]?.items?.first?.text() == #"{"rows":1,"packed_bytes":176,"unpacked_bytes":168,"#
                + #""sorted_by":[{"path":"b","descending":true,"missing_first":false}],"columns":["#
                + #"{"path":"a","offset":4,"packed_bytes":98,"unpacked_bytes":94,"values":1,"codec":"snappy","#
                + #""encodings":["plain","rle","rle_dictionary"],"missing":0,"#
                + #""least":{"value":"inf","exact":true},"greatest":{"value":"inf","exact":true},"#
                + #""page_index":false,"bloom_filter":false,"encrypted":false},"#
                + #"{"path":"b","offset":102,"packed_bytes":78,"unpacked_bytes":74,"values":1,"codec":"snappy","#
                + #""encodings":["plain","rle","rle_dictionary"],"missing":0,"#
                + #""least":{"value":"1","exact":true},"greatest":{"value":"1","exact":true},"#
                + #""page_index":false,"bloom_filter":false,"encrypted":false}]}"#)
        try assay.write("a\n1\n", to: "a.csv")
        let text = try assay("inspect", "a.csv", "--row-groups")
        #expect(text.status == 2)
        #expect(text.errors == "error: --row-groups is for Parquet files and Delta tables, and \"a.csv\" is neither\n")
        let both = try assay("inspect", "a.csv", "--row-groups", "--rows", "1")
        #expect(both.errors.contains("--rows and --row-groups don't go together\n"))
    }

    /// A file of pyarrow's whose footer can be read, and whose column s has a key of its own.
    @Test func namesEncryptedColumns() throws {
        defer { finish() }
        try copy("encrypted-columns.parquet")
        let run = try assay("inspect", "encrypted-columns.parquet")
        #expect(run.output.contains("  s     string, optional        ?"), "\(run.output)")
        #expect(run.output.contains("  encrypted plain rle rle_dictionary\n"), "\(run.output)")
        let columns = try json("encrypted-columns.parquet")["columns"]?.items
        #expect(columns?.map { $0["encrypted"] } == [.boolean(false), .boolean(true)])
    }

    @Test func saysWhichNamesColumnsShare() throws {
        defer { finish() }
        try copy("repeated-names.parquet")
        let run = try assay("inspect", "repeated-names.parquet")
        #expect(run.output.contains("\n  names       several columns have the same name: \"a\" (2)\n"), "\(run.output)")
        let rows = try assay("inspect", "repeated-names.parquet", "--rows", "1")
        #expect(rows.output == "{\"a\":1,\"a\":\"q\"}\n")
        #expect(rows.errors == "warning: several columns have the same name: \"a\" (2)\n")
    }

    /// A commit that removes again what was removed, and adds, may have doubled rows.
    @Test func tellsOfRepeatedRemovals() throws {
        defer { finish() }
        let fixture = try DeltaFixture(assay)
        let snapshot = try fixture.table.snapshot()
        let file = try #require(snapshot.files.first)
        let remove = Action.remove(RemoveFile(file, at: 1)).json.text()
        for (version, lines) in [[remove], [remove, Action.add(file).json.text()]].enumerated() {
            try assay.write(
                lines.joined(separator: "\n"),
                to: "\(DeltaFixture.name)/_delta_log/0000000000000000000\(snapshot.version + 1 + version).json")
        }
        let run = try assay("inspect", DeltaFixture.name)
        let doubt =
            "\n  doubtful    version 4 removed 1 file that earlier versions had removed, and added others: their rows may be "
            + "there twice\n"
        #expect(run.output.contains(doubt), "\(run.output)")
        #expect(run.output.contains("  removes 1 again\n"), "\(run.output)")
        let json = try json(DeltaFixture.name)
        #expect(json["repeated_removals"]?.text() == #"[{"version":4,"files":1}]"#)
        #expect(json["history"]?.items?.first?["repeated_removals"] == .integer(1))
    }

    private func copy(_ name: String) throws {
        let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/parquet")
        try FileManager.default.copyItem(
            at: fixtures.appending(path: name), to: assay.folder.appendingPathComponent(name))
    }

    private func json(_ arguments: String...) throws -> JSON {
        let output = try assay.run(["inspect"] + arguments + ["--format", "json"]).output
        return try #require(JSON(text: output.trimmingCharacters(in: .whitespacesAndNewlines)))
    }

    /// The files of the fixture's partitions in folders that are no table's.
    private func copyPartitions(to folder: String) throws {
        let fixture = try DeltaFixture(assay)
        for day in ["day=2023-11-14", "day=2023-11-15"] {
            let copy = assay.folder.appendingPathComponent("\(folder)/\(day)")
            try FileManager.default.createDirectory(
                at: copy.deletingLastPathComponent(), withIntermediateDirectories: true)
            try FileManager.default.copyItem(at: URL(filePath: fixture.table.folder).appending(path: day), to: copy)
        }
    }

    @Test func tellsOfPatternsOfParquetFiles() throws {
        defer { finish() }
        try copyPartitions(to: "hive")
        let folder = try assay("inspect", "hive")
        #expect(folder.status == 3)
        #expect(
            folder.errors == """
                error: hive: there is no file to read in the directory [not-found]
                  hint: the files of its partitions are read by a pattern, as in "hive/*/*.parquet"; columns that only folders name are not

                """)
        let run = try assay("inspect", "hive/*/*.parquet")
        let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.first?.hasPrefix("hive/*/*.parquet: 2 Parquet files, 6 rows, ") == true, "\(run.errors)")
        #expect(
            lines.dropFirst(2).prefix(4) == [
                "columns (2)", "  name  type    missing  least  greatest",
                "  n     int64         0  1      6         required",
                "  note  string        1  é 1    é 6",
            ])
        let groups = try assay("inspect", "hive/*/*.parquet", "--row-groups")
        let titles = groups.output.split(separator: "\n").filter { $0.contains("row group") }
        #expect(
            titles.count == 2
                && titles.last?.hasPrefix("hive/day=2023-11-15/part-00000-b1.parquet: row group 1 (2 rows, ") == true)
        let json = try json("hive/*/*.parquet", "--row-groups")["row_groups"]?.items
        #expect(json?.first?["file"]?.string == "hive/day=2023-11-14/part-00000-b0.parquet")
        #expect(json?.map { $0["rows"] } == [.integer(4), .integer(2)])
        try assay.write("a\n1\n", to: "texts/a.csv")
        #expect(
            try assay("inspect", "texts/*").errors
                == "error: \"texts/*\" is a pattern of text files: name one of them\n")
    }

    /// Only the log tells which files of a table count.
    @Test func tellsWhatIsATablesFile() throws {
        defer { finish() }
        _ = try DeltaFixture(assay)
        let folder = "\(DeltaFixture.name)/day=2023-11-14"
        let refused = try assay("inspect", folder)
        #expect(refused.status == 3)
        #expect(
            refused.errors == """
                error: \(folder): the files are those of a Delta table, of whatever version [delta-table]
                  hint: name the table's folder: \(DeltaFixture.name)

                """)
        let run = try assay("inspect", "\(folder)/part-00000-b0.parquet")
        #expect(
            run.output.contains(
                "  data file   of the Delta table \(DeltaFixture.name), whose log alone tells whether its rows count\n"),
            "\(run.output)")
    }

    /// An empty text is a value, and in a partition a missing one.
    @Test func tellsEmptyTexts() throws {
        defer { finish() }
        let schema = DeltaSchema([DeltaField("s", .string), DeltaField("p", .string)])
        let table = try DeltaTable.create(
            assay.folder.appendingPathComponent("t").path, schema: schema, partitionedBy: ["p"], now: 1)
        let writer = try DataFileWriter(table: table, schema: schema, partitionedBy: ["p"], stem: "a", time: 1)
        try writer.append(
            Batch(
                ordinal: 0, rowCount: 2,
                columns: [Column(.string, [.text(""), .text("x")]), Column(.string, [.missing, .missing])]))
        let file = try #require(writer.finish().first)
        try file.publish()
        let copy = assay.folder.appendingPathComponent("t/other.parquet").path
        try FileManager.default.copyItem(atPath: "\(table.folder)/\(file.add.path)", toPath: copy)
        let other = AddFile(
            path: "other.parquet", partitionValues: ["p": ""], size: file.add.size, modificationTime: 1,
            stats: file.add.stats)
        _ = try table.commit([file.add, other], of: AppTransaction(appID: "a", version: 1), now: 1)
        let lines = try assay("inspect", "t").output.split(separator: "\n")
        #expect(lines.contains("  s     string        0  ~ \"\"   ~ x"), "\(lines)")
        #expect(lines.contains("partitions (1)"), "\(lines)")
        #expect(lines.contains { $0.hasPrefix("  p=          2     4  ") }, "\(lines)")
        #expect(
            try assay("inspect", "t/other.parquet").output.contains("  s     string, optional        0  \"\"     x  "))
    }

    @Test func tellsOfFoldersOfParquetFiles() throws {
        defer { finish() }
        try copyPartitions(to: "files")
        let folder = "files/day=2023-11-14"
        let run = try assay("inspect", folder)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("\(folder): 1 Parquet file, 4 rows, "), "\(run.output)")
        #expect(
            run.output.contains(
                "\n  n     int64         0  1      4         required\n  note  string        1  é 1    é 3\n"),
            "\(run.output)")
        #expect(try assay("inspect", folder, "--rows", "1").output == "{\"n\":1,\"note\":\"é 1\"}\n")
        let json = JSON(
            text: try assay("inspect", folder, "--format", "json").output
                .trimmingCharacters(in: .whitespacesAndNewlines))
        #expect(json?["kind"] == .string("parquet-files"))
        #expect(json?["files"]?.items?.count == 1)
        #expect(
            json?["columns"]?.items?.first?.text() == #"{"name":"n","type":"int64","nullable":false,"missing":0,"#
                + #""least":{"value":"1","exact":true},"greatest":{"value":"4","exact":true}}"#)
        try assay.write("a\n1\n", to: "texts/a.csv")
        #expect(try assay("inspect", "texts").status == 2)
    }

    @Test func tellsOfAllFilesOfAFolderThatCannotBeRead() throws {
        defer { finish() }
        try copyPartitions(to: "files")
        let folder = "files/day=2023-11-14"
        for name in ["y", "z"] { try assay.write("PAR1 and no more", to: "\(folder)/\(name).parquet") }
        let run = try assay("inspect", folder)
        #expect(run.status == 3)
        #expect(run.output == "")
        let problem = "the file begins as Parquet and doesn't end so: it has no footer [truncated]"
        let errors = run.errors.split(separator: "\n").filter { $0.hasPrefix("error: ") }
        #expect(errors == ["y", "z"].map { "error: \(folder)/\($0).parquet: \(problem)" })
    }

    /// Times without a zone have none, and NaN is told from what is missing.
    @Test func showsValuesAsTheyAre() throws {
        defer { finish() }
        let schema = DeltaSchema([
            DeltaField("t", .timestampNtz), DeltaField("u", .timestamp), DeltaField("x", .double),
        ])
        let table = try DeltaTable.create(
            assay.folder.appendingPathComponent("values").path, schema: schema, now: 1_700_000_000_000_000)
        let writer = try DataFileWriter(table: table, schema: schema, partitionedBy: [], stem: "b", time: 1)
        let time = [Value.timestamp(microseconds: 1_500_000), .timestamp(microseconds: 1_500_000)]
        try writer.append(
            Batch(
                ordinal: 0, rowCount: 2,
                columns: [
                    Column(.timestamp, time), Column(.timestamp, time),
                    Column(type: .float64, present: Bitmap([true, false]), values: .float64([.nan, 0])),
                ]))
        let files = try writer.finish()
        for file in files { try file.publish() }
        _ = try table.commit(files.map(\.add), of: AppTransaction(appID: "a", version: 1), now: 1)
        let lines = try assay("inspect", "values", "--rows", "2").output.split(separator: "\n")
        #expect(
            lines == [
                #"{"t":"1970-01-01T00:00:01.5","u":"1970-01-01T00:00:01.5Z","x":"NaN"}"#,
                #"{"t":"1970-01-01T00:00:01.5","u":"1970-01-01T00:00:01.5Z","x":null}"#,
            ])
    }

    @Test func refusesWhatMakesNoSense() throws {
        defer { finish() }
        try assay.write("a\n1\n", to: "a.csv")
        let cases: [([String], Int32, String)] = [
            (["nothing"], 2, "error: there is no file \"nothing\"\n"),
            (
                ["s3://bucket/table"], 2,
                "error: \"s3://bucket/table\" is not on this machine: copy the data here, or mount it\n"
            ),
            (
                ["a.csv", "--history"], 2,
                "error: --history is for Delta tables, and there is no _delta_log in \"a.csv\"\n"
            ),
        ]
        for (arguments, status, errors) in cases {
            let run =
                try arguments.count == 1 ? assay("inspect", arguments[0]) : assay("inspect", arguments[0], arguments[1])
            #expect(run.status == status)
            #expect(run.errors == errors)
        }
        #expect(try assay("inspect", "a.csv", "--rows", "0").status == 2)
        let below = try assay("inspect", "a.csv", "--rows", "-1")
        #expect(below.errors.contains("--rows takes a number above 0, not -1\n"), "\(below.errors)")
        let older = try assay("inspect", "a.csv", "--table-version", "-1")
        #expect(older.errors.contains("--table-version takes a number from 0 on, not -1\n"), "\(older.errors)")
        _ = try DeltaFixture(assay)
        let log = try assay("inspect", "\(DeltaFixture.name)/_delta_log/")
        #expect(
            log.errors == """
                error: \(DeltaFixture.name)/_delta_log/: the directory is the log of a Delta table [delta-table]
                  hint: name the table's folder: \(DeltaFixture.name)

                """)
        let run = try assay("inspect", "a.csv", "--timestamp", "yesterday")
        #expect(run.status == 2)
        #expect(run.errors.contains("--timestamp takes a time as in 2026-11-01T10:00:00Z, not \"yesterday\"\n"))
        #expect(run.errors.contains("Usage: assay inspect "))
    }
}
