import Foundation
import Intake
import Tables
import TestSupport
import Testing

/// What goes to `_rescued`, and how.
@Suite struct RescueTests {
    private let scratch: Scratch
    private let schema = KeptSchema(declared: [
        ("id", .int64), ("amount", .decimal(precision: 12, scale: 2)), ("user.name", .string), ("user.age", .int64),
        ("text", .string),
    ])

    init() throws { scratch = try Scratch() }

    private func lines(_ bytes: [UInt8], _ name: String) throws -> [String] {
        try scratch.file(bytes, name)
        return try IntakeSource.open([scratch.planned(name)], schema: schema).lines()
    }

    private func json(_ text: String) throws -> [String] { try lines(Array(text.utf8), "a.jsonl") }
    private func csv(_ text: String) throws -> [String] { try lines(Array(text.utf8), "a.csv") }

    static let records: [(record: String, line: String)] = [
        (
            #"{"id":1,"amount":1.5,"user":{"name":"x","age":2},"text":"t"}"#,
            "id=1 amount=1.50 user.name=x user.age=2 text=t"
        ),
        (#"{"id":1,"amount":"free"}"#, #"id=1 amount=?free {"amount":"free"}"#),
        (#"{"amount": 1.005, "id": 1e0}"#, #"id=?1e0 amount=?1.005 {"amount":1.005,"id":1e0}"#),
        (#"{"id":1,"new":[1, {"a":"é"}],"b":true}"#, #"id=1 {"new":[1, {"a":"é"}],"b":true}"#),
        (#"{"id":1,"new":null,"user":{"x":null},"o":{}}"#, #"id=1 {"o":{}}"#),
        (#"{"user":{"name":"x","shoe":{"size":46}}}"#, #"user.name=x {"user.shoe":{"size":46}}"#),
        (#"{"user":5,"id":1}"#, #"id=1 {"user":5}"#),
        (#"{"user":{},"id":1}"#, "id=1"),
        (#"{"user":{"age":{"y":1}}}"#, #"user.age=?{"y":1} {"user.age":{"y":1}}"#),
        (#"{"text":{"any":1}}"#, #"text={"any":1}"#),
        (#"{"text":17}"#, "text=17"),
        (#"{"a.b":1,"a":{"b":2},"c\\d":3}"#, #"{"a\\.b":1,"a":{"b":2},"c\\\\d":3}"#),
        (#"{"id":1,"id":2}"#, #"id=2 {"_duplicates":{"id":[1]}}"#),
        (#"{"id":1,"x":1,"id":"2","x":[],"x":3,"id":3}"#, #"id=3 {"x":3,"_duplicates":{"id":[1,"2"],"x":[1,[]]}}"#),
        (#"{"user":{"name":"x"},"user":{"age":1}}"#, #"user.age=1 {"_duplicates":{"user":[{"name":"x"}]}}"#),
        (#"{"\u0069d":1,"n\u00e9w":"\u0041"}"#, #"id=1 {"néw":"\u0041"}"#),
        (#"{"_extra":1,"_corrupt_record":"x","_mine":2}"#, #"{"\\_extra":1,"\\_corrupt_record":"x","_mine":2}"#),
        (#"{"ID":1,"_source_file":"x"}"#, #"{"ID":1,"_source_file":"x"}"#),
        (#"{"id":1"#, #"{"_corrupt_record":"{\"id\":1"}"#),
        (#"[1,"a\tb"]"#, #"{"_corrupt_record":"[1,\"a\\tb\"]"}"#),
        ("nonsense \u{1}\t", #"{"_corrupt_record":"nonsense \u0001\t"}"#),
        (#"{"id":1,"text":"\ud800"}"#, #"id=1 text=\#u{FFFD} {"_corrupt_record":"{\"id\":1,\"text\":\"\\ud800\"}"}"#),
    ]

    @Test(arguments: records.indices) func rescuesFromJSON(_ index: Int) throws {
        let (record, line) = Self.records[index]
        // Between others that are well.
        #expect(try json("{\"id\":7}\n\(record)\n{\"id\":8}\n") == ["id=7", line, "id=8"])
    }

    /// A whole number that a double can't hold is there as it was written, beside the nearest one.
    @Test(arguments: [
        ("9007199254740992", ""), ("9007199254740993", "9007199254740993"), ("-9007199254740993", "-9007199254740993"),
        ("0.1", ""), ("1e300", ""), ("9007199254740993.5", ""), ("18446744073709551616", ""),
        ("18446744073709551617", "18446744073709551617"),
        ("100000000000000000000000000000000000000001", "100000000000000000000000000000000000000001"),
    ]) func rescuesWholeNumbersThatADoubleCannotHold(_ number: String, _ rescued: String) throws {
        try scratch.file("{\"x\":\(number)}\n{\"x\":1.5}\n", "a.jsonl")
        try scratch.file("x\n\(number)\n1.5\n", "a.csv")
        for (name, quote) in [("a.jsonl", ""), ("a.csv", "\"")] {
            let schema = KeptSchema(declared: [("x", .float64)])
            let source = try IntakeSource.open([scratch.planned(name)], schema: schema)
            let found = try source.batches(workers: 1).flatMap { batch -> [String] in
                let column = source.rescue(batch).column
                #expect(batch.column(0).present.isFull)
                return (0..<batch.rowCount).map { column.text(at: $0) ?? "" }
            }
            #expect(found == [rescued.isEmpty ? "" : "{\"x\":\(quote)\(rescued)\(quote)}", ""])
        }
    }

    @Test func rescuesFromArrays() throws {
        #expect(
            try lines(Array("[\n {\"id\":1,\n  \"x\": 2} ,{\"id\":\"a\"}]".utf8), "a.json") == [
                #"id=1 {"x":2}"#, #"id=?a {"id":"a"}"#,
            ])
    }

    @Test func keepsBytesThatAreNoText() throws {
        let record = Array("{\"id\":1,\"text\":\"".utf8) + [0xFF] + Array("\"}".utf8)
        let base64 = Data(record).base64EncodedString()
        #expect(
            try lines(record + [0x0A], "a.jsonl") == ["id=1 text=\u{FFFD} {\"_corrupt_record_base64\":\"\(base64)\"}"])
        #expect(
            try lines(Array("id,x\n1,".utf8) + [0xFE, 0x0A], "a.csv") == [#"id=1 {"_corrupt_record_base64":"MSz+"}"#])
    }

    @Test func rescuesFromDelimitedText() throws {
        #expect(
            try csv("id,amount,new\n1,2,3\n2,free,\n3,,\"a \"\"b\"\"\n\"\n4\n5,1,x,y,\"z,\"\"\",\n") == [
                #"id=1 amount=2.00 {"new":"3"}"#, #"id=2 amount=?free {"amount":"free"}"#, #"id=3 {"new":"a \"b\"\n"}"#,
                "id=4",
                #"id=5 amount=1.00 {"new":"x","_extra":["y","z,\"",""]}"#,
            ])
        #expect(
            try csv("id,_extra\n1,2\n\"3\"x,4\n") == [
                #"id=1 {"\\_extra":"2"}"#, #"id=?3x {"_corrupt_record":"\"3\"x,4"}"#,
            ])
        #expect(try csv("id\n1,2\n3\n") == [#"id=1 {"_extra":["2"]}"#, "id=3"])
    }

    @Test func costsNothingWhereAllFits() throws {
        try scratch.file("{\"id\":1,\"x\":null}\n{\"id\":2}\n", "a.jsonl")
        let source = try IntakeSource.open([scratch.planned("a.jsonl")], schema: schema)
        let batch = try #require(try source.batches().first)
        #expect(batch.unfitting == nil && batch.surplus.isEmpty)
        let rescued = source.rescue(batch)
        #expect(rescued.column.present.isEmpty && rescued.column.count == 2 && rescued.column.type == .string)
        #expect(rescued.newColumns.isEmpty)
    }

    @Test func tellsWhichColumnsTheNextBatchMayHave() throws {
        try scratch.file(
            #"{"id":1,"x":1,"user":{"y":{"z":"2026-01-01"}}}"# + "\n" + #"{"x":1.5,"ID":2,"e":[],"n":{"m":null}}"#
                + "\n",
            "a.jsonl")
        let source = try IntakeSource.open([scratch.planned("a.jsonl")], schema: schema)
        let batch = try #require(try source.batches().first)
        let found = source.rescue(batch).newColumns
        #expect(found.columns.map(\.name) == ["x", "user.y.z", "ID", "e", "n.m"])
        #expect(found.columns.map(\.guess) == [.type(.float64), .type(.date), .type(.int64), .type(.string), .nothing])
        #expect(source.rescue(batch, notesNewColumns: false).newColumns.isEmpty)
        let evolved = try schema.evolving(with: found, mode: .addNewColumns, file: "")
        #expect(evolved.added.map(\.name) == ["x", "user.y.z", "e"])
        // With it, nothing is left over but what may be no column.
        let next = try IntakeSource.open([scratch.planned("a.jsonl")], schema: evolved.schema)
        #expect(try next.lines() == ["id=1 x=1.0 user.y.z=2026-01-01", #"x=1.5 e=[] {"ID":2,"n":{"m":null}}"#])
    }
}
