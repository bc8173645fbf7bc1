import Foundation
import Testing

/// A project of two columns.
private let project = """
    store: data/assay.db
    reports: reports
    assets:
      orders: {csv: "data/orders*.csv"}
    """

private let suite = """
    suite: orders
    asset: orders
    columns:
      id: {required: true, unique: true}
      amount: {type: float64, between: [0, 100]}
    """

@Suite struct ValidateTests {
    private func make(_ data: String, suite text: String = suite) throws -> Assay {
        let assay = try Assay()
        try assay.write(project, to: "assay.yaml")
        try assay.write(text, to: "expectations/orders.yaml")
        try assay.write(data, to: "data/orders.csv")
        return assay
    }

    @Test func passesWithStatus0() throws {
        let assay = try make("id,amount\n1,5\n2,7\n")
        defer { assay.remove() }
        let run = try assay("validate")
        #expect(run.status == 0)
        #expect(run.errors == "")
        #expect(run.output.contains("6 expectations: 6 passed"))
        #expect(run.output.contains("results: data/assay.db"))
        #expect(assay.names(in: "reports").contains("index.html"))
    }

    @Test func failsWithStatus1AndNamesTheRow() throws {
        let assay = try make("id,amount\n1,5\n2,700\n")
        defer { assay.remove() }
        let run = try assay("validate")
        #expect(run.status == 1)
        #expect(run.output.contains("1 of 2 values of amount are not between 0 and 100 (50%)."))
        #expect(run.output.contains("row 2: 700.0 in data/orders.csv"))
    }

    @Test func asksHowLoudAFailureIs() throws {
        let quiet = suite.replacingOccurrences(of: "between: [0, 100]", with: "between: [0, 100], severity: warning")
        let assay = try make("id,amount\n1,500\n", suite: quiet)
        defer { assay.remove() }
        #expect(try assay("validate").status == 1)
        #expect(try assay("validate", "--fail-on", "critical").status == 0)
    }

    @Test func showsMistakesInSuitesWithStatus2() throws {
        let assay = try make("id,amount\n1,5\n", suite: suite.replacingOccurrences(of: "unique", with: "uniqe"))
        defer { assay.remove() }
        let run = try assay("validate")
        #expect(run.status == 2)
        #expect(run.output == "")
        #expect(run.errors.contains("expectations/orders.yaml:4:24: error: "))
        #expect(run.errors.contains("did you mean unique?"))
        #expect(!FileManager.default.fileExists(atPath: assay.folder.appendingPathComponent("data/assay.db").path))
    }

    @Test func undecidedIsStatus3() throws {
        let assay = try make("id\n1\n")
        defer { assay.remove() }
        let run = try assay("validate")
        #expect(run.status == 3)
        #expect(run.output.contains("there is no column \"amount\""))
    }

    @Test func missingDataIsARunThatCouldNotBeDecided() throws {
        let assay = try make("id,amount\n")
        defer { assay.remove() }
        try FileManager.default.removeItem(at: assay.folder.appendingPathComponent("data/orders.csv"))
        let run = try assay("validate")
        #expect(run.status == 3)
        #expect(run.output.contains("could not be read: data/orders*.csv: no file matches the pattern [not-found]"))
        let history = try assay("history")
        #expect(history.output.contains("errored"))
    }

