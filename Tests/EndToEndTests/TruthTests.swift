import Foundation
import Testing

/// What must not be said, shown or lost, whatever happens.
@Suite struct TruthTests {
    private static let project = "assets: {t: {csv: \"data/*.csv\"}}\n"

    private func make(_ suite: String) throws -> Assay {
        let assay = try Assay()
        try assay.write(Self.project, to: "assay.yaml")
        try assay.write("suite: t\nasset: t\n" + suite, to: "expectations/t.yaml")
        return assay
    }

    /// What the environment put into a suite stands in no output, page or file.
    @Test(arguments: ["id\n1\n", "id\na\n", "id\nhunter2\n"]) func secretsStaySecret(_ data: String) throws {
        let assay = try make(
            """
            expectations:
              - expect_column_values_to_be_in_set: {column: id, value_set: ["${SECRET}"]}
              - expect_column_values_to_not_match_regex: {column: id, regex: "^${SECRET}x"}
              - expect_column_max_to_be_between: {column: id, max_value: "${SECRET}"}
              - expect_column_values_to_not_be_null: {column: id, row_condition: "id <> '${SECRET}'"}
            """)
        defer { assay.remove() }
        try assay.write(data.replacingOccurrences(of: "hunter2", with: "hunter3"), to: "data/a.csv")
        for format in ["table", "json"] {
            let run = try assay("validate", "--verbose", "--format", format, environment: ["SECRET": "hunter2"])
            #expect(!run.output.contains("hunter2") && !run.errors.contains("hunter2"), "\(run.output)")
            #expect(run.output.contains("${SECRET}"))
        }
        for page in assay.names(in: "reports") { #expect(!(try assay.read("reports/\(page)")).contains("hunter2")) }
        let store = try Data(contentsOf: assay.folder.appendingPathComponent("data/assay.db"))
        #expect(store.range(of: Data("hunter2".utf8)) == nil)
    }

    /// Guessed types that differ from hour to hour are no change of the schema.
    @Test func guessesRaiseNoAlarm() throws {
        let assay = try make(
            "columns: {id: {}, v: {}}\nschema: {on_added: fail, on_removed: fail, on_type_change: fail}\n")
        defer { assay.remove() }
        for rows in ["1,2", "1,", "1,2.5", "1,3", "", "1,4"] {
            try assay.write("id,v\n\(rows)\n", to: "data/a.csv")
            let run = try assay("validate")
            #expect(run.status == 0, "\(rows): \(run.output)")
        }
        try assay.write("id,v\n1,abc\n", to: "data/a.csv")
        #expect(try assay("validate").output.contains("column v changed from int64 to string"))
    }

    @Test func aColumnLostInOneFileIsTold() throws {
        let assay = try make("columns: {id: {}, v: {}}\n")
        defer { assay.remove() }
        try assay.write("id,v\n1,2\n", to: "data/a.csv")
        #expect(try assay("validate").status == 0)
        try assay.write("id\n2\n", to: "data/b.csv")
        let run = try assay("validate")
        #expect(run.status == 1)
        #expect(run.output.contains("The column v is not in data/b.csv, but in other files."))
    }

    @Test func aStoreThatCannotBeReadIsNoFirstRun() throws {
        let assay = try make("columns: {id: {}}\nschema: {on_added: fail}\n")
        defer { assay.remove() }
        try assay.write("id\n1\n", to: "data/a.csv")
        try assay.write("no database at all, just words in a file", to: "data/assay.db")
        let run = try assay("validate", "--no-keep")
        #expect(run.status == 3)
        #expect(run.output.contains("the last schema can't be read"))
    }

    @Test func severalFilesAreOneTable() throws {
        let assay = try make("columns: {id: {unique: true}}\nrow_count: 3\n")
        defer { assay.remove() }
        try assay.write("id\n1\n2\n", to: "x.csv")
        try assay.write("id\n2\n", to: "y.csv")
        let run = try assay("validate", "t", "--data", "x.csv", "--data", "y.csv")
        #expect(run.output.contains("2 of 3 values of id occur more than once"))
        #expect(run.output.contains("3 rows in 2 files"))
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "this machine has no /dev/full"))
    func lostOutputIsNoSuccess() throws {
        let assay = try make("columns: {id: {}}\n")
        defer { assay.remove() }
        try assay.write("id\n1\n", to: "data/a.csv")
        let process = Process()
        process.executableURL = Assay.binary
        process.arguments = ["validate", "--no-keep", "--format", "json"]
        process.currentDirectoryURL = assay.folder
        process.standardOutput = FileHandle(forWritingAtPath: "/dev/full")
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 3)
    }

    @Test func readsJSONLines() throws {
        let assay = try make("columns: {user.id: {required: true, unique: true}}\n")
        defer { assay.remove() }
        try assay.write("{\"user\": {\"id\": 1}}\n{\"user\": {\"id\": 1}}\n{oops\n", to: "x.jsonl")
        let run = try assay("validate", "t", "--data", "x.jsonl")
        #expect(run.status == 1)
        #expect(run.output.contains("2 of 2 values of user.id occur more than once (100%)."))
        #expect(run.output.contains("1 of 3 rows are malformed (33.3%)."))
    }
}
