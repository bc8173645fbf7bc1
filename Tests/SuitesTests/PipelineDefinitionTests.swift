import Expectations
import Expressions
import Foundation
import Suites
import Tables
import TestSupport
import Testing

@Suite struct PipelineDefinitionTests {
    private let folder: Scratch

    init() throws {
        folder = try Scratch()
        try folder.file(
            "suite: good\nasset: silver.a\ncolumns: {id: {required: true}}", "expectations/good.yaml")
    }

    private func load(_ text: String) throws(SuiteProblems) -> Project {
        let assets = """
            assets:
              bronze.a: {delta: data/bronze/a}
              silver.a: {delta: data/silver/a}
              gold.a: {delta: data/gold/a}
              files: {csv: "x.csv"}

            """
        guard let path = try? folder.file(assets + text, "assay.yaml") else { throw SuiteProblems([]) }
        return try Project.load(path: path, environment: [:])
    }

    private func problems(_ text: String) -> [String] {
        do {
            _ = try load(text)
            return []
        } catch { return Fixtures.lines(error, showsFile: false) }
    }

    @Test func readsAllThatCanBeSaid() throws {
        let project = try load(
            """
            pipelines:
              a:
                source: {files: landing, pattern: ["*.csv"], format: csv, settle: 3s, on_change: ignore, schema_evolution: rescue,
                         columns: {id: int64}, delimiter: ";"}
                trigger: 10s
                batch: {max_files: 5, max_bytes: 1MB}
                state: elsewhere
                bronze: {asset: bronze.a}
                silver:
                  asset: silver.a
                  partition_by: [country]
                  select: {amount: "decimal(amount, 12, 2)"}
                  drop: [note]
                  filter: "amount > 0"
                  deduplicate: {by: [id], within: 24h, column: at, lateness: 1h}
                  gate: {suite: good, on_fail: drop, stop_above: {share: 0.25, min_rows: 10}, retry_after: 1m}
                gold:
                  - asset: gold.a
                    window: {column: at, size: 1h, slide: 15m, lateness: 5m}
                    group_by: [country]
                    aggregate: {n: "count(*)", total: "sum(amount)"}
            """)
        let pipeline = try #require(project.pipeline(named: "a"))
        guard case .files(let landing) = pipeline.source.kind else {
            Issue.record("the source is a folder")
            return
        }
        #expect(landing.folder == folder.directory + "/landing")
        #expect(landing.patterns == ["*.csv"])
        #expect(landing.settle == 3_000_000)
        #expect(landing.onChange == .ignore)
        #expect(pipeline.source.format == .csv)
        #expect(pipeline.source.evolution == .rescue)
        #expect(pipeline.source.records.delimiter == 0x3B)
        #expect(pipeline.trigger == StreamTrigger(every: 10_000_000, maximumFiles: 5, maximumBytes: 1_000_000))
        #expect(pipeline.state == folder.directory + "/elsewhere")
        #expect(pipeline.bronze?.folder == folder.directory + "/data/bronze/a")
        #expect(pipeline.silver.place.partitionColumns == ["country"])
        #expect(pipeline.silver.select.map(\.name) == ["amount"])
        #expect(pipeline.silver.drop == ["note"])
        #expect(pipeline.silver.filter?.value.canonicalText == "\"amount\" > 0")
        #expect(pipeline.silver.deduplicate?.within == 86_400_000_000)
        #expect(pipeline.silver.deduplicate?.lateness == 3_600_000_000)
        #expect(pipeline.silver.gate?.onFail == .drop)
        #expect(pipeline.silver.gate?.stopAbove?.share == DecimalNumber("0.25"))
        #expect(pipeline.silver.gate?.stopAbove?.minimumRows == 10)
        #expect(pipeline.silver.gate?.retryAfter == 60_000_000)
        #expect(pipeline.gold.map(\.window) == [.sliding(size: 3_600_000_000, slide: 900_000_000)])
        #expect(pipeline.gold.first?.aggregates.map(\.value.canonicalText) == ["count(*)", "sum(\"amount\")"])
        #expect(pipeline.quarantine.folder == folder.directory + "/data/quarantine/a")
    }

    @Test func aGateNeedsNoAsset() throws {
        try folder.file("suite: inline\ncolumns: {id: {required: true}}", "expectations/inline.yaml")
        let pipeline = "source: {stdin: true}, silver: {asset: silver.a, gate: {suite: inline}}"
        #expect(try load("pipelines: {a: {\(pipeline)}}").validations.map(\.suite) == ["good"])
    }

    @Test func knowsItsDefaults() throws {
        let project = try load("pipelines: {a: {source: {http: true}, silver: {asset: silver.a}}}")
        let pipeline = try #require(project.pipeline(named: "a"))
        guard case .http(let http) = pipeline.source.kind else {
            Issue.record("the source is HTTP")
            return
        }
        #expect(try http.token == nil)
        #expect(pipeline.source.format == .json)
        #expect(pipeline.trigger == StreamTrigger(every: 250_000))
        #expect(pipeline.state == folder.directory + "/data/pipelines/a")
        #expect(pipeline.bronze == nil)
        #expect(pipeline.silver.gate == nil)
    }

