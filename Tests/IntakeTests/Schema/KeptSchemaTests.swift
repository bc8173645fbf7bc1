import Foundation
import Intake
import Tables
import TestSupport
import Testing

/// How the columns of a source grow.
@Suite struct KeptSchemaTests {
    private func seen(_ columns: [(String, LogicalType?)]) -> SeenColumns {
        columns.reduce(into: SeenColumns()) { $0.take($1.0, $1.1.map { .type($0) } ?? .nothing) }
    }

    private func names(_ schema: KeptSchema) -> [String] {
        schema.columns.map { "\($0.name): \($0.type?.description ?? "?")" }
    }

    private func first() throws -> KeptSchema {
        try KeptSchema(declared: [("amount", .decimal(precision: 12, scale: 2))]).evolving(
            with: seen([("id", .int64), ("amount", .float64), ("note", nil)]), mode: .fail, file: "a"
        ).schema
    }

    @Test func theFirstFilesMakeItInAnyMode() throws {
        for mode in SchemaEvolution.allCases {
            let evolved = try KeptSchema(declared: [("amount", .decimal(precision: 12, scale: 2))])
                .evolving(with: seen([("id", .int64), ("amount", .float64), ("note", nil)]), mode: mode, file: "a")
            #expect(names(evolved.schema) == ["amount: decimal(12,2)", "id: int64", "note: ?"])
            #expect(evolved.added == [Field("id", .int64)])
            #expect(evolved.schema.schema.names == ["amount", "id"] && evolved.schema.untyped == ["note"])
            #expect(evolved.schema.origins == [.declared, .inferred])
        }
    }

    @Test func addsNewColumnsAtTheEnd() throws {
        let evolved = try first().evolving(
            with: seen([("new", .date), ("id", .string), ("id2", nil)]), mode: .addNewColumns, file: "b")
        #expect(names(evolved.schema) == ["amount: decimal(12,2)", "id: int64", "note: ?", "new: date", "id2: ?"])
        #expect(evolved.added == [Field("new", .date)])
    }

    @Test func rescuesNewColumns() throws {
        let kept = try first()
        let evolved = try kept.evolving(with: seen([("new", .date)]), mode: .rescue, file: "b")
        #expect(evolved.schema == kept && evolved.added.isEmpty && evolved.refused.isEmpty)
    }

