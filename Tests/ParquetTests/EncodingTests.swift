import Tables
import Testing

@testable import Parquet

/// Pages by hand, with the examples of Encodings.md where it has some.
@Suite("Encodings")
struct EncodingTests {
    private func values(
        _ type: PhysicalType, _ annotation: Annotation? = nil, length: Int32? = nil, count: Int, _ encoding: Encoding,
        _ bytes: [UInt8], dictionary: (Int, [UInt8])? = nil
    ) throws -> [ParquetValue] {
        let element = SchemaElement(
            type: type, typeLength: length, repetition: .required, name: "c", annotation: annotation)
        let head = dictionary.map { [HandmadeFile.Page.dictionary(count: $0.0, $0.1)] } ?? []
        return try ParquetFile.values(
            of: HandmadeFile(
                element, rowCount: count, pages: head + [.first(count: count, encoding, levels: [], bytes)]))
    }

    private func refusal(_ body: () throws -> [ParquetValue]) -> String? {
        do { return "\(try body())" } catch { return (error as? SourceError)?.message }
    }

    @Test func plainNumbers() throws {
        #expect(
            try values(.int32, count: 2, .plain, [1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]) == [.int64(1), .int64(-1)])
        #expect(
            try values(.int32, .integer(bitWidth: 32, isSigned: false), count: 1, .plain, [0xFE, 0xFF, 0xFF, 0xFF])
                == [.uint64(4_294_967_294)])
        #expect(try values(.int64, count: 1, .plain, [0, 0, 0, 0, 0, 0, 0, 0x80]) == [.int64(.min)])
        #expect(try values(.double, count: 1, .plain, [0, 0, 0, 0, 0, 0, 0xF8, 0x3F]) == [.double(1.5)])
        #expect(try values(.float, count: 1, .plain, [0, 0, 0xC0, 0x3F]) == [.float(1.5)])
    }

    @Test func plainBooleansLowestBitFirst() throws {
        let bits = [true, false, true, true, false, false, false, true, true]
        #expect(try values(.boolean, count: 9, .plain, [0b1000_1101, 0b1]) == bits.map { .boolean($0) })
    }

    @Test func plainByteArraysBehindTheirLengths() throws {
        #expect(
            try values(.byteArray, .string, count: 3, .plain, [1, 0, 0, 0, 0x61, 0, 0, 0, 0, 2, 0, 0, 0, 0xC3, 0xA4])
                == [.text("a"), .text(""), .text("ä")])
        #expect(try values(.byteArray, .string, count: 1, .plain, [1, 0, 0, 0, 0xFF]) == [.binary([0xFF])])
    }

    @Test func runsAndGroupsOfTheHybrid() throws {
        // 0 through 7 in three bits each, as the specification packs them; then a run of four 5.
        let page: [UInt8] = [3, 0x03, 0b1000_1000, 0b1100_0110, 0b1111_1010, 0x08, 5]
        let dictionary = (0..<8).flatMap { (number: Int) -> [UInt8] in [UInt8(number * 10), 0, 0, 0] }
        #expect(
            try values(.int32, count: 12, .rleDictionary, page, dictionary: (8, dictionary))
                == [0, 10, 20, 30, 40, 50, 60, 70, 50, 50, 50, 50].map { .int64($0) })
        // Of no bits there is one value.
        #expect(
            try values(.int32, count: 3, .plainDictionary, [0], dictionary: (1, [7, 0, 0, 0])) == [
                .int64(7), .int64(7), .int64(7),
            ])
    }

    @Test func runsOfBooleans() throws {
        #expect(
            try values(.boolean, count: 11, .rle, HandmadeFile.levels([0x06, 1, 0x03, 0b0000_0101]))
                == [true, true, true, true, false, true, false, false, false, false, false].map { .boolean($0) })
    }

    @Test func differences() throws {
        #expect(
            try values(.int32, count: 5, .deltaBinaryPacked, [0x80, 1, 4, 5, 2, 2, 0, 0, 0, 0])
                == [1, 2, 3, 4, 5].map { .int64($0) })
        // 7, then −2 −2 −2 1 1 1 1 as two bits each above −2.
        let packed: [UInt8] = [0b1100_0000, 0b0011_1111] + [UInt8](repeating: 0, count: 6)
        #expect(
            try values(.int64, count: 8, .deltaBinaryPacked, [0x80, 1, 4, 8, 14, 3, 2, 0, 0, 0] + packed)
                == [7, 5, 3, 1, 2, 3, 4, 5].map { .int64($0) })
    }

    @Test func differencesThatWrapAround() throws {
        // From the least to the greatest in 64 bits: the difference is −1.
        let first = [UInt8](repeating: 0xFF, count: 9) + [0x01]
        #expect(
            try values(.int64, count: 2, .deltaBinaryPacked, [0x80, 1, 4, 2] + first + [1, 0, 0, 0, 0])
                == [.int64(.min), .int64(.max)])
    }

    @Test func differencesOfSixtyFourBits() throws {
        // 0 and −1 less 2⁶³: one difference of 64 bits above −2⁶³.
        let least = [UInt8](repeating: 0xFF, count: 9) + [0x01]
        let deltas: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF] + [UInt8](repeating: 0, count: 248)
        #expect(
            try values(.int64, count: 2, .deltaBinaryPacked, [0x80, 1, 4, 2, 0] + least + [64, 0, 0, 0] + deltas)
                == [.int64(0), .int64(.max)])
    }

    @Test func byteArraysBehindAllLengths() throws {
        // 5 5 6 6: first 5, then 0 1 0 in a bit each above 0.
        let lengths: [UInt8] = [0x80, 1, 4, 4, 10, 0, 1, 0, 0, 0, 0b010, 0, 0, 0]
        #expect(
            try values(
                .byteArray, .string, count: 4, .deltaLengthByteArray, lengths + Array("HelloWorldFoobarABCDEF".utf8))
                == [.text("Hello"), .text("World"), .text("Foobar"), .text("ABCDEF")])
    }

    @Test func byteArraysThatShareTheirBeginnings() throws {
        // Prefixes 0 2 0 3: differences 2 −2 3 as three bits above −2; suffixes of 4 2 6 5: −2 4 −1.
        let prefixes: [UInt8] =
            [0x80, 1, 4, 4, 0, 3, 3, 0, 0, 0, 0b0100_0100, 0b1, 0] + [UInt8](repeating: 0, count: 9)
        let suffixes: [UInt8] = [0x80, 1, 4, 4, 8, 3, 3, 0, 0, 0, 0b0111_0000, 0, 0] + [UInt8](repeating: 0, count: 9)
        #expect(
            try values(
                .byteArray, .string, count: 4, .deltaByteArray, prefixes + suffixes + Array("axislebabbleyhood".utf8))
                == [.text("axis"), .text("axle"), .text("babble"), .text("babyhood")])
    }

    @Test func streamsOfBytes() throws {
        let streams: [UInt8] = [0xAA, 0x00, 0xA3, 0xBB, 0x11, 0xB4, 0xCC, 0x22, 0xC5, 0xDD, 0x33, 0xD6]
        let bits: [UInt32] = [0xDDCC_BBAA, 0x3322_1100, 0xD6C5_B4A3]
        #expect(try values(.float, count: 3, .byteStreamSplit, streams) == bits.map { .float(Float(bitPattern: $0)) })
        #expect(
            try values(.fixedLengthByteArray, length: 2, count: 3, .byteStreamSplit, [1, 2, 3, 4, 5, 6])
                == [.binary([1, 4]), .binary([2, 5]), .binary([3, 6])])
    }

    @Test(arguments: [
        (PhysicalType.int32, Encoding.deltaByteArray), (.boolean, .deltaBinaryPacked), (.byteArray, .byteStreamSplit),
        (.double, .deltaBinaryPacked), (.int32, Encoding(rawValue: 77)), (.int96, .rle),
    ])
    func refusesWhatATypeDoesNotHave(_ type: PhysicalType, _ encoding: Encoding) {
        let message = refusal { try values(type, count: 1, encoding, [0, 0, 0, 0]) }
        #expect(message == "column 'c': encoding \(encoding.name) of values of type \(type.name) is not read")
    }

    @Test(arguments: [
        (Encoding.plain, [UInt8]([1, 2, 3]), "a page has fewer values than announced"),
        (.deltaBinaryPacked, [0x80, 1, 4, 1, 2], "a page has 1 differences, fewer than values"),
        (.deltaBinaryPacked, [0x80, 1, 4, 2, 2, 0, 33, 0, 0, 0], "differences end too early"),
        (.deltaBinaryPacked, [0x80, 1, 3, 2, 2], "a block of differences with 128 values in 3 parts"),
        (.byteStreamSplit, [1, 2, 3], "3 bytes are no streams of values of 4 bytes"),
    ])
    func refusesPagesThatEndTooEarly(_ encoding: Encoding, _ bytes: [UInt8], _ message: String) {
        #expect(refusal { try values(.int32, count: 2, encoding, bytes) } == "column 'c': \(message)")
    }

    @Test func refusesCodesBehindTheDictionary() {
        let message = refusal {
            try values(.int32, count: 1, .rleDictionary, [8, 2, 5], dictionary: (1, [0, 0, 0, 0]))
        }
        #expect(message == "column 'c': code 5 points behind a dictionary of 1 values")
    }
}
