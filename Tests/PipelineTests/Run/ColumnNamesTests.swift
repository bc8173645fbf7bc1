import Delta
import Expectations
import Foundation
import Suites
import Tables
import TestSupport
import Testing

@testable import Pipeline

/// What senders and definitions call columns stops no pipeline, or is told before anything is fixed.
@Suite struct ColumnNamesTests {
    private func columns(_ layer: String, _ pipeline: TestPipeline) throws -> [String] {
        try DeltaTable(pipeline.scratch.path(layer)).snapshot().schema.fields.map(\.name).filter { !$0.hasPrefix("_") }
    }

    private func mistakes(_ run: () async throws -> PipelineDriver.Ending) async throws -> [String] {
        do {
            _ = try await run()
            return []
        } catch let error as SuiteProblems {
            return error.errors.map { error in
                "\(error.location?.line ?? 0): \(error.message) [\(error.code)]"
            }
        } catch let error as PipelineError {
            return ["\(error.location?.line ?? 0): \(error.message) [\(error.code.rawValue)]"]
        }
    }

    @Test func rescuesANewKeyThatIsADerivedColumnInAnotherCase() async throws {
        let pipeline = try TestPipeline(silver: "select: {Total: \"id * 2\"}")
        try pipeline.land([#"{"id":1}"#])
        #expect(try await pipeline.run() == .caughtUp)
        try pipeline.land([#"{"id":2,"total":9}"#])
        try pipeline.land([#"{"id":3,"total":9}"#])
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try pipeline.cells("silver", "Total") == ["2", "4", "6"])
        #expect(try pipeline.cells("silver", "_rescued") == ["-", #"{"total":9}"#, #"{"total":9}"#])
        #expect(try columns("bronze", pipeline) == ["id"])
        #expect(
            pipeline.notes == [
                "values of \"total\" are rescued: such names differ from other columns' in nothing but case"
            ])
    }

    /// Also where it comes behind the beginning of its file, and is a column of the next batch.
    @Test func rescuesSuchAKeyThatComesLate() async throws {
        let pipeline = try TestPipeline(silver: "select: {Total: \"id * 2\"}")
        let many = (0..<30_000).map { "{\"id\": \($0)}" }
        try pipeline.land(many + [#"{"id":-1,"total":9}"#])
        try pipeline.land([#"{"id":2}"#])
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try columns("silver", pipeline) == ["id", "Total"])
        #expect(try pipeline.cells("silver", "_rescued").suffix(2) == [#"{"total":9}"#, "-"])
    }

    /// A column that was derived once stays in the table.
    @Test func rescuesANewKeyThatIsAColumnOfTheTableInAnotherCase() async throws {
        let pipeline = try TestPipeline(silver: "select: {Total: \"id * 2\"}")
        try pipeline.land([#"{"id":1}"#])
        #expect(try await pipeline.run() == .caughtUp)
        try pipeline.change(silver: "")
        try pipeline.land([#"{"id":2,"total":9}"#])
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try pipeline.cells("silver", "_rescued") == ["-", #"{"total":9}"#])
    }

    @Test func tellsWhatSelectMakesBesideAColumnInAnotherCase() async throws {
        let pipeline = try TestPipeline(silver: "select: {Total: \"total * 2\"}")
        try pipeline.land([#"{"total":1}"#])
        #expect(
            try await mistakes { try await pipeline.run() } == [
                "16: select.Total: silver has a column \"total\" besides, and tables can't tell them apart [duplicate-column]"
            ])
        try pipeline.change(silver: "select: {Total: \"total * 2\"}\ndrop: [total]")
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try columns("silver", pipeline) == ["Total"])
    }

    /// Nothing is prepared that could not be published: what was mended goes on.
    @Test func refusesANewNameOfATablesColumnBeforeAnythingIsPrepared() async throws {
        let pipeline = try TestPipeline(silver: "select: {total: \"id * 2\"}")
        try pipeline.land([#"{"id":1}"#])
        #expect(try await pipeline.run() == .caughtUp)
        try pipeline.change(silver: "select: {Total: \"id * 2\"}")
        try pipeline.land([#"{"id":2}"#])
        for _ in 0..<2 {
            #expect(
                try await mistakes { try await pipeline.run() } == [
                    "16: the columns \"total\" and \"Total\" differ only in case: tables can't tell them apart [schema-mismatch]"
                ])
        }
        try pipeline.change(silver: "select: {total: \"id * 2\"}")
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try pipeline.cells("silver", "total") == ["2", "4"])
    }

    @Test func tellsWhereAColumnIsWrittenThatDoesNotFitItsTable() async throws {
        let pipeline = try TestPipeline(silver: "select:\n  a: \"id\"\n  total: \"id * 2\"")
        try pipeline.land([#"{"id":1}"#])
        #expect(try await pipeline.run() == .caughtUp)
        try pipeline.change(silver: "select:\n  a: \"id\"\n  total: \"string(id)\"")
        try pipeline.land([#"{"id":2}"#])
        #expect(
            try await mistakes { try await pipeline.run() } == [
                "18: the column \"total\" holds long in the table, and string is to be written [schema-mismatch]"
            ])
    }

    @Test func keepsNamesApartThatAreEqualOnlyByUnicodesRules() async throws {
        let pipeline = try TestPipeline()
        try pipeline.land([#"{"id":1}"#])
        try pipeline.land([#"{"id":2,"\#u{e9}":"composed"}"#])
        try pipeline.land([#"{"id":3,"e\#u{301}":"decomposed"}"#])
        #expect(try await pipeline.run() == .caughtUp)
        #expect(
            try columns("silver", pipeline).map { Array($0.utf8) }
                == ["id", "\u{e9}", "e\u{301}"].map { Array($0.utf8) })
        let source = try DeltaSource(table: pipeline.scratch.path("silver"))
        #expect(source.schema.names.count == 4)
    }

    @Test func rescuesWhatHasANULInItsName() async throws {
        let pipeline = try TestPipeline()
        try pipeline.land([#"{"id":1,"a\u0000b":1,"o":{"\u0000":2}}"#])
        try pipeline.land([#"{"id":2,"a\u0000b":1}"#])
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try columns("bronze", pipeline) == ["id"])
        #expect(try pipeline.cells("silver", "_rescued").allSatisfy { $0.contains(#"a\u0000b"#) })
        #expect(
            pipeline.notes.first
                == #"values of "a\u0000b", "o.\u0000" are rescued: other readers take no name with a NUL in it"#)
    }

    /// Of the first records it is known what the source is, as it is of what an expression reads.
    @Test func refusesADerivedColumnThatIsOneOfTheFirstRecordsInAnotherCase() async throws {
        let pipeline = try TestPipeline(silver: "select: {ID: \"1\"}")
        try pipeline.land([#"{"id":1}"#])
        #expect(
            try await mistakes { try await pipeline.run() } == [
                "16: select.ID: silver has a column \"id\" besides, and tables can't tell them apart [duplicate-column]"
            ])
        try pipeline.change(silver: "select: {ID: \"1\"}\ndrop: [id]")
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try columns("silver", pipeline) == ["ID"] && columns("bronze", pipeline) == ["id"])
    }

    @Test func saysWhyExpressionsSeeNoNumbersOfRows() async throws {
        for silver in ["select: {n: \"_source_row + 1\"}", "filter: \"_source_row > 1\""] {
            let pipeline = try TestPipeline(silver: silver)
            try pipeline.land([#"{"id":1}"#])
            let problems = await #expect(throws: SuiteProblems.self) { try await pipeline.run() }
            #expect(
                problems?.errors.map(\.hint) == [
                    "_source_row is counted when stages are done, and stands in bronze alone: "
                        + "_source_file and _source_offset tell a record of text, too"
                ])
        }
    }

    /// Told with each batch for as long as it is so, since no record alone says that a name is wrong.
    @Test func tellsOfWhatNoRecordHasHad() async throws {
        let pipeline = try TestPipeline(
            silver: """
                select: {w: "totally_other * 2", id: "id + 1"}
                filter: "kind_typo = 'x' or totally_other is null"
                gate: {suite: events}
                """, suite: "columns: {nowhere: {between: [0, 1]}, w: {between: [0, 1]}}\n",
            beside: """
                gold:
                  - asset: gold
                    window: {column: at, size: 1h}
                    group_by: [region]
                    aggregate: {n: "count(*)"}
                """)
        try pipeline.land([#"{"id":1,"at":"2026-01-01T10:00:00Z"}"#])
        try pipeline.land([#"{"id":2,"at":"2026-01-01T10:00:00Z","region":"eu"}"#])
        let many = (0..<30_000).map { #"{"id":\#($0),"at":"2026-01-01T10:00:00Z"}"# }
        try pipeline.land(many + [#"{"id":3,"nowhere":1,"kind_typo":"x","totally_other":1}"#])
        #expect(try await pipeline.run() == .caughtUp)
        let told = pipeline.events.compactMap { event in
            if case .committed(let summary) = event { summary.unseen.map(\.text) } else { nil }
        }
        let others = [#""totally_other" (select.w, filter)"#, #""kind_typo" (filter)"#, #""nowhere" (gate)"#]
        #expect(told == [others + [#""region" (gold.gold)"#], others, []])
    }

    @Test(arguments: [
        (
            "",
            "gold:\n  - asset: gold\n    window: {column: at, size: 1h}\n    group_by: [\"upper(k)\"]\n    aggregate: {n: \"count(*)\"}"
        ),
        ("deduplicate: {by: [\"upper(k)\"], within: 1h}", ""),
    ]) func refusesExpressionsAsKeys(_ silver: String, _ beside: String) async throws {
        let pipeline = try TestPipeline(silver: silver, beside: beside)
        try pipeline.land([#"{"k":"a","at":"2026-01-01T10:00:00Z"}"#])
        let found = try await mistakes { try await pipeline.run() }
        #expect(found.count == 1)
        #expect(
            found.first?.hasSuffix(
                "no record has had the column \"upper(k)\", and keys are names of columns [unknown-column]") == true)
        // A name that a record has is one, whatever it looks like.
        let own = try TestPipeline(silver: silver, beside: beside)
        try own.land([#"{"upper(k)":"a","at":"2026-01-01T10:00:00Z"}"#])
        #expect(try await own.run() == .caughtUp)
    }

    @Test func filtersByWhatSelectMakes() async throws {
        let pipeline = try TestPipeline(
            silver: """
                select: {country: "upper(trim(country))", big: "decimal(amount, 12, 2) > 6"}
                drop: [debug]
                filter: "big and country = 'NL' and debug is null and _source_file is not null"
                """)
        try pipeline.land([
            #"{"id":1,"country":" nl ","amount":"7","debug":null}"#, #"{"id":2,"country":"NL","amount":"5"}"#,
            #"{"id":3,"country":"DE","amount":"7"}"#, #"{"id":4,"country":"NL","amount":"8","debug":"x"}"#,
        ])
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try pipeline.cells("silver", "id") == ["1"])
        #expect(pipeline.counts.filtered == 3)
    }

    @Test func refusesExpressionsThatReadWhatOnlySelectMakes() async throws {
        let pipeline = try TestPipeline(silver: "select: {a: \"upper(x)\", b: \"concat(a, '!')\", x: \"upper(x)\"}")
        try pipeline.land([#"{"id":1,"x":"k"}"#])
        #expect(
            try await mistakes { try await pipeline.run() } == [
                "16: select.b: no record has had the column \"a\", which select makes [unknown-column]"
            ])
        // The source's own.
        try pipeline.land([#"{"id":2,"x":"k","a":"own"}"#])
        let own = try TestPipeline(silver: "select: {a: \"upper(a)\", b: \"concat(a, '!')\"}")
        try own.land([#"{"id":1}"#])
        #expect(try await own.run() == .caughtUp)
    }

    @Test func tellsOfColumnsThatNoRecordHas() async throws {
        let pipeline = try TestPipeline(
            silver: "deduplicate: {by: [order_uuid], within: 24h}", source: "columns: {Amount: \"decimal(12,2)\"}")
        try pipeline.land([#"{"id":1,"amount":5}"#])
        try pipeline.land(["ID,X", "1,2"], as: "other.csv")
        #expect(try await pipeline.run() == .caughtUp)
        #expect(
            pipeline.notes == [
                "no record has had the column \"order_uuid\", which the stages read: it is missing in all of them",
                "no record has had the column \"Amount\", which is declared: it is missing in all of them; did you mean \"amount\"?",
                "values of \"amount\" are rescued: such names differ from other columns' in nothing but case",
                "other.csv has none of the columns that the source had before, but \"ID\", \"X\"",
                "values of \"ID\" are rescued: such names differ from other columns' in nothing but case",
            ])
    }

    @Test(arguments: [("1.jsonl", [#"{"id":1}"#]), ("1.csv", ["id", "1"])])
    func tellsOfADeclaredColumnThatNoRecordHas(_ name: String, _ lines: [String]) async throws {
        let pipeline = try TestPipeline(source: "columns: {total: \"decimal(12,2)\"}")
        try pipeline.land(lines, as: name)
        #expect(try await pipeline.run() == .caughtUp)
        try pipeline.land([#"{"id":2}"#])
        #expect(try await pipeline.run() == .caughtUp)
        #expect(
            pipeline.notes == [
                "no record has had the column \"total\", which is declared: it is missing in all of them"
            ])
    }

    /// What was declared once and isn't any more widens as what was inferred.
    @Test func letsGoOfADeclaration() async throws {
        let pipeline = try TestPipeline(silver: "gate: {suite: events}", suite: "columns: {a: {type: int64}}\n")
        try pipeline.land([#"{"a":1}"#])
        #expect(try await pipeline.run() == .caughtUp)
        try pipeline.change(suite: "columns: {a: {required: true}}\n")
        try pipeline.land([#"{"a":1.5}"#])
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try pipeline.cells("silver", "a") == ["1.0", "1.5"])
    }
}
