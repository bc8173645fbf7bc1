import Foundation
import Tables
import TestSupport
import Testing

@testable import Parquet

/// Files that we write, read by Spark and written anew by it, and read by us again.
@Suite(.enabled(if: Peers.haveSpark, "Spark is not there: python3 with pyspark, and a Java to run it"))
struct SparkTests {
    private static let fields: [SchemaNode] = [
        .leaf("row", .int32, isNullable: false), .leaf("bit", .boolean), .leaf("i8", .int8), .leaf("i16", .int16),
        .leaf("i64", .int64), .leaf("f32", .float), .leaf("f64", .double),
        .leaf("d9", .decimal(precision: 9, scale: 2)), .leaf("d18", .decimal(precision: 18, scale: 4)),
        .leaf("d38", .decimal(precision: 38, scale: 10)), .leaf("text", .string), .leaf("bytes", .binary),
        .leaf("day", .date), .leaf("instant", .timestamp(.microseconds, isUTC: true)),
        .leaf("local", .timestamp(.microseconds, isUTC: false)),
        .list("list", of: .leaf("element", .int64)),
        .map("map", key: .leaf("key", .string, isNullable: false), value: .leaf("value", .double)),
        .structure("group", [.leaf("a", .int32), .list("l", of: .structure("element", [.leaf("b", .string)]))]),
    ]

    private static let seen =
        "struct<row:int,bit:boolean,i8:tinyint,i16:smallint,i64:bigint,f32:float,f64:double,d9:decimal(9,2),"
        + "d18:decimal(18,4),d38:decimal(38,10),text:string,bytes:binary,day:date,instant:timestamp,local:timestamp_ntz,"
        + "list:array<bigint>,map:map<string,double>,group:struct<a:int,l:array<struct<b:string>>>>\n"

    /// Times in whole milliseconds, of years that every calendar agrees about.
    private static func rows(_ count: Int) -> [ParquetValue] {
        var random = SeededGenerator(seed: 11)
        return (0..<count).map { row in
            func maybe(_ value: ParquetValue) -> ParquetValue { random.chance(15) ? .null : value }
            func number(_ bits: Int) -> Int64 { Int64(truncatingIfNeeded: random.next()) >> Int64(64 - bits) }
            let text = String((0..<Int(random.next() % 6)).map { _ in ["a", "é", "漢", "🙂"][Int(random.next() % 4)] })
            let milliseconds = abs(number(41))
            let values: [ParquetValue] = [
                .int64(Int64(row)), maybe(.boolean(random.chance(50))), maybe(.int64(number(8))),
                maybe(.int64(number(16))), maybe(.int64(number(64))), maybe(.float(Float(number(24)) / 8)),
                maybe(.double(Double(number(50)) / 1_024)),
                maybe(.decimal(unscaled: Int128(number(29)), scale: 2)),
                maybe(.decimal(unscaled: Int128(number(59)), scale: 4)),
                maybe(.decimal(unscaled: Int128(number(63)) * 1_000_000_007, scale: 10)), maybe(.text(text)),
                maybe(.binary(Array(text.utf8) + [0, 0xFF])), maybe(.date(days: Int32(abs(number(15))))),
                maybe(.timestamp(ticks: milliseconds * 1_000, unit: .microseconds, isUTC: true)),
                maybe(.timestamp(ticks: milliseconds * 1_000, unit: .microseconds, isUTC: false)),
                maybe(.list((0..<Int(random.next() % 4)).map { maybe(.int64(Int64($0))) })),
                maybe(
                    .map((0..<Int(random.next() % 3)).map { .init(key: .text("k\($0)"), value: maybe(.double(0.5))) })),
                maybe(
                    .structure([
                        .init(name: "a", value: maybe(.int64(number(32)))),
                        .init(
                            name: "l", value: maybe(.list([.structure([.init(name: "b", value: maybe(.text(text)))])]))),
                    ])),
            ]
            return .structure(zip(fields, values).map { .init(name: $0.name, value: $1) })
        }
    }

    @Test(arguments: ["INT96", "TIMESTAMP_MICROS", "TIMESTAMP_MILLIS"])
    func readsAndWritesTheSame(_ timestamps: String) throws {
        let scratch = try Scratch()
        try scratch.write("ours.parquet", Self.fields) { try $0.append(rows: Self.rows(3_000)) }
        let told = try Peers.run(
            ["spark_round_trip.py", scratch.path("ours.parquet"), scratch.path("theirs"), timestamps])
        #expect(told.hasSuffix(Self.seen), "\(told)")
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path("theirs"))
        let name = try #require(names.first { $0.hasSuffix(".parquet") })
        let (ours, theirs) = (
            try ParquetSource([scratch.path("ours.parquet")]), try ParquetSource([scratch.path("theirs/\(name)")])
        )
        #expect(try BatchComparison(theirs).differences == [])
        #expect(theirs.schema.names == ours.schema.names)
        let (mine, foreign) = (try values(ours), try values(theirs))
        for (index, field) in ours.schema.fields.enumerated() {
            #expect(mine[index] == foreign[index], "\(field.name)")
        }
    }

    private func values(_ source: ParquetSource) throws -> [[Value]] {
        let needs = source.schema.fields.indices.map { ($0, [.values, .text] as ColumnNeed) }
        let batches = try BatchComparison.batches(of: source, Projection(Dictionary(uniqueKeysWithValues: needs)))
        return source.schema.fields.indices.map { column in
            batches.flatMap { batch in (0..<batch.rowCount).map { batch.column(column).value(at: $0) } }
        }
    }
}
