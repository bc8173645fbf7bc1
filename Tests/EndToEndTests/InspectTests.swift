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
            "  n     integer  required", "  day   date     partition", "  note  string",
        ]
        for line in expected { #expect(lines.contains(line), "\(line)\n\(run.output)") }
        #expect(lines.contains { $0.hasPrefix("  holds       2 files, ") && $0.hasSuffix(", 6 rows") })
        #expect(lines.contains { $0.hasPrefix("        2  2023-11-16T22:13:20Z  STREAMING UPDATE  +1       +2") })
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
        #expect(run.output.contains("\n  n     int32, required        0  1      4 "))
        #expect(run.output.contains("\n  note  string                 1  é 1    é 3 "))
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

    @Test func tellsOfFoldersOfParquetFiles() throws {
        defer { finish() }
        _ = try DeltaFixture(assay)
        let folder = "\(DeltaFixture.name)/day=2023-11-14"
        let run = try assay("inspect", folder)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("\(folder): 1 Parquet file, 4 rows, "), "\(run.output)")
        #expect(run.output.contains("\n  n     int64   required\n  note  string\n"), "\(run.output)")
        #expect(try assay("inspect", folder, "--rows", "1").output == "{\"n\":1,\"note\":\"é 1\"}\n")
        let json = JSON(
            text: try assay("inspect", folder, "--format", "json").output
                .trimmingCharacters(in: .whitespacesAndNewlines))
        #expect(json?["kind"] == .string("parquet-files"))
        #expect(json?["files"]?.items?.count == 1)
        try assay.write("a\n1\n", to: "texts/a.csv")
        #expect(try assay("inspect", "texts").status == 2)
    }

    @Test func tellsOfAllFilesOfAFolderThatCannotBeRead() throws {
        defer { finish() }
        _ = try DeltaFixture(assay)
        let folder = "\(DeltaFixture.name)/day=2023-11-14"
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
        let run = try assay("inspect", "a.csv", "--timestamp", "yesterday")
        #expect(run.status == 2)
        #expect(run.errors.contains("--timestamp takes a time as in 2026-11-01T10:00:00Z, not \"yesterday\"\n"))
        #expect(run.errors.contains("Usage: assay inspect "))
    }
}
