import Foundation
import TestSupport
import Testing

@Suite struct CommandTests {
    static let commands = [[], ["validate"], ["report"], ["plan"], ["check"], ["history"], ["kinds"], ["init"]]

    @Test(arguments: commands) func explainsItself(_ command: [String]) throws {
        let assay = try Assay()
        defer { assay.remove() }
        let process = Process()
        process.executableURL = Assay.binary
        process.arguments = command + ["--help"]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let text = String(decoding: pipe.fileHandleForReading.everything(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(text.contains("USAGE: assay"))
        #expect(text.contains("OVERVIEW:"))
    }

    /// A command that stands first is parsed without the others; what is asked of the program is answered all the same.
    @Test func answersForTheProgramBehindACommand() throws {
        let assay = try Assay()
        defer { assay.remove() }
        for command in ["validate", "check"] {
            #expect(try assay(command, "--version").output == assay("--version").output)
            #expect(try assay(command, "--help").output == assay("help", command).output)
            #expect(
                try assay(command, "--generate-completion-script", "bash").output
                    == assay("--generate-completion-script", "bash").output)
        }
    }

    static let mistakes: [(arguments: [String], message: String)] = [
        (["validate", "--thread", "2"], "Unknown option '--thread'"),
        (["validate", "--threads", "0"], "--threads takes a number from 1 through 1024, not 0"),
        (
            ["validate", "--memory", "2XB"],
            "The value '2XB' is invalid for '--memory <size>': a size above 0 is wanted, as in 512MB, 1.5GiB or 1000000000"
        ),
        (["validate", "--memory", "0"], "The value '0' is invalid for '--memory <size>': a size above 0 is wanted"),
        (
            ["validate", "--now", "2024-13-01"],
            "The value '2024-13-01' is invalid for '--now <time>': a time in ISO 8601 is wanted, as in 2024-01-31 or "
                + "2024-01-31T14:30:00Z"
        ),
        (["validate", "--threads", "-1"], "--threads takes a number from 1 through 1024, not -1"),
        (["validate", "--memory", "-1"], "The value '-1' is invalid for '--memory <size>': a size above 0 is wanted"),
        (["history", "--limit", "-3", "--store", "x"], "--limit takes a number above 0, not -3"),
        (["health", "--timeout", "-1"], "--timeout takes a number of seconds above 0 and up to 600"),
        (["prune", "--results", "-4d"], "The value '-4d' is invalid for '--results <age>'"),
        (["kinds", "-1"], "Unknown option '-1'"),
        (["validate", "--fail-on", "loud"], "The value 'loud' is invalid for '--fail-on <severity>'"),
        (["validate", "--data", "x.csv"], "--data needs a suite to judge by"),
        (["validate", "nosuch", "--data", "x.csv"], "there is no suite or file \"nosuch\""),
        (["validate"], "assay.yaml"),
        (["frobnicate"], "Unexpected argument 'frobnicate'"),
        (["kinds", "expect_column_max_to_be_betwen"], "did you mean expect_column_max_to_be_between?"),
        (["history", "--limit", "0", "--store", "x"], "--limit takes a number above 0, not 0"),
        (
            ["inspect", "x.csv", "--delimiter", "\n"],
            #"--delimiter takes one ASCII character that can be printed, or the word tab, not "\n""#
        ),
        (
            ["inspect", "x.csv", "--delimiter", "\r"],
            #"--delimiter takes one ASCII character that can be printed, or the word tab, not "\r""#
        ),
        (
            ["inspect", "x.csv", "--delimiter", "\""],
            #"--delimiter takes another character than the one that quotes fields, ""#
        ),
        (
            ["validate", "x.yaml", "--data", "x.csv", "--delimiter", ";;"],
            "Usage: assay validate "
        ),
        (["plan", "x.yaml", "--data", "x.csv", "--timezone", "Mars/X"], "Usage: assay plan "),
        (["check", "nosuch.yaml"], "nosuch.yaml"),
        (["vacuum", "t", "--hours", "-1"], "--hours takes a number from 0 through 1000000, not -1"),
        (["optimize", "t", "--size", "-5"], "--size takes a size above 0, as in 64MiB, not \"-5\""),
        (["optimize", "t", "--size", "0"], "--size takes a size above 0, as in 64MiB, not \"0\""),
    ]

    @Test(arguments: mistakes) func refusesWithStatus2(_ mistake: (arguments: [String], message: String)) throws {
        let assay = try Assay()
        defer { assay.remove() }
        let process = Process()
        process.executableURL = Assay.binary
        process.arguments = mistake.arguments
        process.currentDirectoryURL = assay.folder
        let pipe = Pipe()
        (process.standardError, process.standardOutput) = (pipe, FileHandle.nullDevice)
        try process.run()
        let text = String(decoding: pipe.fileHandleForReading.everything(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 2)
        #expect(text.contains(mistake.message), "\(text)")
    }

    @Test func beginsAProjectThatPasses() throws {
        let assay = try Assay()
        defer { assay.remove() }
        let made = try assay("init")
        #expect(made.status == 0)
        #expect(made.output.contains("made: assay.yaml"))
        #expect(try assay("check").output.contains("no mistakes"))
        let run = try assay("validate")
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        #expect(try assay("init").output.contains("is there already: assay.yaml"))
        let history = try assay("history", "--format", "json")
        let runs = try JSONSerialization.jsonObject(with: Data(history.output.utf8)) as? [[String: Any]]
        #expect(runs?.count == 1)
        #expect(runs?.first?["outcome"] as? String == "passed")
    }

    @Test func plansWithoutJudging() throws {
        let assay = try Assay()
        defer { assay.remove() }
        _ = try assay("init")
        let plan = try assay("plan")
        #expect(plan.status == 0)
        #expect(plan.output.contains("amount      decimal(12,2)   declared, values"))
        #expect(plan.output.contains("a second pass fetches the repeated rows, only where there are any"))
        #expect(!FileManager.default.fileExists(atPath: assay.folder.appendingPathComponent("data/assay.db").path))
    }

    @Test func listsKinds() throws {
        let assay = try Assay()
        defer { assay.remove() }
        #expect(try assay("kinds").output.contains("expect_column_values_to_be_between"))
        let page = try assay("kinds", "expect_table_to_be_fresh").output
        #expect(page.contains("max_age"))
        #expect(page.contains("(required)"))
    }

    /// The sample project of the repository, as `scripts/run` runs and judges it.
    @Test func runsAndJudgesTheSampleProject() throws {
        let assay = try Assay()
        defer { assay.remove() }
        try FileManager.default.createDirectory(
            at: assay.folder.appendingPathComponent("data"), withIntermediateDirectories: true)
        for name in ["assay.yaml", "expectations", "data/landing"] {
            try FileManager.default.copyItem(
                at: Assay.package.appendingPathComponent(name), to: assay.folder.appendingPathComponent(name))
        }
        let stream = try assay("run", "--once", "--close-windows", "--now", "2026-11-20T12:00:00Z")
        #expect(stream.status == 0, "\(stream.errors)")
        #expect(
            stream.output.contains("4,609 records, 4,562 to silver, 38 quarantined, 9 repeated"), "\(stream.output)")
        let run = try assay("validate", "--now", "2026-11-20T12:00:00Z")
        #expect(run.status == 1)
        #expect(run.output.contains("37 expectations: 11 failed, 1 had nothing to check, 25 passed"), "\(run.output)")
        #expect(run.output.contains("9 expectations: 5 failed, 4 passed"))
        #expect(run.output.contains("11 expectations: 11 passed"))
        #expect(assay.names(in: "reports").count == 2)
        let again = try assay("run", "--once", "--close-windows", "--now", "2026-11-20T12:00:00Z")
        #expect(again.status == 0)
        #expect(again.output.isEmpty, "nothing has arrived since")
    }
}