    @Test func namesTheRowOfAnUnclosedQuote() throws {
        let assay = try make("id,amount\n1,5\n2,\"7\n3,8\n")
        defer { assay.remove() }
        let run = try assay("validate")
        #expect(run.status == 3)
        #expect(
            run.output.contains("data/orders.csv: the quote that opens at byte offset 16 is never closed"))
    }

    @Test func rowsWithFieldsMissingAreNeverGreen() throws {
        let assay = try make("id,amount\n1,5\n2\n3,7\n")
        defer { assay.remove() }
        let run = try assay("validate")
        #expect(run.status == 1)
        #expect(run.output.contains("1 of 3 rows are malformed (33.3%)."))
        #expect(run.output.contains("row 2: \"too-few-fields: 1 field, expected 2\" in data/orders.csv"))
    }

    @Test func readsStandardInputWithoutAProject() throws {
        let assay = try Assay()
        defer { assay.remove() }
        try assay.write(suite, to: "orders.yaml")
        let run = try assay("validate", "orders.yaml", "--data", "-", input: "id,amount\n1,5\n1,6\n")
        #expect(run.status == 1)
        #expect(run.output.contains("2 of 2 values of id occur more than once (100%)."))
        #expect(
            run.output.contains("row 1: \"1\"; row 2: \"1\" in standard input")
                || run.output.contains("row 1: 1; row 2: 1 in standard input"))
        #expect(assay.names(in: ".") == ["orders.yaml"])
    }

    @Test func tellsThatAPipeHasNoRoomToBeKept() throws {
        let assay = try Assay()
        defer { assay.remove() }
        try assay.write(suite, to: "orders.yaml")
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.arguments = [
            "-c", "printf 'id,amount\\n1,5\\n' | \"$0\" validate orders.yaml --data - > out 2>&1", Assay.binary.path,
        ]
        shell.currentDirectoryURL = assay.folder
        shell.environment = ["TMPDIR": "/nonexistent"]
        try shell.run()
        shell.waitUntilExit()
        #expect(shell.terminationStatus == 3)
        let output = try assay.read("out")
        #expect(
            output.contains("standard input: what comes can't be kept in /nonexistent: no such file or directory"),
            "\(output)")
    }

    @Test func printsTheSameJSONForAnyNumberOfThreads() throws {
        let rows = (0..<5_000).map { "\($0 % 4_990),\(Double($0 % 120) / 7)" }
        let assay = try make("id,amount\n" + rows.joined(separator: "\n") + "\n")
        defer { assay.remove() }
        let texts = try ["1", "2", "5"].map { threads in
            let run = try assay(
                "validate", "--no-keep", "--format", "json", "--threads", threads, "--now", "2026-11-20")
            #expect(run.status == 1)
            _ = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
            return run.output.split(separator: "\n")
                .filter { !$0.contains("\"run_id\"") && !$0.contains("duration") }.joined(separator: "\n")
        }
        #expect(texts[0] == texts[1])
        #expect(texts[0] == texts[2])
    }

    @Test func printsTheSameJSONForAnyMemory() throws {
        let rows = (0..<5_000).map { "\($0 % 4_990),\(Double($0 % 120) / 7)" }
        let assay = try make("id,amount\n" + rows.joined(separator: "\n") + "\n")
        defer { assay.remove() }
        let texts = try ["1", "20kB", "1GiB"].map { size in
            let run = try assay("validate", "--no-keep", "--format", "json", "--memory", size, "--now", "2026-11-20")
            #expect(run.status == 1)
            #expect(run.output.contains("\"unexpected_count\": 20"))
            return run.output.split(separator: "\n")
                .filter { !$0.contains("\"run_id\"") && !$0.contains("duration") }.joined(separator: "\n")
        }
        #expect(texts[0] == texts[2])
        #expect(texts[1] == texts[2])
    }

    @Test func tellsThatItCannotSpillWithStatus3() throws {
        let assay = try make("id,amount\n1,5\n2,7\n")
        defer { assay.remove() }
        let run = try assay("validate", "--memory", "1", environment: ["TMPDIR": "/nonexistent"])
        #expect(run.status == 3)
        #expect(
            run.output.contains(
                """
                Could not be decided whether values of id occur once: the values don't fit in memory, and no spill file can be \
                made in /nonexistent: no such file or directory.
                """), "\(run.output)")
        #expect(run.output.contains("6 expectations: 1 could not be decided, 5 passed"), "\(run.output)")
        #expect(try assay("validate", environment: ["TMPDIR": "/nonexistent"]).status == 0)
    }

    @Test func remembersTheSchema() throws {
        let drift = suite + "\nschema: {on_added: warn, on_removed: fail}\n"
        let assay = try make("id,amount\n1,5\n", suite: drift)
        defer { assay.remove() }
        #expect(try assay("validate").output.contains("this is the first schema on record"))
        #expect(try assay("validate").status == 0)
        try assay.write("id,note,amount\n1,x,5\n", to: "data/orders.csv")
        let added = try assay("validate")
        #expect(added.output.contains("✗ warning"))
        #expect(added.output.contains("The schema changed: column note was added (string)."))
        #expect(try assay("validate").status == 0)
    }

    @Test func printsResultsThoughTheStoreIsNoDatabase() throws {
        let assay = try make("id,amount\n1,5\n")
        defer { assay.remove() }
        try assay.write("this is no database, whatever its name", to: "data/assay.db")
        let run = try assay("validate")
        #expect(run.status == 3)
        #expect(run.output.contains("6 expectations: 6 passed"))
        #expect(run.errors.contains("[not-a-database]"))
        #expect(run.errors.contains("the results were not stored"))
        #expect(try assay.read("data/assay.db") == "this is no database, whatever its name")
    }

    @Test func keepsPersonalValuesToItself() throws {
        let tagged = suite.replacingOccurrences(of: "amount: {", with: "amount: {tags: [pii], ")
        let assay = try make("id,amount\n1,5\n2,71234\n", suite: tagged)
        defer { assay.remove() }
        for format in ["table", "json"] {
            let run = try assay("validate", "--format", format)
            #expect(run.status == 1)
            #expect(!run.output.contains("71234"))
        }
        for page in assay.names(in: "reports") { #expect(!(try assay.read("reports/\(page)")).contains("71234")) }
    }

    @Test func writesNoColorsIntoAPipe() throws {
        let assay = try make("id,amount\n1,500\n")
        defer { assay.remove() }
        let run = try assay("validate", environment: ["TERM": "xterm-256color"])
        #expect(!run.output.contains("\u{1B}"))
        #expect(!run.errors.contains("\u{1B}"))
    }
}