    @Test func failsOnNewColumns() throws {
        let kept = try first()
        let error = #expect(throws: SourceError.self) {
            try kept.evolving(with: seen([("new", .date), ("id", .int64), ("other", nil)]), mode: .fail, file: "b.csv")
        }
        #expect(
            error?.summary
                == "b.csv: the file has columns that are none of the source's: 'new', 'other' [schema-changed]")
        #expect(try kept.evolving(with: seen([("id", .string)]), mode: .fail, file: "b.csv").schema == kept)
    }

    @Test(arguments: SchemaEvolution.allCases)
    func typesAColumnWithItsFirstValue(_ mode: SchemaEvolution) throws {
        let evolved = try first().evolving(with: seen([("note", .boolean)]), mode: mode, file: "b")
        #expect(evolved.added == [Field("note", .boolean)] && evolved.schema.untyped.isEmpty)
        let again = try evolved.schema.evolving(with: seen([("note", .string)]), mode: mode, file: "b")
        #expect(again.schema == evolved.schema && again.added.isEmpty)
    }

    @Test func keepsNamesApart() throws {
        let evolved = try first().evolving(
            with: seen([
                ("ID", .int64), ("_RESCUED", .string), ("_source_row", .int64), ("", .int64), ("_mine", .int64),
                (String(repeating: "x", count: 256), .int64), ("e\u{301}", .int64), ("\u{E9}", .int64),
            ]), mode: .addNewColumns, file: "b")
        #expect(evolved.added.map(\.name.unicodeScalars.count) == [5, 2, 1])
        #expect(
            evolved.refused.map { "\($0.name.prefix(12)) \($0.reason.rawValue)" } == [
                "ID case-only", "_RESCUED reserved", "_source_row reserved", " empty", "xxxxxxxxxxxx long",
            ])
    }

    @Test func growsOnlySoFar() throws {
        let many = seen((0..<KeptSchema.mostColumns + 5).map { ("c\($0)", .int64) })
        let evolved = try KeptSchema().evolving(with: many, mode: .addNewColumns, file: "a")
        #expect(evolved.schema.columns.count == KeptSchema.mostColumns)
        #expect(evolved.refused.map(\.reason) == [KeptSchema.Refusal.Reason](repeating: .tooMany, count: 5))
        var endless = SeenColumns()
        for number in 0..<SeenColumns.limit + 7 { endless.take("k\(number)", .nothing) }
        #expect(endless.columns.count == SeenColumns.limit && endless.overflow == 7)
    }

    @Test(arguments: SchemaEvolution.allCases)
    func awaitsWhatSomebodyAsksFor(_ mode: SchemaEvolution) throws {
        let asked = ["note", "id", "later", "Id", "_batch"].map { Field($0, .string) }
        let awaiting = try first().awaiting(asked)
        #expect(names(awaiting) == ["amount: decimal(12,2)", "id: int64", "note: string", "later: string"])
        #expect(awaiting.origins == [.declared, .inferred, .unknown, .unknown])
        #expect(awaiting.awaited == ["note", "later"])
        #expect(JSON(text: awaiting.json.text()).flatMap { KeptSchema(json: $0) } == awaiting)
        // The first value tells the type, whatever it was awaited as.
        let evolved = try awaiting.evolving(with: seen([("note", .boolean), ("later", nil)]), mode: mode, file: "b")
        #expect(names(evolved.schema).suffix(2) == ["note: boolean", "later: string"])
        #expect(evolved.added == [Field("note", .boolean)] && evolved.schema.awaited == ["later"])
        let found = Field("later", .int64)
        #expect(evolved.schema.widened(toInclude: [found]).schema.fields.last == found)
        #expect(awaiting.settled.origins == [.declared, .inferred, .inferred, .inferred])
    }

    @Test(arguments: SchemaEvolution.allCases)
    func widensWhatWasInferred(_ mode: SchemaEvolution) throws {
        let kept = try first()
        let more = seen([("id", .float64), ("amount", .decimal(precision: 38, scale: 5)), ("note", nil)])
        let evolved = try kept.evolving(with: more, mode: mode, file: "b").schema
        #expect(names(evolved) == ["amount: decimal(12,2)", "id: float64", "note: ?"])
        #expect(
            evolved.retypings(since: kept) == [
                KeptSchema.Retyping(name: "id", before: .int64, after: .float64, isDeclared: false)
            ])
        // Narrower types, text, and a type that is final change nothing.
        for type in [LogicalType.int64, .string, .boolean] {
            #expect(try evolved.evolving(with: seen([("id", type)]), mode: mode, file: "c").schema == evolved)
        }
        let final = kept.fixing("id", as: .int64)
        #expect(try final.evolving(with: more, mode: mode, file: "b").schema == final)
        #expect(JSON(text: final.json.text()).flatMap { KeptSchema(json: $0) } == final)
    }

    @Test(arguments: [
        (LogicalType.decimal(precision: 5, scale: 2), LogicalType.decimal(precision: 12, scale: 4), "decimal(12,4)"),
        (.int64, .decimal(precision: 5, scale: 2), "decimal(21,2)"), (.date, .timestamp, "timestamp"),
        (.decimal(precision: 38, scale: 0), .decimal(precision: 38, scale: 9), "decimal(38,9)"),
        (.float64, .decimal(precision: 5, scale: 2), "float64"),
    ])
    func widensTypesOfFiles(_ first: LogicalType, _ later: LogicalType, _ wanted: String) throws {
        let kept = try KeptSchema().evolving(with: seen([("a", first)]), mode: .rescue, file: "a").schema
        #expect(
            names(try kept.evolving(with: seen([("a", later)]), mode: .rescue, file: "b").schema) == ["a: \(wanted)"])
    }

    @Test func takesWhatIsDeclaredLater() throws {
        let declared = try first().declaring([("id", .string), ("late", .date), ("_batch", .int64), ("ID", .int64)])
        #expect(names(declared) == ["amount: decimal(12,2)", "id: string", "note: ?", "late: date"])
        #expect(declared.origins == [.inferred, .declared, .declared])
        #expect(
            declared.retypings(since: try first()) == [
                KeptSchema.Retyping(name: "id", before: .int64, after: .string, isDeclared: true)
            ])
    }

    @Test func comesBackFromItsJSON() throws {
        let nested = LogicalType.list(
            .structure([Field("a b", .map(key: .string, value: .uint64), isNullable: false), Field("c", .binary)]))
        let kept = try first().evolving(
            with: seen([("nested", nested), ("é\"\n", .timestamp), ("t", .time), ("d", .duration), ("f", .float64)]),
            mode: .addNewColumns, file: "b"
        ).schema
        let text = kept.json.text()
        let back = try #require(JSON(text: text).flatMap { KeptSchema(json: $0) })
        #expect(back == kept && back.fingerprint == kept.fingerprint && back.schema == kept.schema)
        #expect(KeptSchema(json: KeptSchema().json) == KeptSchema())
        #expect(
            try first().json.text() == """
                {"version":1,"initial":false,"columns":[{"name":"amount","type":"decimal(12,2)","origin":"declared"},\
                {"name":"id","type":"int64","origin":"inferred"},{"name":"note"}]}
                """)
    }

    @Test(arguments: [
        "{}", "[]", #"{"version":2,"initial":true,"columns":[]}"#, #"{"version":1,"columns":[]}"#,
        #"{"version":1,"initial":true,"columns":[{"type":"int64"}]}"#,
        #"{"version":1,"initial":true,"columns":[{"name":"a","type":"int65","origin":"declared"}]}"#,
        #"{"version":1,"initial":true,"columns":[{"name":"a","type":{"list":1},"origin":"declared"}]}"#,
        #"{"version":1,"initial":true,"columns":[{"name":"a","type":"int64","origin":"x"}]}"#,
    ]) func refusesOtherJSON(_ text: String) throws {
        #expect(KeptSchema(json: try #require(JSON(text: text))) == nil)
    }
}

