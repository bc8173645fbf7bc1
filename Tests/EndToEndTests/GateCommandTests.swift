import Foundation
import Testing

/// `assay gate` as a shell uses it.
@Suite struct GateCommandTests {
    private static let suite = """
        suite: orders
        columns:
          id: {required: true}
          amount: {type: "decimal(9,2)", between: [0, 100]}

        """

    private func folder() throws -> Assay {
        let assay = try Assay()
        try assay.write(Self.suite, to: "orders.yaml")
        return assay
    }

    @Test func splitsWhatComes() throws {
        let assay = try folder()
        defer { assay.remove() }
        let run = try assay(
            "gate", "--suite", "orders.yaml", "--bad", "bad.jsonl",
            input: "{\"id\": 1, \"amount\": 5}\n{\"amount\": 500}\n{\"id\": 3, \"amount\": 7}")
        #expect(run.status == 0)
        #expect(run.output == "{\"id\": 1, \"amount\": 5}\n{\"id\": 3, \"amount\": 7}\n")
        #expect(
            run.errors == """
                3 records: 2 passed, 1 kept apart, 0 dropped
                  1 not so: rows have a value in id (quarantine)
                  1 not so: values of amount are between 0 and 100 (quarantine)
                  2 expectations about the table not checked

                """)
        let bad = try assay.read("bad.jsonl")
        #expect(bad.split(separator: "\n").count == 1)
        #expect(
            bad.hasPrefix(
                #"{"raw":"{\"amount\": 500}","source_file":"standard input","source_row":2,"source_offset":23,"rules":["#
            ))
    }

    @Test func losesNothingWhereBadRecordsHaveNowhereToGo() throws {
        let assay = try folder()
        defer { assay.remove() }
        let status = try shell(
            "echo '{}' | \(Assay.binary.path) gate --suite orders.yaml 2> errors 3>&- > good.jsonl", assay)
        #expect(status == 2)
        #expect(try assay.read("good.jsonl") == "")
        #expect(
            try assay.read("errors") == "error: bad records have nowhere to go: write 3> FILE, or --bad FILE\n")
    }

    /// The gate would read what it writes, and write that again.
    @Test(arguments: [
        ("--bad in.jsonl < in.jsonl > good.jsonl", "bad"), ("3>> in.jsonl < in.jsonl > good.jsonl", "bad"),
        ("--bad bad.jsonl < in.jsonl >> in.jsonl", "good"),
    ]) func refusesToWriteToWhatItReads(_ redirections: String, _ sink: String) throws {
        let assay = try folder()
        defer { assay.remove() }
        let records = "{\"id\": 1}\n{\"amount\": 500}"
        try assay.write(records, to: "in.jsonl")
        #expect(try shell("\(Assay.binary.path) gate --suite orders.yaml \(redirections) 2> errors", assay) == 2)
        #expect(
            try assay.read("errors") == "error: \(sink) records would go to the file that records come from\n")
        #expect(try assay.read("in.jsonl") == records)
    }

    /// A rule about a name that is nowhere lets everything pass.
    @Test func tellsOfRulesWhoseColumnsNoRecordHas() throws {
        let assay = try Assay()
        defer { assay.remove() }
        try assay.write(
            """
            suite: s
            expectations:
              - expect_column_values_to_be_between: {column: id, min_value: 0, row_condition: "kind = 'x'"}
              - expect_column_values_to_be_between: {column: totally_other, min_value: 0}
              - expect_column_values_to_not_be_null: {column: there}
              - expect_column_values_to_be_between: {column: id, min_value: 0}

            """, to: "s.yaml")
        let run = try assay(
            "gate", "--suite", "s.yaml", "--bad", "bad.jsonl",
            input: "{\"id\": 1, \"there\": 1, \"kind\": null}\n{\"id\": 2}\n")
        #expect(run.status == 0)
        #expect(
            run.errors == """
                2 records: 1 passed, 1 kept apart, 0 dropped
                  1 not so: rows have a value in there (quarantine)
                  vacuous: values of id are at least 0, where kind = 'x' (no record has a value of "kind")
                  vacuous: values of totally_other are at least 0 (no record has a value of "totally_other")

                """)
        let json = try assay(
            "gate", "--suite", "s.yaml", "--bad", "bad.jsonl", "--format", "json", input: "{\"id\": 1}\n")
        #expect(json.errors.contains(#""failed":0,"unseen_columns":["totally_other"]}"#))
    }

    /// What a run that ended early left is no part of what the next one writes.
    @Test func keepsWholeWhatIsAppendedToAFileThatWasFull() throws {
        let assay = try folder()
        defer { assay.remove() }
        let gate = "\(Assay.binary.path) gate --quiet --suite orders.yaml --bad bad.jsonl > good.jsonl"
        let first = try shell(
            "trap '' XFSZ; ulimit -f 4; yes '{\"amount\": 500}' | head -5000 | \(gate) 2> errors", assay)
        #expect(first == 3)
        #expect(try assay.read("bad.jsonl").hasSuffix("}\n"))
        let lines = try assay.read("bad.jsonl").split(separator: "\n").count
        #expect(try shell("echo '{\"amount\": 700}' | \(gate)", assay) == 0)
        let all = try assay.read("bad.jsonl").split(separator: "\n")
        #expect(lines > 0 && all.count == lines + 1)
        for line in all { #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line.utf8)) } }
        #expect(all.last?.contains("700") == true)
    }

    @Test(arguments: ["gate --bad bad.jsonl --suite orders.yaml", "validate orders.yaml --data -"])
    func saysThatStandardInputIsClosed(_ command: String) throws {
        let assay = try folder()
        defer { assay.remove() }
        #expect(try shell("\(Assay.binary.path) \(command) <&- > out 2>&1", assay) == 3)
        #expect(try assay.read("out").contains("standard input: it is closed [unreadable]"))
    }

    /// A validation of the asset reads its values so.
    @Test func readsRecordsAsTheSuitesAssetSays() throws {
        let assay = try Assay()
        defer { assay.remove() }
        try assay.write(
            """
            assets:
              ev:
                json: ev.jsonl
                timezone: Europe/Berlin
                missing_values: [NA]
                columns: {t: timestamp, n: int64}

            """, to: "assay.yaml")
        try assay.write(
            """
            suite: ev
            asset: ev
            columns: {t: {between: ["2026-01-01T00:00:00Z", null]}, n: {between: [0, 10]}}

            """, to: "expectations/ev.yaml")
        let lines = [
            #"{"t":"2026-01-01 00:30:00","n":1}"#, #"{"t":"2026-01-01 01:30:00","n":"NA"}"#,
            #"{"t":"2026-01-01 01:30:00","n":"1"}"#,
        ]
        let input = lines.joined(separator: "\n")
        for suite in ["ev", "expectations/ev.yaml"] {
            let run = try assay("gate", "--suite", suite, "--bad", "bad.jsonl", input: input)
            #expect(run.output == lines[1] + "\n", "\(run.errors)")
        }
        let utc = try assay("gate", "--suite", "ev", "--bad", "bad.jsonl", "--timezone", "UTC", input: input)
        #expect(utc.output == lines[..<2].joined(separator: "\n") + "\n")
        try assay.write(input, to: "ev.jsonl")
        let run = try assay("validate", "ev", "--no-keep")
        #expect(run.output.contains("1 of 3 values of t are not"), "\(run.output)")
        #expect(run.output.contains("1 of 2 values of n are not"))
    }

    /// Texts that a rule compares with times are times, whoever asks, and however they come.
    @Test func judgesTextsThatAreNoTimesAsValidationsAndPipelinesDo() throws {
        let assay = try Assay()
        defer { assay.remove() }
        try assay.write(
            """
            assets: {bronze.o: {delta: bronze}, silver.o: {delta: silver}, other.bronze: {delta: b2}, other.silver: {delta: s2}}
            pipelines:
              whole:
                source: {files: whole, settle: 0s}
                bronze: {asset: bronze.o}
                silver: {asset: silver.o, gate: {suite: s}}
              cut:
                source: {files: cut, settle: 0s}
                bronze: {asset: other.bronze}
                silver: {asset: other.silver, gate: {suite: s}}

            """, to: "assay.yaml")
        try assay.write(
            "suite: s\ncolumns: {d: {between: [\"2024-01-01\", \"2024-12-31\"]}}\n", to: "expectations/s.yaml")
        let days = ["2024-01-31", "2024-02-30", "2024-1-5", "2024-06-31T99:99"]
        let lines = days.map { "{\"d\":\"\($0)\"}\n" }
        let gate = try assay("gate", "--suite", "s", "--bad", "bad.jsonl", input: lines.joined())
        #expect(gate.output == lines[0])
        try assay.write(lines.joined(), to: "all.jsonl")
        try assay.write((["d"] + days).joined(separator: "\n"), to: "all.csv")
        for file in ["all.jsonl", "all.csv"] {
            let run = try assay("validate", "s", "--data", file)
            #expect(run.status == 1)
            #expect(run.output.contains("3 of 4 values of d are not between 2024-01-01 and 2024-12-31 (75%)."))
        }
        try assay.write(lines.joined(), to: "whole/a.jsonl")
        try assay.write(lines[0], to: "cut/a.jsonl")
        let first = try assay("run", "--once")
        #expect(first.output.contains("batch 1: 4 records, 1 to silver, 3 quarantined"), "\(first.output)")
        try assay.write(lines[1...].joined(), to: "cut/b.jsonl")
        let second = try assay("run", "--once")
        #expect(second.output.contains("batch 2: 3 records, 0 to silver, 3 quarantined"), "\(second.output)")
    }

    @Test func writesBadRecordsToTheThirdDescriptor() throws {
        let assay = try folder()
        defer { assay.remove() }
        let status = try shell(
            "printf '{}\\n' | \(Assay.binary.path) gate --quiet --suite orders.yaml 3> bad.jsonl > good.jsonl", assay)
        #expect(status == 0)
        #expect(try assay.read("good.jsonl") == "")
        #expect(try assay.read("bad.jsonl").contains(#""raw":"{}""#))
    }

    @Test func pointsAtARuleThatDoesNotFit() throws {
        let assay = try Assay()
        defer { assay.remove() }
        try assay.write(
            """
            suite: s
            columns: {name: {type: text}}
            expectations:
              - expect_column_values_to_be_between: {column: name, min_value: 0}

            """, to: "s.yaml")
        let run = try assay("gate", "--suite", "s.yaml", "--bad", "bad.jsonl", input: "{\"name\": \"x\"}\n")
        #expect(run.status == 2)
        #expect(
            run.errors == """
                s.yaml:4:5: error: name is text, but the bound 0 is not [wrong-type]
                  hint: declare the column's type in the suite, as in columns: {name: {type: float64}}

                """)
    }

    /// Nothing would be checked, and all would seem well.
    @Test func refusesASuiteThatAsksNothingOfRecords() throws {
        let assay = try Assay()
        defer { assay.remove() }
        let suite = "suite: s\nexpectations: [{expect_table_row_count_to_be_between: {min_value: 5}}]\n"
        try assay.write(suite, to: "s.yaml")
        let run = try assay("gate", "--suite", "s.yaml", "--bad", "bad.jsonl", input: "{\"id\": 1}\n")
        #expect(run.status == 2)
        #expect(run.output.isEmpty)
        #expect(
            run.errors == """
                error: s expects nothing of single records, and a gate would let all of them pass
                  hint: expectations about the table as a whole are for assay validate, or for a pipeline's gate

                """)
    }

    @Test func tellsWhichRuleACountIsOf() throws {
        let assay = try Assay()
        defer { assay.remove() }
        try assay.write(
            "suite: s\nexpectations: [{expect_column_values_to_not_be_null: {column: id, id: there}}]\n", to: "s.yaml")
        let run = try assay(
            "gate", "--suite", "s.yaml", "--bad", "bad.jsonl", "--format", "json", input: "{\"id\": 1}\n{}\n")
        #expect(
            run.errors == """
                {"version":1,"records":2,"passed":1,"warned":0,"quarantined":1,"dropped":0,"malformed":0,"rules":[\
                {"expectation":"expect_column_values_to_not_be_null","id":"there","columns":["id"],\
                "message":"rows have a value in id","action":"quarantine","failed":1,"unseen_columns":[]}],"not_checked":[]}

                """)
    }

    /// What could not be written is nowhere, and not counted.
    @Test(
        .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")),
        arguments: [
            ("--bad /dev/full > good.jsonl", "0 records: 0 passed, 0 kept apart, 0 dropped"),
            ("--bad bad.jsonl > /dev/full", "1 record: 0 passed, 1 kept apart, 0 dropped"),
        ]) func countsWhatWasWritten(_ outputs: String, _ counts: String) throws
    {
        let assay = try folder()
        defer { assay.remove() }
        let status = try shell(
            "printf '{\"id\": 1}\\n{}\\n' | \(Assay.binary.path) gate --suite orders.yaml \(outputs) 2> errors", assay)
        #expect(status == 3)
        #expect(try assay.read("errors").split(separator: "\n").first.map(String.init) == counts)
    }

    @Test func endsWithOneWhereARuleStopsTheStream() throws {
        let assay = try Assay()
        defer { assay.remove() }
        try assay.write("suite: s\ncolumns: {a: {between: [0, 5], on_fail: stop}}\n", to: "s.yaml")
        let run = try assay(
            "gate", "--suite", "s.yaml", "--bad", "bad.jsonl", input: "{\"a\": 1}\n{\"a\": 9}\n{\"a\": 2}\n")
        #expect(run.status == 1)
        #expect(run.output == "{\"a\": 1}\n")
        #expect(run.errors.hasSuffix("stopped at record 2, which breaks: values of a are between 0 and 5\n"))
    }

    /// A record comes out before the next one is put in.
    @Test func doesNotWaitForMore() throws {
        let assay = try folder()
        defer { assay.remove() }
        let (process, input, output) = try start(assay, "orders.yaml")
        for number in 1...5 {
            let line = "{\"id\": \(number), \"amount\": 5}\n"
            try input.fileHandleForWriting.write(contentsOf: Data(line.utf8))
            let answer = try output.fileHandleForReading.read(upToCount: line.utf8.count) ?? Data()
            #expect(String(decoding: answer, as: UTF8.self) == line)
        }
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    /// A value that no guess by the first record could know of ends nothing.
    @Test func goesOnBehindAnOddValue() throws {
        let assay = try Assay()
        defer { assay.remove() }
        try assay.write("suite: s\ncolumns: {k: {unique: true}, amount: {between: [0, 9]}}\n", to: "s.yaml")
        let (process, input, output) = try start(assay, "s.yaml")
        let lines = [#"{"k": 1, "amount": 5}"#, #"{"k": 1.5, "amount": 5.5}"#, #"{"k": "a", "amount": 3}"#]
        for line in lines {
            try input.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8))
            let answer = try output.fileHandleForReading.read(upToCount: line.utf8.count + 1) ?? Data()
            #expect(String(decoding: answer, as: UTF8.self) == line + "\n")
        }
        try input.fileHandleForWriting.write(contentsOf: Data("{\"k\": 1.0}\n{\"amount\": \"x\"}".utf8))
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        let bad = try assay.read("bad.jsonl").split(separator: "\n")
        #expect(bad.map { $0.contains(#""rules":["expect_column_values_to_be_unique"]"#) } == [true, false])
        #expect(bad.map { $0.contains(#""rules":["expect_column_values_to_be_between"]"#) } == [false, true])
    }

    /// The input has no end: whoever reads the good records has had enough of them.
    @Test func endsQuietlyWhenNobodyReads() throws {
        let assay = try folder()
        defer { assay.remove() }
        let line = #"{"id": 1, "amount": 5}"#
        let status = try shell(
            """
            { yes '\(line)' | { \(Assay.binary.path) gate --suite orders.yaml --bad bad.jsonl 2> errors; echo $? > status; }; } \
              | head -1 > good.jsonl
            """, assay)
        #expect(status == 0)
        #expect(try assay.read("status") == "141\n")
        #expect(try assay.read("good.jsonl") == "\(line)\n")
        #expect(
            try assay.read("errors").replacing(/[0-9,]*[0-9]/, with: "N") == """
                N records: N passed, N kept apart, N dropped
                  N expectations about the table not checked

                """)
    }

    @Test func goesOnBehindARecordThatIsTooLong() throws {
        let assay = try folder()
        defer { assay.remove() }
        let status = try shell(
            """
            { printf '{"id": "'; head -c 17000000 /dev/zero | tr '\\0' x; printf '"}\n{"id": 2, "amount": 1}\n'; } \
              | \(Assay.binary.path) gate --suite orders.yaml --bad bad.jsonl > good.jsonl 2> errors
            """, assay)
        #expect(status == 0)
        #expect(try assay.read("good.jsonl") == "{\"id\": 2, \"amount\": 1}\n")
        let bad = try assay.read("bad.jsonl")
        #expect(bad.utf8.count < 5_000)
        #expect(
            bad.contains(
                #""errors":[{"rule":"row-too-long","columns":[],"message":"the row has 17000010 bytes, more than 16777216","action":"quarantine"}]}"#
            ))
    }

    /// A gate that waits for input.
    private func start(_ assay: Assay, _ suite: String) throws -> (process: Process, input: Pipe, output: Pipe) {
        let process = Process()
        process.executableURL = Assay.binary
        process.arguments = ["gate", "--quiet", "--suite", suite, "--bad", "bad.jsonl"]
        process.currentDirectoryURL = assay.folder
        let (input, output) = (Pipe(), Pipe())
        (process.standardInput, process.standardOutput) = (input, output)
        try process.run()
        return (process, input, output)
    }

    private func shell(_ command: String, _ assay: Assay) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        process.currentDirectoryURL = assay.folder
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
