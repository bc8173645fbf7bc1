import Files
import Tables
import Testing

@testable import Parquet

/// The ways of writing lists and maps, new and old (LogicalTypes.md, "Nested Types").
@Suite("Nested columns")
struct NestedTests {
    private static func numbers(_ count: Int) -> [UInt8] {
        (1...count).flatMap { (number: Int) -> [UInt8] in [UInt8(number), 0, 0, 0] }
    }

    private func rows(_ elements: [SchemaElement], rowCount: Int, _ chunks: [HandmadeFile.Chunk]) throws
        -> [ParquetValue]
    {
        try ParquetFile.values(
            of: HandmadeFile(
                schema: [SchemaElement(name: "schema", childCount: 1)] + elements, rowCount: rowCount, chunks: chunks))
    }

    /// Levels of one bit or two, as a group of the hybrid: up to eight.
    private static func packed(_ levels: [Int], bits: Int) -> [UInt8] {
        var word: UInt32 = 0
        for (index, level) in levels.enumerated() { word |= UInt32(level) << UInt32(index * bits) }
        return [0x03] + (0..<bits).map { UInt8(truncatingIfNeeded: word >> UInt32(8 * $0)) }
    }

    private static func page(
        _ repetitions: [Int], _ definitions: [Int], rows: Int, values: Int, bits: (Int, Int) = (1, 2)
    ) -> HandmadeFile.Chunk {
        HandmadeFile.Chunk(
            valueCount: definitions.count,
            pages: [
                .second(
                    count: definitions.count, rows: rows, .plain,
                    repetition: bits.0 == 0 ? [] : packed(repetitions, bits: bits.0),
                    definition: packed(definitions, bits: bits.1), numbers(values))
            ])
    }

    private static func list(_ values: [Int?]) -> ParquetValue {
        .list(values.map { $0.map { .int64(Int64($0)) } ?? .null })
    }

    @Test func listsOfThreeLevels() throws {
        // [1, null], null, [], [2]
        let found = try rows(
            [
                SchemaElement(repetition: .optional, name: "l", childCount: 1, annotation: .list),
                SchemaElement(repetition: .repeated, name: "list", childCount: 1),
                SchemaElement(type: .int32, repetition: .optional, name: "element"),
            ], rowCount: 4, [Self.page([0, 1, 0, 0, 0], [3, 2, 0, 1, 3], rows: 4, values: 2)])
        #expect(found == [Self.list([1, nil]), .null, Self.list([]), Self.list([2])])
    }

    @Test func listsOfTwoLevels() throws {
        let found = try rows(
            [
                SchemaElement(repetition: .optional, name: "l", childCount: 1, convertedType: .list),
                SchemaElement(type: .int32, repetition: .repeated, name: "element"),
            ], rowCount: 3, [Self.page([0, 1, 0, 0], [2, 2, 1, 0], rows: 3, values: 2)])
        #expect(found == [Self.list([1, 2]), Self.list([]), .null])
    }

    @Test(arguments: ["array", "l_tuple"]) func listsWhoseRepeatedGroupIsTheElement(_ name: String) throws {
        let found = try rows(
            [
                SchemaElement(repetition: .required, name: "l", childCount: 1, annotation: .list),
                SchemaElement(repetition: .repeated, name: name, childCount: 1),
                SchemaElement(type: .int32, repetition: .required, name: "x"),
            ], rowCount: 1, [Self.page([0, 1], [1, 1], rows: 1, values: 2, bits: (1, 1))])
        func structure(_ number: Int64) -> ParquetValue { .structure([.init(name: "x", value: .int64(number))]) }
        #expect(found == [.list([structure(1), structure(2)])])
    }

