import Foundation
import Tables
import Testing

/// Reports of what is in the store.
@Suite struct ReportCommandTests {
    private static let project = """
        store: assay.db
        reports: {path: reports, values: VALUES}
        assets:
          orders: {csv: orders.csv}
          people: {csv: people.csv, tags: {email: pii}}
        validations:
          - {suite: orders}
          - {suite: people}

        """

    /// A project whose two validations have run, and of which one failed.
    private func make(values: String = "masked", isJudged: Bool = true) throws -> Assay {
        let assay = try Assay()
        try assay.write(Self.project.replacing("VALUES", with: values), to: "assay.yaml")
        try assay.write("id,note\n1,a|b\n2,<b>c</b>\n2,d\n", to: "orders.csv")
        try assay.write("email\nann@example.com\nbob\n", to: "people.csv")
        try assay.write(
            """
            suite: orders
            asset: orders
            columns: {id: {unique: true}, note: {matches: "^[a-z]$"}, gone: {required: true}}
            expectations:
              - expect_column_values_to_be_in_set: {column: id, value_set: [1, 2], row_condition: "id > 9"}
            """, to: "expectations/orders.yaml")
        try assay.write(
            "suite: people\nasset: people\ncolumns: {email: {matches: \"@\"}}\n", to: "expectations/people.yaml")
        if isJudged { #expect(try assay("validate", "--quiet").status == 3) }
        return assay
    }

    @Test func tellsTheLatestRunOfEachValidation() throws {
        let assay = try make()
        defer { assay.remove() }
        let report = try assay("report")
        #expect(report.status == 0)
        #expect(
            report.output.contains("orders on orders: 3 rows") && report.output.contains("people on people: 2 rows"))
        #expect(try assay("report", "--format", "text").output == report.output)
        let one = try assay("report", "--asset", "people")
        #expect(one.output.contains("people on people") && !one.output.contains("orders on orders"))
        #expect(try assay("report", "latest", "--validation", "people").output == one.output)
    }

    @Test func tellsARunByItsId() throws {
        let assay = try make()
        defer { assay.remove() }
        let history = try #require(JSON(text: assay("history", "people", "--format", "json").output))
        let id = try #require(history.items?.first?["id"]?.string)
        #expect(try assay("history", "people").output.contains("run \(id)"))
        try assay.write("email\nann@example.com\n", to: "people.csv")
        #expect(try assay("validate", "people", "--quiet").status == 0)
        let run = try #require(JSON(text: assay("report", id, "--format", "json").output))
        #expect(run["runs"]?.items?.map { $0["meta"]?["run_id"] } == [.string(id)])
        #expect(run["success"] == .boolean(false))
    }

    /// One renderer, whether a run comes from the store or was just judged: but for what no store keeps.
    @Test(arguments: ["html", "json", "junit", "markdown", "table"])
    func validateWritesTheSameFormats(_ format: String) throws {
        let assay = try make(isJudged: false)
        defer { assay.remove() }
        let judged = try assay("validate", "--format", format, "--now", "2026-11-01T10:00:00Z")
        #expect(judged.status == 3)
        let report = try assay("report", "--format", format)
        #expect(report.status == 0)
        if format == "markdown" { #expect(judged.output == report.output) }
        if format == "junit" {
            // The code behind an error is in no store.
            #expect(
                judged.output.replacing(/error type="[^"]*"/, with: "")
                    == report.output.replacing(/error type="[^"]*"/, with: ""))
        }
        #expect(report.output.contains("orders"))
        // A document is nothing but itself.
        #expect(judged.output.contains("results: ") == (format == "table"))
    }

    @Test func showsValuesAsTheProjectSays() throws {
        for (values, isShown) in [("masked", false), ("shown", true), ("absent", false)] {
            let assay = try make(values: values)
            defer { assay.remove() }
            for format in ["html", "junit", "markdown"] {
                let text = try assay("report", "--format", format).output
                #expect(
                    text.contains("c&lt;/b&gt;") || text.contains("c&#60;/b&#62;") ? isShown : !isShown,
                    "\(format) \(values)")
                #expect(!text.contains("bob"))
            }
            #expect(try !assay("report", "--format", "json").output.contains("bob"))
        }
    }

    @Test func writesAFileWholeByItsEnding() throws {
        let assay = try make()
        defer { assay.remove() }
        for (name, beginning) in [
            ("a.html", "<!doctype html>"), ("b.xml", "<?xml"), ("c.md", "## "), ("d.json", "{"), ("e.txt", "orders"),
            ("new/f", "orders"),
        ] {
            let run = try assay("report", "--output", name)
            #expect(run.status == 0 && run.output.isEmpty, "\(run.errors)")
            #expect(try assay.read(name).hasPrefix(beginning), "\(name)")
        }
        #expect(try assay("report", "-o", "a.html", "--format", "junit").status == 0)
        #expect(try assay.read("a.html").hasPrefix("<?xml"))
        let folder = try assay("report", "-o", "new")
        #expect(folder.status == 2 && folder.errors.contains("\"new\" is a folder"))
        let device = try assay("report", "-o", "/dev/null")
        #expect(device.status == 2 && device.errors.contains("is no regular file"))
        let barred = try assay("report", "-o", "/proc/nowhere/report.html")
        #expect(barred.status == 3 && barred.errors.contains("[unwritable-directory]"))
    }

    static let mistakes: [(arguments: [String], status: Int32, message: String)] = [
        (["nosuch"], 2, "there is no run \"nosuch\" in "),
        (["--asset", "order"], 2, "the asset \"order\" has no run in "),
        (["--validation", "peple"], 2, "did you mean people?"),
        (["--validation", "people", "--asset", "orders"], 2, "no run of people on orders is stored in "),
        (["some-run", "--asset", "orders"], 2, "--asset and --validation choose among the latest runs"),
        (["--format", "sarif"], 2, "- table\n  - text\n  - html\n  - json\n  - junit\n  - markdown\n"),
        (["--store", "absent.db"], 3, "[not-found]"),
    ]

    @Test(arguments: mistakes)
    func saysWhatIsWrong(_ arguments: [String], _ status: Int32, _ message: String) throws {
        let assay = try make()
        defer { assay.remove() }
        let run = try assay.run(["report"] + arguments)
        #expect(run.status == status && run.output.isEmpty)
        #expect(run.errors.contains(message), "\(run.errors)")
    }

    @Test func aStoreWithoutRunsHasNoReport() throws {
        let assay = try make()
        defer { assay.remove() }
        #expect(try assay("validate", "people", "--store", "other.db", "--quiet").status == 1)
        let project = try assay.read("assay.yaml")
        try assay.write(
            project.replacing("{suite: people}", with: "{suite: orders, asset: people}"), to: "assay.yaml")
        let foreign = try assay("report", "--store", "other.db")
        #expect(foreign.status == 2 && foreign.errors.contains("of the project's validations no run is stored"))
        #expect(try assay("report", "--store", "other.db", "--asset", "people").status == 0)
        try FileManager.default.removeItem(at: assay.folder.appendingPathComponent("assay.yaml"))
        #expect(try assay("report", "--store", "other.db").output.contains("people on people"))
        let none = try assay("report")
        #expect(none.status == 2 && none.errors.contains("there is no project file"))
    }
}
