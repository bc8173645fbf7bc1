import Reports
import Tables
import Testing

@Suite struct QuarantinePageTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let status: String
        let count: Int
        let headline: String
        var testDescription: String { "\(count) \(status)" }
    }

    static let cases = [
        Case(status: "quarantined", count: 0, headline: "Nothing is in quarantine"),
        Case(status: "quarantined", count: 50, headline: "50 records in quarantine"),
        Case(status: "discarded", count: 50, headline: "50 records were discarded"),
        Case(status: "released", count: 1, headline: "1 record was released"),
        Case(status: "replayed", count: 0, headline: "Nothing was replayed"),
        Case(status: "all", count: 2, headline: "2 records were kept apart"),
    ]

    private func page(_ status: String, count: Int, resolution: String? = nil) throws -> String {
        try QuarantinePage(
            QuarantineListing(
                pipeline: "orders", status: status, count: count,
                rules: [QuarantineListing.Rule(name: "amount", count: count, first: 0, last: 1, file: "a.csv")],
                records: [
                    QuarantineListing.Record(
                        id: "q1", attempt: 1, at: 0, file: "a.csv", row: 1, rules: ["amount"], errors: .array([]),
                        resolution: resolution)
                ])
        ).html()
    }

    @Test(arguments: cases) func saysWhatBecameOfThem(_ c: Case) throws {
        #expect(try page(c.status, count: c.count).contains("<h1>\(c.headline)</h1>"))
    }

    @Test func saysWhatBecameOfEach() throws {
        let page = try page("all", count: 2, resolution: "discarded by ann: sent <twice>")
        #expect(page.contains("What became of it") && page.contains("<td>discarded by ann: sent &lt;twice&gt;<td>"))
        #expect(try self.page("all", count: 2).contains("<td>nothing yet<td>"))
        #expect(!(try self.page("quarantined", count: 2)).contains("What became of it"))
    }

    /// On a telephone there is no head over the columns.
    @Test func columnsOfRulesNameThemselves() throws {
        let page = try page("all", count: 2)
        for label in ["first", "latest", "in", "records"] { #expect(page.contains("data-label=\"\(label)\"")) }
        #expect(page.contains(".stack td.n[data-label]{display:block"))
    }
}