    @Test func listsOfGroupsOfSeveralFields() throws {
        let chunk = Self.page([0, 1], [1, 1], rows: 1, values: 2, bits: (1, 1))
        let found = try rows(
            [
                SchemaElement(repetition: .required, name: "l", childCount: 1, annotation: .list),
                SchemaElement(repetition: .repeated, name: "e", childCount: 2),
                SchemaElement(type: .int32, repetition: .required, name: "x"),
                SchemaElement(type: .int32, repetition: .required, name: "y"),
            ], rowCount: 1, [chunk, chunk])
        guard case .list(let elements) = found[0] else { throw ParquetError(.corrupt, "no list") }
        #expect(elements.map { $0["y"] } == [.int64(1), .int64(2)])
    }

    @Test func repeatedFieldsWithoutAnAnnotation() throws {
        let found = try rows(
            [SchemaElement(type: .int32, repetition: .repeated, name: "r")], rowCount: 3,
            [Self.page([0, 1, 0, 0], [1, 1, 0, 1], rows: 3, values: 3, bits: (1, 1))])
        #expect(found == [Self.list([1, 2]), Self.list([]), Self.list([3])])
    }

    @Test(arguments: [ConvertedType.map, .mapKeyValue]) func maps(_ type: ConvertedType) throws {
        let found = try rows(
            [
                SchemaElement(repetition: .optional, name: "m", childCount: 1, convertedType: type),
                SchemaElement(repetition: .repeated, name: "map", childCount: 2),
                SchemaElement(type: .int32, repetition: .required, name: "key"),
                SchemaElement(type: .int32, repetition: .optional, name: "value"),
            ], rowCount: 2,
            [
                Self.page([0, 1, 0], [2, 2, 0], rows: 2, values: 2),
                Self.page([0, 1, 0], [3, 2, 0], rows: 2, values: 1),
            ])
        #expect(
            found == [
                .map(
                    [.init(key: .int64(1), value: .int64(1)), .init(key: .int64(2), value: .null)], hasTextKeys: false),
                .null,
            ])
    }

    /// The spelling goes by the type, also where there is nothing in the map, and is that of other readings for what isn't finite.
    @Test(
        arguments: [
            (.map([], hasTextKeys: false), "[]"), (.map([]), "{}"),
            (.map([.init(key: .int64(1), value: .double(.nan))], hasTextKeys: false), #"[[1,"NaN"]]"#),
            (.map([.init(key: .text("a"), value: .float(-.infinity))]), #"{"a":"-inf"}"#),
            (.map([.init(key: .binary([0xFF]), value: .null)]), #"{"ff":null}"#),
        ] as [(ParquetValue, String)]) func mapsAsJSON(_ value: ParquetValue, _ text: String)
    {
        #expect(value.asText == text)
    }

    @Test(arguments: [(ConvertedType.map, "key_value", "key"), (.map, "entries", "k"), (.mapKeyValue, "map", "key")])
    func mapsWithoutValuesAreListsOfKeys(_ type: ConvertedType, _ group: String, _ key: String) throws {
        let found = try rows(
            [
                SchemaElement(repetition: .optional, name: "m", childCount: 1, convertedType: type),
                SchemaElement(repetition: .repeated, name: group, childCount: 1),
                SchemaElement(type: .int32, repetition: .required, name: key),
            ], rowCount: 3, [Self.page([0, 1, 0, 0], [2, 2, 1, 0], rows: 3, values: 2)])
        #expect(found == [Self.list([1, 2]), Self.list([]), .null])
    }

    @Test func leavesOfStructuresAreColumnsByTheirPaths() throws {
        let file = try TemporaryFile(
            HandmadeFile(
                schema: [
                    SchemaElement(name: "schema", childCount: 1),
                    SchemaElement(repetition: .optional, name: "user", childCount: 2),
                    SchemaElement(type: .int32, repetition: .optional, name: "id"),
                    SchemaElement(type: .int32, repetition: .repeated, name: "tags"),
                ], rowCount: 3,
                chunks: [
                    Self.page([], [2, 1, 0], rows: 3, values: 1, bits: (0, 2)),
                    Self.page([0, 0, 0], [2, 1, 0], rows: 3, values: 1),
                ]
            ).bytes)
        let source = try ParquetSource([file.path])
        #expect(source.schema.names == ["user", "user.id"])
        #expect(source.schema.fields[0].type.description == "struct<id: int64, tags: list<int64>>")
        let batch = try #require(
            try BatchComparison.batches(of: source, Projection([0: .values, 1: .values])).first)
        #expect((0..<3).map { batch.column(1).value(at: $0) } == [.integer(1), .missing, .missing])
        #expect(
            (0..<3).map { batch.column(0).value(at: $0) }
                == [.text(#"{"id":1,"tags":[1]}"#), .text(#"{"id":null,"tags":[]}"#), .missing])
    }

    /// Each level once a row: 90 levels that were looked through twice each would take longer than anybody waits.
    @Test(.timeLimit(.minutes(10))) func structuresNestedDeeply() throws {
        let depth = 90
        let groups = (0..<depth).map { _ in SchemaElement(repetition: .optional, name: "g", childCount: 1) }
        // A row with a value, one whose innermost group has none, and one without the outermost group.
        let levels: [UInt8] = [UInt8(depth + 1), UInt8(depth), 0].flatMap { [2, $0] }
        let found = try rows(
            groups + [SchemaElement(type: .int32, repetition: .optional, name: "x")], rowCount: 3,
            [
                HandmadeFile.Chunk(
                    valueCount: 3,
                    pages: [.first(count: 3, .plain, levels: HandmadeFile.levels(levels), Self.numbers(1))])
            ])
        func nested(_ value: ParquetValue) -> ParquetValue {
            (1..<depth).reduce(.structure([.init(name: "x", value: value)])) { inner, _ in
                .structure([.init(name: "g", value: inner)])
            }
        }
        #expect(found == [nested(.int64(1)), nested(.null), .null])
    }

    /// A list that goes on in the next page, and the same column with values and without.
    @Test func presenceOfLists() throws {
        // [1, null, 2], null, [], [3]: the first list lies on two pages.
        let file = try TemporaryFile(
            HandmadeFile(
                schema: [
                    SchemaElement(name: "schema", childCount: 1),
                    SchemaElement(repetition: .optional, name: "l", childCount: 1, annotation: .list),
                    SchemaElement(repetition: .repeated, name: "list", childCount: 1),
                    SchemaElement(type: .int32, repetition: .optional, name: "element"),
                ], rowCount: 4,
                chunks: [
                    HandmadeFile.Chunk(
                        valueCount: 6,
                        pages: [
                            .first(
                                count: 2, .plain,
                                levels: HandmadeFile.levels(Self.packed([0, 1], bits: 1))
                                    + HandmadeFile.levels(Self.packed([3, 2], bits: 2)), Self.numbers(1)),
                            .first(
                                count: 4, .plain,
                                levels: HandmadeFile.levels(Self.packed([1, 0, 0, 0], bits: 1))
                                    + HandmadeFile.levels(Self.packed([3, 0, 1, 3], bits: 2)), Self.numbers(2)),
                        ])
                ]
            ).bytes)
        let source = try ParquetSource([file.path])
        let full = try #require(try BatchComparison.batches(of: source, Projection([0: .values])).first)
        let levels = try #require(try BatchComparison.batches(of: source, Projection([0: .presence])).first)
        #expect(full.column(0).value(at: 0) == .text("[1,null,1]"))
        #expect(full.column(0).present.first(4) == [0, 2, 3])
        #expect(levels.column(0).present == full.column(0).present)
        guard case .none = levels.column(0).values else {
            Issue.record("values were read")
            return
        }
    }

    /// Levels as runs, each as long as it likes.
    private static func runs(_ runs: [(level: UInt8, count: Int)]) -> [UInt8] {
        runs.flatMap { run -> [UInt8] in
            var head = run.count << 1
            var bytes: [UInt8] = []
            while head >= 0x80 {
                bytes.append(UInt8(head & 0x7F) | 0x80)
                head >>= 7
            }
            return bytes + [UInt8(head), run.level]
        }
    }

    /// A structure of a list and a number: rows whose lists have so many elements, none of them with a value.
    private static func lists(_ counts: [Int]) -> HandmadeFile {
        let slots = counts.reduce(0) { $0 + max(1, $1) }
        let repetition = counts.flatMap { runs([(level: 0, count: 1), (level: 1, count: max(1, $0) - 1)]) }
        let definition = runs(counts.map { (level: UInt8($0 == 0 ? 2 : 3), count: max(1, $0)) })
        return HandmadeFile(
            schema: [
                SchemaElement(name: "schema", childCount: 1),
                SchemaElement(repetition: .optional, name: "s", childCount: 2),
                SchemaElement(repetition: .optional, name: "l", childCount: 1, annotation: .list),
                SchemaElement(repetition: .repeated, name: "list", childCount: 1),
                SchemaElement(type: .int32, repetition: .optional, name: "element"),
                SchemaElement(type: .int32, repetition: .required, name: "x"),
            ], rowCount: counts.count,
            chunks: [
                HandmadeFile.Chunk(
                    valueCount: slots,
                    pages: [
                        .second(
                            count: slots, rows: counts.count, .plain, repetition: repetition, definition: definition, []
                        )
                    ]),
                HandmadeFile.Chunk(
                    valueCount: counts.count,
                    pages: [
                        .second(
                            count: counts.count, rows: counts.count, .plain, repetition: [],
                            definition: runs([(level: 1, count: counts.count)]), numbers(counts.count))
                    ]),
            ])
    }

    /// What is read ahead of a list that is longer than its neighbours is kept for the rows that it belongs to.
    @Test func listsOfManyElements() throws {
        let counts = [70_000, 0, 3, 65_536, 140_000, 1]
        let found = try ParquetFile.values(of: Self.lists(counts))
        #expect(found.map { $0["x"] } == (1...6).map { .int64($0) })
        let lengths = found.map { row -> Int? in
            guard case .list(let elements)? = row["l"] else { return nil }
            return elements.count
        }
        #expect(lengths == counts)
    }

    @Test func refusesARowOfTooManyElements() throws {
        let file = try TemporaryFile(Self.lists([1, 5_000_000, 1]).bytes)
        let opened = try ParquetFile(InputFile(path: file.path, packing: Compression.none))
        let reader = opened.rows()
        #expect(try reader.next().count == 1)
        let error = #expect(throws: SourceError.self) { try reader.next() }
        #expect(error?.code == "too-large")
        let limit = (1 << 22) + 64 * opened.byteCount
        #expect(error?.message == "column 's.l.list.element': a row has more than \(limit) list elements")
        let presence = try BatchComparison.batches(of: try ParquetSource([opened]), Projection([0: .presence]))
        #expect(presence.map(\.rowCount) == [3])
    }

    @Test func refusesLevelsThatContradictEachOther() throws {
        // The second list of keys is longer than that of values.
        let message = #expect(throws: SourceError.self) {
            try rows(
                [
                    SchemaElement(repetition: .required, name: "m", childCount: 1, annotation: .map),
                    SchemaElement(repetition: .repeated, name: "map", childCount: 2),
                    SchemaElement(type: .int32, repetition: .required, name: "key"),
                    SchemaElement(type: .int32, repetition: .required, name: "value"),
                ], rowCount: 2,
                [
                    Self.page([0, 0, 1], [1, 1, 1], rows: 2, values: 3, bits: (1, 1)),
                    Self.page([0, 0], [1, 1], rows: 2, values: 2, bits: (1, 1)),
                ])
        }?.message
        #expect(message == "the columns of a nested field don't have the same rows")
    }
}