/// What the beginnings of files show.
@Suite struct FileSampleTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func evolve(_ kept: KeptSchema, _ names: [String], _ mode: SchemaEvolution) throws -> KeptSchema {
        try kept.evolving(with: names.map { try scratch.planned($0) }, mode: mode, options: IntakeOptions()).schema
    }

    private func names(_ schema: KeptSchema) -> [String] {
        schema.columns.map { "\($0.name): \($0.type?.description ?? "?")" }
    }

    @Test func widensAmongTheFirstFiles() throws {
        try scratch.file("{\"a\":1,\"b\":null,\"c\":{\"d\":true}}\n", "1.jsonl")
        try scratch.file("{\"a\":1.5,\"b\":\"2026-01-01\",\"e\":[1]}\n", "2.jsonl")
        try scratch.file("a,e\n2,x\n", "3.csv")
        let kept = try evolve(KeptSchema(), ["1.jsonl", "2.jsonl", "3.csv"], .rescue)
        #expect(names(kept) == ["a: float64", "b: date", "c.d: boolean", "e: string"])
        // Later ones change no type.
        try scratch.file("{\"a\":\"x\",\"c\":{\"f\":1}}\n", "4.jsonl")
        #expect(try evolve(kept, ["4.jsonl"], .rescue) == kept)
        #expect(names(try evolve(kept, ["4.jsonl"], .addNewColumns)).suffix(1) == ["c.f: int64"])
        let error = #expect(throws: SourceError.self) { try evolve(kept, ["1.jsonl", "4.jsonl"], .fail) }
        #expect(error?.partition == 1 && error?.message.contains("'c.f'") == true)
    }

    @Test func emptyFilesLeaveItInitial() throws {
        try scratch.file("", "1.jsonl")
        let kept = try evolve(KeptSchema(), ["1.jsonl"], .fail)
        #expect(kept.isInitial)
        try scratch.file("{\"a\":1}", "2.jsonl")
        #expect(names(try evolve(kept, ["2.jsonl"], .fail)) == ["a: int64"])
    }

    @Test func asksForAColumnOnceItHasAValue() throws {
        try scratch.file("a,b\n1,\n", "1.csv")
        let kept = try evolve(KeptSchema(), ["1.csv"], .rescue)
        #expect(names(kept) == ["a: int64", "b: ?"])
        try scratch.file("a,b\n1,2\n", "2.csv")
        #expect(names(try evolve(kept, ["2.csv"], .rescue)) == ["a: int64", "b: int64"])
    }
}
