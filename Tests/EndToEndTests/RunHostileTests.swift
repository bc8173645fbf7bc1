import Foundation
import Tables
import Testing

/// `assay run` with input that is hostile, damaged or changing: each record is somewhere, and what can't be read is told of.
@Suite struct RunHostileTests {
    private static let project = """
        store: assay.db
        assets:
          bronze: {delta: data/bronze}
          silver: {delta: data/silver}
          kept: {delta: data/kept}
        pipelines:
          events:
            source: {files: landing, settle: 0s, max_row_bytes: 1000000, columns: {id: int64, note: string}}
            batch: {max_files: 1}
            bronze: {asset: bronze}
            silver: {asset: silver, gate: {suite: events}}
            quarantine: {asset: kept}

        """

    private func project() throws -> Assay {
        let assay = try Assay()
        try assay.write(Self.project, to: "assay.yaml")
        try assay.write(
            "suite: events\ncolumns: {id: {required: true, between: [0, null]}}\n", to: "expectations/e.yaml")
        return assay
    }

    /// A pipeline that is named twice is one; what it is asked about and nobody has sent, each batch says.
    @Test func tellsOfColumnsThatNoRecordHas() throws {
        let assay = try project()
        defer { assay.remove() }
        try assay.write(
            "suite: events\ncolumns: {nowhere: {between: [0, 1]}}\n", to: "expectations/e.yaml")
        // A suite that no pipeline uses is none of theirs.
        try assay.write("suite: spare\ncolumns: {a: {required: true}}\n", to: "expectations/f.yaml")
        try land(#"{"id": 1}"#, "a.jsonl", 1, assay)
        let run = try assay("run", "--once", "events", "events")
        #expect(run.status == 0)
        #expect(run.output.hasSuffix("; no record has had a value of \"nowhere\" (gate)\n"))
        #expect(run.output.hasPrefix("batch 1: 1 record, 1 to silver ("))
        let status = try assay("pipelines")
        #expect(status.status == 0)
        #expect(status.output.contains("\n  no record has had a value of \"nowhere\" (gate)\n"))
        let document = try #require(JSON(text: try assay("pipelines", "--format", "json").output))
        #expect(
            document["pipelines"]?.items?.first?["unseen_columns"]?.text()
                == #"[{"column":"nowhere","readers":["gate"]}]"#)
        #expect(try assay("check").status == 2)
    }

    /// Puts a file into the landing folder whose time says that it is the so-manieth.
    private func land(_ data: Data, _ name: String, _ number: Int, _ assay: Assay) throws {
        try assay.write(data, to: "landing/\(name)")
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_700_000_000 + Double(number))],
            ofItemAtPath: assay.folder.appendingPathComponent("landing/\(name)").path)
    }

    private func land(_ text: String, _ name: String, _ number: Int, _ assay: Assay) throws {
        try land(Data(text.utf8), name, number, assay)
    }

    private func run(_ assay: Assay, now: String = "2026-11-20T12:00:00Z", dieAt: String? = nil) throws -> Assay.Run {
        try assay(
            "run", "--once", "--format", "json", "--now", now,
            environment: dieAt.map { ["ASSAY_DIE_AT": $0] } ?? [:])
    }

    /// The records that are kept apart, as they came.
    private func raw(_ assay: Assay) throws -> [[UInt8]] {
        let lines = try assay("inspect", "data/kept", "--rows", "100000").output.split(separator: "\n")
        return try lines.map { line in
            let json = try #require(JSON(text: String(line)))
            if let text = json["raw"]?.string { return Array(text.utf8) }
            return Array(try #require(Data(base64Encoded: json["raw_base64"]?.string ?? "-")))
        }
    }

    /// Rows of a layer, as `assay inspect` counts them.
    private func rows(_ layer: String, _ assay: Assay) throws -> [[String: Any]] {
        let run = try assay("inspect", "data/\(layer)", "--rows", "100000")
        guard run.status == 0 else { return [] }
        return try run.output.split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
    }

    private func count(_ layer: String, _ assay: Assay) throws -> Int { try rows(layer, assay).count }

    private static let lines: [(String, [UInt8])] = [
        ("cut off", Array(#"{"id": 1, "#.utf8)), ("no object", Array("[1, 2]".utf8)), ("a number", Array("7".utf8)),
        ("two on a line", Array(#"{"id": 1}{"id": 2}"#.utf8)),
        ("half a pair", Array(#"{"id": 1, "note": "\ud800"}"#.utf8)),
        ("no UTF-8", [0x7B, 0x22, 0x69, 0x64, 0x22, 0x3A, 0x31, 0x2C, 0x22, 0xE9, 0x22, 0x3A, 0x31, 0x7D]),
        ("zero bytes", [0, 0, 0, 0]),
        ("UTF-16", Array("{\"id\": 1}".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })),
        ("a byte order mark inside", Array("\u{FEFF}{\"id\": 1}".utf8)),
        ("too large a number", Array(#"{"id": 1e400}"#.utf8)),
        ("no number", Array(#"{"id": NaN}"#.utf8)), ("a number too large", Array(#"{"id": 9223372036854775808}"#.utf8)),
        (
            "a hundred thousand brackets",
            Array("{\"id\": 1, \"note\": ".utf8) + [UInt8](repeating: 0x5B, count: 100_000)
        ),
        (
            "closed brackets",
            Array("{\"id\":1,\"note\":".utf8) + [UInt8](repeating: 0x5B, count: 5_000)
                + [UInt8](repeating: 0x5D, count: 5_000) + [0x7D]
        ),
        ("objects in objects", Array(String(repeating: "{\"a\":", count: 20_000).utf8)),
        ("nothing where a key is wanted", Array(#"{"": 1, "id": -5}"#.utf8)),
    ]

    @Test func putsEveryRecordSomewhere() throws {
        let assay = try project()
        defer { assay.remove() }
        // Good records around each of them; the last one ends without a line feed.
        let good = Array("\n{\"id\": 7, \"note\": \"good\"}\n".utf8)
        try land("{\"id\": 7, \"note\": \"good\"}\n", "a.jsonl", 0, assay)
        try land(Data(Self.lines.flatMap { $0.1 + good } + Array("{\"id\": 9}".utf8)), "b.jsonl", 1, assay)
        let run = try run(assay)
        #expect(run.status == 0, "\(run.errors)")
        let total = 1 + Self.lines.count * 2 + 1
        #expect(try count("bronze", assay) == total)
        let silver = try rows("silver", assay)
        #expect(silver.count { $0["note"] as? String == "good" } == Self.lines.count + 1)
        let kept = try rows("kept", assay)
        #expect(silver.count + kept.count == total)
        // Each is there as it came, byte by byte.
        let raw = try Set(raw(assay))
        #expect(raw.count == kept.count)
        #expect(raw.isSubset(of: Set(Self.lines.map(\.1))))
        #expect(raw.count >= Self.lines.count - 3)
    }

    @Test func setsAsideWhatCannotBeReadAndGoesOn() throws {
        let assay = try project()
        defer { assay.remove() }
        try land("{\"id\": 1}\n", "a.jsonl", 0, assay)
        try land(Data([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xFF, 0xFF]), "broken.jsonl.gz", 2, assay)
        try land("PAR1 and nothing more PAR1", "broken.parquet", 3, assay)
        try land("", "empty.jsonl", 4, assay)
        try land("{\"id\": 3}\n", "z.jsonl", 5, assay)
        let run = try run(assay)
        #expect(run.status == 3, "\(run.errors)")
        for name in ["broken.jsonl.gz", "broken.parquet"] {
            #expect(run.errors.contains("\(name) is set aside: "), "\(run.errors)")
        }
        #expect(try count("silver", assay) == 2)
        // They are still there, and tried again.
        let again = try self.run(assay)
        #expect(again.status == 3 && again.errors.contains("broken.jsonl.gz is set aside: "), "\(again.errors)")
        #expect(assay.names(in: "landing").count == 5)
    }

    /// A record that is too long, and a quote that nobody closes, keep no other record of their file from being read.
    @Test func keepsLongRecordsApart() throws {
        let assay = try project()
        defer { assay.remove() }
        let good = String(repeating: "{\"id\": 7, \"note\": null}\n", count: 90_000)
        let long = "{\"id\": 8, \"note\": \"\(String(repeating: "x", count: 20_000_000))\"}\n"
        try land(good + long + "{\"id\": 9}\n", "long.jsonl", 0, assay)
        try land("id,note\n1,a\n2,\"open\n3,c\n4,d\n", "open.csv", 1, assay)
        let run = try run(assay)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors == "")
        #expect(try count("silver", assay) == 90_002)
        let kept = try rows("kept", assay).map { $0["rules"] as? [String] ?? [] }
        #expect(kept == [["row-too-long"], ["unclosed-quote"]])
    }

    /// Planned, then changed before it was read.
    @Test(arguments: ["shorter", "replaced", "gone"]) func readsWhatIsThereNow(_ change: String) throws {
        let assay = try project()
        defer { assay.remove() }
        try land("{\"id\": 1}\n{\"id\": 2}\n{\"id\": 3}\n", "a.jsonl", 0, assay)
        try land("{\"id\": 4}\n", "b.jsonl", 1, assay)
        #expect(try run(assay, dieAt: "planned:1").status == SIGKILL)
        let path = assay.folder.appendingPathComponent("landing/a.jsonl")
        switch change {
        case "shorter": #expect(truncate(path.path, 10) == 0)
        case "replaced":
            // The old file is there until the new one has its name, so that they are two to the file system.
            try land("{\"id\": 5}\n{\"id\": 6}\n", ".a.jsonl", 2, assay)
            let new = assay.folder.appendingPathComponent("landing/.a.jsonl")
            try #require(rename(new.path, path.path) == 0)
        default: try FileManager.default.removeItem(at: path)
        }
        let run = try run(assay)
        // What it had at first can't be read any more; a file that is another one is no error.
        #expect(run.status == (change == "replaced" ? 0 : 3), "\(run.errors)")
        #expect(run.errors.contains("a.jsonl"), "\(run.errors)")
        let wanted = ["shorter": [1, 4], "replaced": [4, 5, 6], "gone": [4]]
        #expect(try rows("silver", assay).compactMap { $0["id"] as? Int }.sorted() == wanted[change])
        // Nothing of the first attempt is left.
        let hidden = assay.names(in: "data/silver").filter { $0.hasPrefix(".") }
        #expect(hidden == [])
    }

    @Test func readsAFileAgainThatWasReplacedUnderItsName() throws {
        let assay = try project()
        defer { assay.remove() }
        try land("{\"id\": 1}\n", "a.jsonl", 0, assay)
        #expect(try run(assay).status == 0)
        try FileManager.default.removeItem(at: assay.folder.appendingPathComponent("landing/a.jsonl"))
        try land("{\"id\": 2}\n{\"id\": -1}\n", "a.jsonl", 5, assay)
        let run = try run(assay)
        #expect(run.status == 0, "\(run.errors)")
        #expect(try rows("silver", assay).compactMap { $0["id"] as? Int }.sorted() == [1, 2])
        #expect(try count("kept", assay) == 1)
        // Replaced once more, by less: no process reads it again, and nothing of it waits.
        try land("{\"id\": 3}\n", "a.jsonl", 6, assay)
        #expect(try self.run(assay).status == 0)
        for _ in 0..<2 { #expect(try self.run(assay).output == "") }
        #expect(try rows("silver", assay).compactMap { $0["id"] as? Int }.sorted() == [1, 2, 3])
        let status = try assay("pipelines").output
        #expect(status.contains("  backlog 0 files, 0 bytes\n"), "\(status)")
    }

    @Test func goesOnWhereTheClockGoesBack() throws {
        let assay = try project()
        defer { assay.remove() }
        for (number, now) in ["2026-11-20T12:00:00Z", "2026-11-19T12:00:00Z", "1970-01-01T00:00:00Z"].enumerated() {
            try land("{\"id\": \(number), \"note\": null}\n", "\(number).jsonl", number, assay)
            let run = try run(assay, now: now)
            #expect(run.status == 0 && run.errors == "", "\(run.errors)")
            #expect(try count("silver", assay) == number + 1)
        }
        // Also after a death whose batch was planned later than now.
        try land("{\"id\": 3}\n", "3.jsonl", 3, assay)
        #expect(try run(assay, now: "2030-01-01T00:00:00Z", dieAt: "prepared:1").status == SIGKILL)
        #expect(try run(assay, now: "2026-11-20T12:00:00Z").status == 0)
        #expect(try count("silver", assay) == 4)
    }

    @Test func runsOnceAtATime() throws {
        let assay = try project()
        defer { assay.remove() }
        try land("{\"id\": 1}\n", "a.jsonl", 0, assay)
        #expect(try run(assay).status == 0)
        let lock = assay.folder.appendingPathComponent("pipelines/events/lock")
        let descriptor = open(lock.path, O_RDWR)
        defer { close(descriptor) }
        #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        let run = try run(assay)
        #expect(run.status == 3)
        #expect(run.errors.contains("another process runs this pipeline [is-running]"), "\(run.errors)")
    }

    /// Of a format that says more than records do, a file without a byte is damaged; others have no records.
    @Test func anEmptyParquetFileIsSetAside() throws {
        let assay = try project()
        defer { assay.remove() }
        try land(Data(), "a.parquet", 1, assay)
        try land(Data(), "b.jsonl", 2, assay)
        let reason = "the file is empty [not-parquet]"
        let plan = try assay("plan")
        #expect(plan.status == 3)
        #expect(plan.output.contains("\n  set aside a.parquet: \(reason)\n"), "\(plan.output)")
        let run = try run(assay)
        #expect(run.status == 3)
        #expect(run.errors == "events: a.parquet is set aside: \(reason)\n")
        #expect(try assay("pipelines").output.contains("\n  set aside a.parquet: \(reason)\n"))
    }

    @Test func tellsOfAHeldFileThatIsGone() throws {
        let assay = try project()
        defer { assay.remove() }
        try assay.write(
            "suite: events\ncolumns: {id: {between: [0, null], on_fail: stop}}\n", to: "expectations/e.yaml")
        try land("{\"id\": -1, \"note\": \"x\"}\n", "a.jsonl", 1, assay)
        try land("{\"id\": 2, \"note\": \"x\"}\n", "b.jsonl", 2, assay)
        #expect(try run(assay).status == 1)
        try FileManager.default.removeItem(at: assay.folder.appendingPathComponent("landing/a.jsonl"))
        let run = try run(assay, now: "2026-11-20T13:00:00Z")
        #expect(run.status == 3)
        let reason = "it is gone, and its records (24 bytes) were held with batch 1: they are in no table [not-found]"
        #expect(
            run.errors == """
                events: batch 1 was held when the process before this one ended
                events: a.jsonl is set aside: \(reason)

                """)
        #expect(try count("silver", assay) == 1)
        #expect(try assay("pipelines").output.contains("  set aside a.jsonl: \(reason)\n"))
    }

    /// What took the place of a held file isn't what was held.
    @Test func tellsOfAHeldFileThatWasOverwritten() throws {
        let assay = try project()
        defer { assay.remove() }
        try assay.write(
            "suite: events\ncolumns: {id: {between: [0, null], on_fail: stop}}\n", to: "expectations/e.yaml")
        try land("{\"id\": -1, \"note\": \"x\"}\n", "a.jsonl", 1, assay)
        #expect(try run(assay).status == 1)
        try land("{\"id\": 2, \"note\": null}\n", "a.jsonl", 2, assay)
        let run = try run(assay, now: "2026-11-20T13:00:00Z")
        #expect(run.status == 3)
        let reason =
            "it was written to, and its records (24 bytes) were held with batch 1: those that it no longer has are in "
            + "no table [changed]"
        #expect(
            run.errors == """
                events: batch 1 was held when the process before this one ended
                events: a.jsonl is set aside: \(reason)

                """)
        #expect(try count("silver", assay) == 1)
    }

    /// A batch that was begun and not decided has lost as much as one that was held.
    @Test func tellsOfAPlannedFileThatIsGone() throws {
        let assay = try project()
        defer { assay.remove() }
        try land("{\"id\": 1, \"note\": \"x\"}\n", "a.jsonl", 1, assay)
        try land("{\"id\": 2, \"note\": null}\n", "b.jsonl", 2, assay)
        #expect(try run(assay, dieAt: "planned").status != 0)
        try FileManager.default.removeItem(at: assay.folder.appendingPathComponent("landing/a.jsonl"))
        let run = try run(assay)
        #expect(run.status == 3)
        let reason = "it is gone, and its records (23 bytes) were planned for batch 1: they are in no table [not-found]"
        #expect(
            run.errors == """
                events: batch 1 was planned when the process before this one ended; it is run again
                events: a.jsonl is set aside: \(reason)

                """)
        #expect(try count("silver", assay) == 1)
        #expect(try assay("pipelines").output.contains("  set aside a.jsonl: \(reason)\n"))
    }

    /// A terminal shows a name, and does nothing that it says.
    @Test func namesDoNothingToATerminal() throws {
        let assay = try project()
        defer { assay.remove() }
        try land(Data([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xFF, 0xFF]), "ev\u{1B}[31m\nfake.jsonl.gz", 1, assay)
        let run = try run(assay)
        #expect(run.status == 3)
        #expect(run.errors.hasPrefix("events: ev\\u{1b}[31m\\nfake.jsonl.gz is set aside: "), "\(run.errors)")
        #expect(run.errors.filter { $0 == "\n" }.count == 1)
        #expect(!run.errors.contains("\u{1B}"))
    }

    @Test func tellsOfNamesThatSayNothing() throws {
        let assay = try project()
        defer { assay.remove() }
        for name in ["noext", "x.jsonl.bz2", "x.xml"] { try land("x\n", name, 1, assay) }
        let note =
            "noext and 2 more files are not read: their names have no extension of a format [unknown-extension]"
        let run = try run(assay)
        #expect(run.status == 0)
        #expect(run.errors == "events: \(note)\n")
        #expect(try assay("plan").output.contains("\n  \(note)\n"))
        #expect(try assay("pipelines").output.contains("\n  backlog 0 files, 0 bytes\n    \(note)\n"))
    }

    /// What waits behind a changed file is counted, and why it waits is told.
    @Test func tellsWhatAChangedFileStops() throws {
        let assay = try project()
        defer { assay.remove() }
        try assay.write(Self.project.replacing("settle: 0s", with: "settle: 0s, on_change: fail"), to: "assay.yaml")
        try land("{\"id\": 1}\n", "a.jsonl", 1, assay)
        #expect(try run(assay).status == 0)
        try land("{\"id\": 1}\n{\"id\": 2}\n", "a.jsonl", 2, assay)
        try land("{\"id\": 3}\n", "b.jsonl", 3, assay)
        #expect(try run(assay).status == 3)
        let pipelines = try assay("pipelines").output
        #expect(
            pipelines.contains(
                """

                  backlog 1 file, 10 bytes, the oldest of 2023-11-14T22:13:23Z
                    nothing of it is read: a.jsonl: the file has changed since it was read [changed]

                """), "\(pipelines)")
    }

    /// The project with a gold table of that name, or without one.
    private func writeProject(gold name: String?, _ assay: Assay) throws {
        let gold = name.map {
            """
                gold:
                  - asset: \($0)
                    window: {column: at, size: 1h}
                    aggregate: {n: "count(*)"}

            """
        }
        try assay.write(
            Self.project.replacing("id: int64,", with: "id: int64, at: timestamp,").replacing(
                "kept: {delta: data/kept}", with: "kept: {delta: data/kept}\n  g: {delta: data/g}\n  h: {delta: data/h}"
            ) + (gold ?? ""), to: "assay.yaml")
    }

    /// Windows of a table that was renamed wait for it, and nobody tries to close them for ever.
    @Test func tellsOfWindowsWithoutATable() throws {
        let assay = try project()
        defer { assay.remove() }
        try writeProject(gold: "g", assay)
        try land("{\"id\": 1, \"at\": \"2026-11-20T10:00:00Z\"}\n", "a.jsonl", 1, assay)
        #expect(try run(assay).status == 0)
        let note =
            "1 open window is kept of gold.g, which is no table of the pipeline any more: they go on when it is one again, "
            + "without the records that come meanwhile"
        for name in ["h", nil] {
            try writeProject(gold: name, assay)
            let run = try assay("run", "--once", "--close-windows", "--now", "2026-11-20T12:00:00Z")
            #expect(run.status == 0)
            #expect(run.errors == "events: \(note)\n")
            #expect(run.output == "")
            #expect(try assay("pipelines").output.contains("\n  \(note)\n"))
        }
        try writeProject(gold: "g", assay)
        let run = try assay("run", "--once", "--close-windows", "--now", "2026-11-20T12:00:00Z")
        #expect(run.status == 0 && run.errors == "", "\(run.errors)")
        #expect(try count("g", assay) == 1)
    }

    /// A record of 2099 stays by itself, however often windows are closed.
    @Test func aFlushBelievesNoWrongClock() throws {
        let assay = try project()
        defer { assay.remove() }
        try writeProject(gold: "g", assay)
        try land(
            "{\"id\": 1, \"at\": \"2026-11-20T10:00:00Z\"}\n{\"id\": 2, \"at\": \"2099-01-01T00:00:00Z\"}\n", "a.jsonl",
            1,
            assay)
        for _ in 0..<2 {
            let run = try assay("run", "--once", "--close-windows", "--now", "2026-11-20T12:00:00Z")
            #expect(run.status == 0, "\(run.errors)")
        }
        #expect(try assay("pipelines").output.contains("\n  watermark 2026-11-20T11:00:00Z\n"))
        try land("{\"id\": 3, \"at\": \"2026-11-20T11:30:00Z\"}\n", "b.jsonl", 2, assay)
        #expect(try assay("run", "--once", "--close-windows", "--now", "2026-11-20T12:00:00Z").status == 0)
        #expect(try rows("g", assay).compactMap { $0["window_start"] as? String }.count == 2)
    }

    /// One that was renamed meanwhile is there.
    @Test func aHeldFileThatWasRenamedIsRead() throws {
        let assay = try project()
        defer { assay.remove() }
        let suite = "suite: events\ncolumns: {id: {between: [0, null], on_fail: stop}}\n"
        try assay.write(suite, to: "expectations/e.yaml")
        try land("{\"id\": -1, \"note\": \"x\"}\n", "a.jsonl", 1, assay)
        #expect(try run(assay).status == 1)
        let landing = assay.folder.appendingPathComponent("landing")
        try FileManager.default.moveItem(
            at: landing.appendingPathComponent("a.jsonl"), to: landing.appendingPathComponent("b.jsonl"))
        try assay.write(suite.replacing("0, null", with: "-1, null"), to: "expectations/e.yaml")
        let run = try run(assay)
        #expect(run.status == 0, "\(run.errors)")
        #expect(try count("silver", assay) == 1)
    }

    /// What is said of records that can't be read makes no columns, and what was not kept can't be mended.
    @Test func mendedRecordsBringNoColumnsOfOurs() throws {
        let assay = try project()
        defer { assay.remove() }
        let long = String(repeating: "x", count: 1_100_000)
        try land("id,note\n1,\(long)\n2,b,more\n3,c\n", "a.csv", 1, assay)
        #expect(try run(assay).status == 0)
        let replay = try assay("quarantine", "replay", "events", "--set", "note='mended'", "--reason", "known")
        #expect(
            replay.output == """
                events: 1 record replayed: 1 to silver; 1 record left as before: they can't be read, or not be mended so
                  hint: of 1 record only the beginning was kept, which nothing can mend: raise max_row_bytes or mend the file, \
                and let it land again under another name

                """)
        try land("id,note\n4,d\n", "b.csv", 2, assay)
        #expect(try run(assay).status == 0)
        let silver = try rows("silver", assay)
        #expect(silver.compactMap { $0["id"] as? Int }.sorted() == [2, 3, 4])
        #expect(Set(silver.flatMap(\.keys)) == ["id", "note", "_rescued"])
    }
}
