import Foundation
import Testing

/// Backup, restore and retention as whoever runs Assay meets them.
@Suite struct OperationTests {
    private func project(retention: String = "") throws -> Assay {
        let assay = try Assay()
        try assay.write("id,amount\n1,2\n2,\n", to: "orders.csv")
        try assay.write(
            "suite: orders\nasset: orders\ncolumns:\n  amount: {required: true}\n", to: "expectations/orders.yaml")
        try assay.write("store: assay.db\nassets:\n  orders: {csv: orders.csv}\n" + retention, to: "assay.yaml")
        return assay
    }

    private func validate(_ assay: Assay, _ time: String) throws {
        let run = try assay("validate", "--now", time)
        #expect(run.status == 1, "\(run.errors)")
    }

    /// Which is where nobody is; the usual port may have somebody.
    @Test(arguments: ["127.0.0.1:9", "0.0.0.0:9"]) func healthIsAskedOfWhereTheProjectListens(_ listen: String) throws {
        let token = "{token: a-token-that-is-long-enough, role: read}"
        let assay = try project(retention: "service: {listen: \(listen), tokens: [\(token)]}\n")
        defer { assay.remove() }
        let run = try assay("health", "--timeout", "2")
        #expect(run.status == 3 && run.errors == "error: 127.0.0.1:9: nobody answers there [unreachable]\n")
    }

    /// A service may be well while somebody breaks its project's file.
    @Test func healthIsAskedOfWhereABrokenProjectListens() throws {
        let assay = try project(retention: "service: {listen: \"127.0.0.1:9\"}\ncolour: blue\n")
        defer { assay.remove() }
        let run = try assay("health", "--timeout", "2")
        #expect(run.status == 3 && run.errors == "error: 127.0.0.1:9: nobody answers there [unreachable]\n")
        try assay.write("service: {listen: ", to: "assay.yaml")
        let unread = try assay("health", "--timeout", "2")
        #expect(unread.status == 3)
        #expect(
            unread.errors
                == "error: assay.yaml doesn't say where its service listens\n  hint: name what is to be asked: --url\n")
    }

    @Test func aBackupIsRestoredByPuttingItInTheStoresPlace() throws {
        let assay = try project()
        defer { assay.remove() }
        try validate(assay, "2026-11-01T10:00:00Z")
        let backup = try assay("backup", "--to", "saved/")
        #expect(backup.status == 0, "\(backup.errors)")
        let name = try #require(assay.names(in: "saved").first)
        #expect(backup.output.hasPrefix("saved/\(name): 1 run, ") && backup.output.hasSuffix(" bytes, checked\n"))
        let before = try assay("history", "--format", "json").output
        try validate(assay, "2026-11-01T11:00:00Z")

        let store = "assay.db"
        for file in assay.names(in: ".") where file.hasPrefix(store) {
            try FileManager.default.removeItem(at: assay.folder.appendingPathComponent(file))
        }
        try FileManager.default.copyItem(
            at: assay.folder.appendingPathComponent("saved/\(name)"), to: assay.folder.appendingPathComponent(store))
        #expect(try assay("history", "--format", "json").output == before)
        try validate(assay, "2026-11-01T12:00:00Z")
    }

    @Test func theFolderKeepsTheNewest() throws {
        let assay = try project()
        defer { assay.remove() }
        try validate(assay, "2026-11-01T10:00:00Z")
        for _ in 0..<3 { #expect(try assay("backup", "--keep", "2").status == 0) }
        #expect(assay.names(in: "backups").count == 2)
    }

    @Test func aFileIsNotReplaced() throws {
        let assay = try project()
        defer { assay.remove() }
        try validate(assay, "2026-11-01T10:00:00Z")
        #expect(try assay("backup", "--to", "one.db").status == 0)
        let again = try assay("backup", "--to", "one.db")
        #expect(again.status == 3)
        #expect(
            again.errors == """
                error: one.db: something is there already, and a backup replaces nothing [name-taken]
                  hint: name another file, or a folder: there every backup has a name of its own

                """)
        #expect(try assay("backup", "--to", "one.db", "--keep", "3").status == 2)
    }

    @Test func whatIsTooOldGoesAndAPreviewTellsWhat() throws {
        let assay = try project(retention: "service: {retention: {results: 30d, reports: 10d}}\n")
        defer { assay.remove() }
        for day in ["09-01", "10-20", "10-25", "11-01"] { try validate(assay, "2026-\(day)T10:00:00Z") }
        for name in assay.names(in: "reports") {
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 1_000_000_000)],
                ofItemAtPath: assay.folder.appendingPathComponent("reports/\(name)").path)
        }
        let preview = try assay("prune", "--dry-run", "--now", "2026-11-02T00:00:00Z")
        #expect(preview.output == "would remove 1 run, 2 reports\n", "\(preview.errors)")
        let done = try assay("prune", "--now", "2026-11-02T00:00:00Z", "--compact")
        #expect(done.output.hasPrefix("removed 1 run, 2 reports\n"), "\(done.errors)")
        #expect(assay.names(in: "reports").filter { $0.hasPrefix("2026") }.count == 2)
        #expect(try assay("history").output.split(separator: "\n").count == 3)
        let again = try assay("prune", "--now", "2026-11-02T00:00:00Z", "--results", "forever")
        #expect(again.output.hasPrefix("nothing is too old\n"))
    }

    @Test func withoutAStoreThereIsNothingToPrune() throws {
        let assay = try project()
        defer { assay.remove() }
        #expect(try assay("prune").status == 3)
        #expect(!assay.names(in: ".").contains { $0.hasSuffix(".db") })
    }
}
