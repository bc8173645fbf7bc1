import Expectations
import Foundation
import Suites
import Tables
import TestSupport
import Testing

@Suite struct ProjectTests {
    private let folder: Scratch

    init() throws { folder = try Scratch() }

    private func load(_ text: String, environment: [String: String] = [:]) throws(SuiteProblems) -> Project {
        guard let path = try? folder.file(text, "assay.yaml") else { throw SuiteProblems([]) }
        return try Project.load(path: path, environment: environment)
    }

    private func problems(_ text: String) -> [String] {
        do {
            _ = try load(text)
            return []
        } catch {
            return Fixtures.lines(error, showsFile: true).map { $0.replacing(folder.directory + "/", with: "") }
        }
    }

    @Test func knowsItsDefaults() throws {
        let project = try load("description: nothing yet")
        #expect(project.store == folder.directory + "/data/assay.db")
        #expect(project.reports == folder.directory + "/reports")
        #expect(project.reportedValues == .masked)
        #expect(project.folder == folder.directory)
        #expect(project.assets.isEmpty)
        #expect(project.suites.isEmpty)
        #expect(project.validations.isEmpty)
    }

    @Test func readsAssetsWithAllTheirOptions() throws {
        let project = try load(
            """
            store: /var/lib/assay.db
            reports: {path: ./out, values: absent}
            assets:
              plain: {csv: "data/*.csv"}
              full:
                csv: [data/a.csv, "${WHERE}/b.csv.gz"]
                delimiter: "\\t"
                header: [id, amount]
                quote: "'"
                null: [NA, "-"]
                timezone: Europe/Berlin
                columns: {id: bigint, amount: decimal(12,2), price: decimal(10,2)}
                tags: {email: [pii], id: [key]}
                max_row_bytes: 1kB
                compression: gzip
              bare: {csv: b.csv, header: false, quote: false}
            """, environment: ["WHERE": "/data"])
        #expect(project.store == "/var/lib/assay.db")
        #expect(project.reports == folder.directory + "/out")
        #expect(project.reportedValues == .absent)
        let plain = try #require(project.asset(named: "plain"))
        #expect(plain.patterns == [folder.directory + "/data/*.csv"])
        #expect(plain.text.delimiter == nil)
        #expect(plain.text.header == .automatic)
        #expect(plain.text.quote == 0x22)
        #expect(plain.text.maximumRowBytes == nil)
        #expect(plain.text.compression == .automatic)
        let full = try #require(project.asset(named: "full"))
        #expect(full.patterns == [folder.directory + "/data/a.csv", "/data/b.csv.gz"])
        #expect(full.text.delimiter == 0x09)
        #expect(full.text.header == .names(["id", "amount"]))
        #expect(full.text.quote == 0x27)
        #expect(full.text.missingValues == ["NA", "-"])
        #expect(full.text.timezone == "Europe/Berlin")
        #expect(
            full.text.declaredTypes.mapValues(\.type) == [
                "id": .int64, "amount": .decimal(precision: 12, scale: 2), "price": .decimal(precision: 10, scale: 2),
            ])
        #expect(full.personalColumns == ["email"])
        #expect(full.text.timezoneMark?.line == 11)
        #expect(full.text.maximumRowBytes == 1000)
        #expect(full.text.compression == .gzip)
        let bare = try #require(project.asset(named: "bare"))
        #expect(bare.text.header == .absent)
        #expect(bare.text.quote == nil)
    }

    @Test func readsAssetsWithStoredTypes() throws {
        let project = try load(
            """
            assets:
              files: {parquet: ["a.parquet", "b/*.parquet"], tags: {email: [pii]}}
              newest: {delta: tables/orders}
              seventh: {delta: tables/orders, version: 7}
              then: {delta: /tables/orders, timestamp: "2024-01-01T02:00:00+02:00"}
            """)
        let files = try #require(project.asset(named: "files"))
        #expect(files.format == .parquet)
        #expect(files.patterns == [folder.directory + "/a.parquet", folder.directory + "/b/*.parquet"])
        #expect(project.asset(named: "newest")?.version == .latest)
        #expect(project.asset(named: "newest")?.patterns == [folder.directory + "/tables/orders"])
        #expect(project.asset(named: "seventh")?.version == .number(7))
        #expect(project.asset(named: "then")?.version == .timestamp(microseconds: 1_704_067_200_000_000))
    }

    @Test func reportsKeysThatOtherFormatsHave() {
        let found = problems(
            """
            assets:
              a: {parquet: a.parquet, delimiter: ";", version: 3}
              b: {delta: [x, y], timezone: UTC, missing_values: [NA]}
              c: {delta: x, version: 3, timestamp: "2024-01-01"}
              d: {delta: x, timestamp: yesterday}
              e: {delta: x, csv: y}
            """)
        #expect(
            found == [
                "assay.yaml:2:27 delimiter is for delimited files, and the asset \"a\" is parquet [bad-value]",
                "assay.yaml:2:43 version is for Delta tables, and the asset \"a\" is parquet [bad-value]",
                "assay.yaml:3:14 delta must be the folder of one table, got a list [bad-value]",
                "assay.yaml:3:37 missing_values is for files of text, and the asset \"b\" is delta [bad-value]",
                "assay.yaml:4:29 a table has a version or a timestamp, not both [bad-value]",
                "assay.yaml:5:28 timestamp must be a date and time, got the text \"yesterday\" [bad-value]",
                "hint: write it as in 2026-11-01T10:00:00Z",
                "assay.yaml:6:7 the asset \"e\" is csv or delta, not both [bad-value]",
            ])
    }

    @Test func validatesEachSuiteAgainstItsOwnAsset() throws {
        try folder.file("asset: orders\nrow_count: 1", "expectations/b.yaml")
        try folder.file("{\"asset\": \"users\", \"row_count\": 1}", "expectations/deep/a.json")
        try folder.file("not: [a suite", "expectations/.hidden.yaml")
        try folder.file("nor is this", "expectations/README.md")
        let project = try load("assets: {orders: {csv: o.csv}, users: {csv: u.csv}}")
        #expect(project.suites.map(\.name) == ["b", "a"])
        #expect(project.validations.map { "\($0.suite) \($0.asset)" } == ["b orders", "a users"])
    }

    @Test func validatesWhatIsListed() throws {
        try folder.file("asset: orders\nrow_count: 1", "checks/b.yaml")
        try folder.file("row_count: 1", "checks/c.yaml")
        let project = try load(
            """
            expectations: checks
            assets: {orders: {csv: o.csv}, old: {csv: u.csv}}
            validations:
              - {suite: b}
              - {suite: b, asset: old}
            """)
        #expect(project.validations.map { "\($0.suite) \($0.asset)" } == ["b orders", "b old"])
    }

    @Test func fieldsAreCutByAnotherCharacterThanQuotesAndLineBreaks() throws {
        #expect(
            problems(
                #"""
                assets:
                  a: {csv: a.csv, delimiter: '"'}
                  b: {csv: b.csv, delimiter: ";", quote: ";"}
                  c: {csv: c.csv, delimiter: "\n"}
                  d: {csv: d.csv, delimiter: "\r"}
                """#) == [
                    "assay.yaml:2:30 delimiter must not be the character that quotes fields [bad-value]",
                    "assay.yaml:3:30 delimiter must not be the character that quotes fields [bad-value]",
                    "assay.yaml:4:30 delimiter must be one ASCII character, got the text \"\n\" [bad-value]",
                    "assay.yaml:5:30 delimiter must be one ASCII character, got the text \"\r\" [bad-value]",
                ])
        let project = try load(#"assets: {a: {csv: a.csv, delimiter: '"', quote: false}}"#)
        #expect(project.assets.map(\.text.delimiter) == [0x22])
    }

    @Test func reportsTheMistakesOfAllFilesAtOnce() throws {
        try folder.file("suite: one\nasset: ordres\nrow_count: 1", "expectations/a.yaml")
        try folder.file("suite: one\nasset: orders\nrow_count: 1", "expectations/b.yaml")
        try folder.file("suite: two\nasset: orders\ncolumns: {id: {uniqe: true}}", "expectations/c.yaml")
        try folder.file("suite: three\nrow_count: 1", "expectations/d.yaml")
        let found = problems(
            """
            stroe: data
            schedules: {}
            reports: {values: all, colour: red}
            assets:
              orders: {csv: "o.csv", delimiter: ";;", header: yes, columns: {a: strnig}, tags: [pii]}
              sheets: {excel: "*.xlsx"}
              empty:
              odd: {csv: [], max_row_bytes: 0, quote: é, compression: zip}
            """)
        #expect(
            found == [
                "assay.yaml:1:1 a project has no key \"stroe\" [unknown-key]",
                "hint: did you mean store?",
                "assay.yaml:2:1 schedules is not supported by this version [not-supported]",
                "assay.yaml:3:19 values must be one of masked, shown, absent, got \"all\" [bad-value]",
                "assay.yaml:3:24 reports has no key \"colour\" [unknown-key]",
                "hint: known are path, values",
                "assay.yaml:5:37 delimiter must be one ASCII character, got the text \";;\" [bad-value]",
                "assay.yaml:5:51 header must be true, false or a list of columns' names, got the text \"yes\" [bad-value]",
                "assay.yaml:5:69 there is no type \"strnig\" [bad-value]",
                "hint: did you mean string?",
                "assay.yaml:5:84 tags must be a mapping of columns to tags, got a list [bad-value]",
                "assay.yaml:6:12 excel is not supported by this version [not-supported]",
                "assay.yaml:7:3 the asset \"empty\" needs csv, json, parquet or delta, the path of its files [missing-key]",
                "assay.yaml:8:14 csv must not be empty [bad-value]",
                "assay.yaml:8:33 max_row_bytes must be a size such as 64MB or 2GiB, got 0 [bad-value]",
                "assay.yaml:8:43 quote must be one ASCII character, got the text \"é\" [bad-value]",
                "assay.yaml:8:59 compression must be one of auto, none, gzip, zstd, got \"zip\" [bad-value]",
                "hint: did you mean gzip?",
                "expectations/a.yaml:2:8 there is no asset \"ordres\" [unknown-asset]",
                "hint: did you mean orders?",
                "expectations/b.yaml:1:1 there are two suites named \"one\" [duplicate-suite]",
                "hint: the other is expectations/a.yaml",
                "expectations/c.yaml:3:16 the contract of \"id\" has no key \"uniqe\" [unknown-key]",
                "hint: did you mean unique?",
                "expectations/d.yaml:1:1 the suite \"three\" names no asset [missing-key]",
                "hint: add asset: to it, or list it under validations with one",
            ])
    }

    @Test func reportsValidationsOfWhatIsNotThere() throws {
        try folder.file("suite: one\nasset: orders\nrow_count: 1", "expectations/a.yaml")
        let found = problems(
            """
            assets: {orders: {csv: "o.csv"}}
            validations:
              - {suite: oen}
              - {suite: one, asset: order}
              - {asset: orders}
              - {suite: one}
              - {suite: one, every: 1h}
              - one
            """)
        #expect(
            found == [
                "assay.yaml:3:13 there is no suite \"oen\" [unknown-suite]",
                "hint: did you mean one?",
                "assay.yaml:4:25 there is no asset \"order\" [unknown-asset]",
                "hint: did you mean orders?",
                "assay.yaml:5:5 a validation needs suite [missing-key]",
                "assay.yaml:7:5 one against orders is listed twice [bad-value]",
                "assay.yaml:8:5 a validation must be a mapping, got the text \"one\" [bad-value]",
            ])
    }

    /// Pipelines need none of it; who validates everything would take it for asked.
    @Test func leavesASuiteThatNothingUsesToWhoeverValidates() throws {
        try folder.file("suite: spare\nrow_count: 1", "expectations/a.yaml")
        try folder.file("suite: one\nasset: orders\nrow_count: 1", "expectations/b.yaml")
        let project = try load("assets: {orders: {csv: \"o.csv\"}}")
        #expect(project.validations.map(\.suite) == ["one"])
        let problems = #expect(throws: SuiteProblems.self) { try project.checkSuites() }
        #expect(
            problems.map { Fixtures.lines($0, showsFile: true) }?.first?.hasSuffix(
                "expectations/a.yaml:1:1 the suite \"spare\" names no asset [missing-key]") == true)
        let listed = try load(
            "assets: {orders: {csv: \"o.csv\"}}\nvalidations: [{suite: one}]")
        try listed.checkSuites()
    }

    @Test func aFolderThatIsNamedMustBeThere() {
        #expect(
            problems("expectations: checks") == [
                "assay.yaml:1:15 there is no folder \"checks\" [unreadable-file]"
            ])
    }

    @Test func aProjectThatIsNotThere() {
        let path = folder.directory + "/none.yaml"
        #expect {
            try Project.load(path: path, environment: [:])
        } throws: { error in
            (error as? SuiteProblems)?.errors.map(\.code) == ["unreadable-file"]
        }
    }
}