    @Test func saysWhereKeysOfHTTPBelong() {
        let found = problems(
            """
            pipelines:
              a: {source: {http: true, max_request_bytes: 1MiB, token: secret}, silver: {asset: silver.a}}
              b: {source: {files: landing, max_bytes: 1GiB}, silver: {asset: silver.b}}
              c: {source: {http: 1MiB}, silver: {asset: silver.c}}
              d: {source: {http: false}, silver: {asset: silver.d}}
            """)
        let keys = "token, max_bytes, max_request_bytes, attributes"
        #expect(
            found.filter { !$0.contains("silver.") && !$0.contains("under assets") } == [
                "7:28 max_request_bytes is a key of http, not of the source [unknown-key]",
                "hint: write http: {max_request_bytes: …}",
                "7:53 token is a key of http, not of the source [unknown-key]", "hint: write http: {token: …}",
                "8:32 max_bytes is for a source of http [bad-value]",
                "9:22 http must be true, or a mapping of \(keys), got the text \"1MiB\" [bad-value]",
                "hint: write http: true, or http: {max_request_bytes: 10MiB}",
                "10:22 http must be true, or a mapping of \(keys), got false [bad-value]",
                "hint: write http: true, or http: {max_request_bytes: 10MiB}",
            ], "\(found.joined(separator: "\n"))")
    }

    @Test func saysWhatElseIsWrongWithASourceAndAGate() {
        let found = problems(
            """
            pipelines:
              a:
                source: {files: landing, http: true, on_change: reed, settle: 5, timezone: Mars/Base}
                silver: {asset: silver.a, gate: {suite: god, on_fail: explode, retry_after: soon}}
            """)
        for key in ["not both", "on_change", "settle", "no suite", "on_fail", "retry_after"] {
            #expect(found.contains { $0.contains(key) }, "\(key): \(found.joined(separator: "\n"))")
        }
    }

    @Test func refusesAStateInATable() {
        let found = problems(
            "pipelines: {a: {source: {files: landing}, silver: {asset: silver.a}, state: data/silver/a/state}}")
        #expect(
            found == [
                "6:13 the state of \"a\" would lie in the table \"silver.a\" [bad-value]",
                "hint: give it a folder of its own",
            ])
    }

    @Test func refusesNamesThatNoTableTellsApart() {
        let found = problems(
            """
            pipelines:
              a:
                source: {files: landing}
                silver:
                  asset: silver.a
                  select: {total: "x", Total: "y", \u{e9}: "x", e\u{301}: "x", "a\\0b": "x"}
            """)
        #expect(
            found == [
                "11:35 select makes \"total\" and \"Total\", which tables can't tell apart: they differ only in case [bad-value]",
                "11:65 select: a column's name must have no NUL in it [bad-value]",
            ])
    }

    @Test func saysAllThatIsWrong() {
        let found = problems(
            """
            pipelines:
              a b: {}
              c:
                source: {files: landing, http: true}
                silver:
                  asset: files
                  select: {x: "uper(y)"}
                  gate: {suite: god, stop_above: 2}
              d:
                source: {http: true, settle: 1s, format: csv}
                bronze: {asset: silver.a}
                silver: {asset: silver.a, deduplicate: {by: [], within: soon}}
                gold: [{asset: gold.a, window: {column: at}, aggregate: {n: "cuont(*)"}}]
            """)
        #expect(
            found == [
                "7:3 the pipeline \"a b\" can't be called so [bad-value]",
                "hint: names of pipelines consist of letters, digits, - and _, since folders are named after them",
                "9:13 a source is files or http, not both [bad-value]",
                "11:14 silver is written as a Delta table, and the asset \"files\" is none [bad-value]",
                "hint: write files: {delta: FOLDER} under assets",
                "12:19 select.x: there is no function uper [unknown-function]",
                "hint: did you mean upper?",
                "13:21 there is no suite \"god\" [unknown-suite]",
                "hint: did you mean good?",
                "13:38 stop_above must be a number from 0 to less than 1 with 18 digits after the point at most, got 2 [bad-value]",
                "hint: more than all records are never quarantined: to hold no batch, leave stop_above out",
                "14:3 the pipeline \"d\" writes two layers into \"silver.a\" [bad-value]",
                "15:26 settle is for a source of files [bad-value]",
                "15:38 records that come over http are json [bad-value]",
                "17:44 deduplicate needs by: the columns that make records the same [missing-key]",
                "18:36 window has a size, a size and a slide, or a gap [bad-value]",
                "hint: size: 1h for windows one after another, size and slide for overlapping ones, gap for sessions",
                "18:65 aggregate.n: there is no aggregate cuont [unknown-function]",
                "hint: did you mean count?",
            ], "\(found.joined(separator: "\n"))")
    }

    @Test func twoPipelinesWriteDifferentTables() {
        let found = problems(
            """
            pipelines:
              a: {source: {stdin: true}, silver: {asset: silver.a}}
              b: {source: {http: true}, silver: {asset: silver.a}, quarantine: {asset: silver.a}}
            """)
        #expect(
            found == [
                "8:3 the pipeline \"b\" writes two layers into \"silver.a\" [bad-value]",
                "8:3 the pipelines \"a\" and \"b\" both write \"silver.a\" [bad-value]",
            ], "\(found.joined(separator: "\n"))")
    }

    /// What a batch writes would be what the next one reads.
    @Test func tablesDontLand() {
        let all = "bronze: {asset: bronze.a}, silver: {asset: silver.a}, quarantine: {asset: gold.a}"
        #expect(
            problems("pipelines: {a: {source: {files: data}, \(all)}}") == [
                "6:25 the landing folder would have land what is written: "
                    + #""bronze.a", "silver.a", "gold.a", the state of "a", the store [bad-value]"#,
                "hint: let files land in a folder of their own, or say recursive: false",
            ])
        #expect(
            problems("pipelines: {a: {source: {files: data/b/../gold/./a, recursive: false}, \(all)}}") == [
                #"6:25 the landing folder would have land what is written: "gold.a" [bad-value]"#,
                "hint: let files land in a folder of their own",
            ])
        #expect(
            problems(
                """
                pipelines:
                  a: {source: {files: data/gold}, silver: {asset: silver.a}}
                  b: {source: {stdin: true}, silver: {asset: gold.a}}
                """) == [
                    #"7:15 the landing folder would have land what is written: "gold.a" [bad-value]"#,
                    "hint: let files land in a folder of their own, or say recursive: false",
                ])
        for source in ["{files: data/gold/a/country=NL}", "{files: .}", "{files: ../.}"] {
            #expect(
                problems("pipelines: {a: {source: \(source), silver: {asset: gold.a}}}").count == 2, "\(source)")
        }
        for source in ["{files: data, recursive: false}", "{files: data/gold/ab}", "{files: landing}"] {
            #expect(problems("pipelines: {a: {source: \(source), silver: {asset: gold.a}}}") == [], "\(source)")
        }
    }

    /// Each reads for itself, and nothing is moved.
    @Test func pipelinesMayReadOneFolder() {
        let found = problems(
            """
            pipelines:
              a: {source: {files: landing}, silver: {asset: silver.a}}
              b: {source: {files: landing/b}, silver: {asset: gold.a}}
              c: {source: {files: landing}, silver: {asset: bronze.a}}
            """)
        #expect(found == [])
    }

    @Test func tellsOnceWhatSeveralPipelinesShare() {
        let found = problems(
            """
            pipelines:
              a: {source: {stdin: true}, silver: {asset: silver.a}}
              b: {source: {stdin: true}, silver: {asset: silver.a}}
              c: {source: {stdin: true}, silver: {asset: silver.a}, state: memory}
              d: {source: {http: true}, silver: {asset: gold.a}, state: memory}
            """)
        #expect(
            found == [
                "8:3 the pipelines \"a\", \"b\" and \"c\" all write \"silver.a\" [bad-value]",
                "8:15 the pipelines \"a\", \"b\" and \"c\" all read standard input [bad-value]",
                "10:3 the pipelines \"c\" and \"d\" both have the same folder of state [bad-value]",
            ], "\(found.joined(separator: "\n"))")
    }

    /// A share that none is above would hold nothing, and nobody would know.
    @Test(arguments: ["1", "1.0", "-0.1", "0.1234567890123456789", "half"]) func refusesSharesThatNoneIsAbove(
        _ share: String
    ) {
        let found = problems(
            """
            pipelines:
              a: {source: {http: true}, silver: {asset: silver.a, gate: {suite: good, stop_above: {share: \(share)}}}}
            """)
        #expect(found.count == 2 && found[0].contains("share must be a number from 0 to less than 1"), "\(found)")
    }

    static let shares: [(share: String, quarantined: Int, records: Int, isExceeded: Bool)] = [
        ("0.29", 29, 100, false), ("0.29", 30, 100, true), ("0.07", 7, 100, false), ("0", 0, 5, false),
        ("0", 1, 5, true),
        ("0.999999999999999999", 1 << 40, 1 << 40, true), ("0.3333", 1, 3, true), ("0.5", 2, 2, false),
    ]

    @Test(arguments: shares) func comparesSharesExactly(
        _ share: String, _ quarantined: Int, _ records: Int, _ isExceeded: Bool
    ) throws {
        let threshold = try #require(
            DecimalNumber(share).flatMap { StopThreshold(share: $0, minimumRows: 3) })
        #expect(threshold.isExceeded(by: quarantined, of: records) == isExceeded)
    }
}
