import Formats
import Foundation
import Tables
import TestSupport
import Testing

/// Generated files, read in chunks of every size, against the plain reader.
@Suite struct CSVDifferentialTests {
    private static let cases = Fuzz.cases(1_200, share: 100)
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test(arguments: 1...4 as ClosedRange<UInt64>) func agreesWithThePlainReader(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed ^ Fuzz.seed)
        for round in 0..<Self.cases / 4 {
            let sketch = CSVSketch(&random)
            try sketch.write(to: scratch.path("t.csv"))
            let twin = CSVTwin(sketch.bytes, delimiter: sketch.delimiter, quote: sketch.quote)
            let wanted = outcome(of: twin, sketch)
            for chunkBytes in [16, Int.random(in: 17...60, using: &random), 1 << 16] {
                let found = outcome(of: sketch, chunkBytes: chunkBytes)
                guard found != wanted else { continue }
                Issue.record(
                    "seed \(seed), round \(round), chunks of \(chunkBytes): \(sketch)\nfound  \(found)\nwanted \(wanted)"
                )
                return
            }
        }
    }

    private enum Outcome: Equatable {
        case rows(names: [String], texts: [[[UInt8]?]], offsets: [Int64?], problems: [String])
        case error(String, offset: Int64?)

        init(_ reading: Reading) {
            self = .rows(
                names: reading.names, texts: reading.texts, offsets: reading.offsets, problems: reading.problems)
        }
    }

    private func outcome(of twin: CSVTwin, _ sketch: CSVSketch) -> Outcome {
        if let maximum = sketch.maximumRowBytes, let long = twin.rows.first(where: { $0.end - $0.start > maximum }) {
            return .error("row-too-long", offset: Int64(long.start))
        }
        if let (row, quote) = twin.unclosed {
            if let maximum = sketch.maximumRowBytes, sketch.bytes.count - row > maximum {
                return .error("row-too-long", offset: Int64(row))
            }
            return .error("unclosed-quote", offset: Int64(quote))
        }
        return Outcome(twin.reading(sketch.bytes, hasHeader: sketch.hasHeader) ?? Reading())
    }

    private func outcome(of sketch: CSVSketch, chunkBytes: Int) -> Outcome {
        var options = CSVOptions()
        options.delimiter = sketch.delimiter
        options.quote = sketch.quote
        options.header = sketch.hasHeader ? .present : .absent
        options.chunkBytes = chunkBytes
        if chunkBytes.isMultiple(of: 2) { options.batchCells = 4 }
        if let maximum = sketch.maximumRowBytes { options.maximumRowBytes = maximum }
        do throws(SourceError) {
            return Outcome(try Reading([scratch.path("t.csv")], options, need: .text, workers: 1 + chunkBytes % 2))
        } catch {
            return .error(error.code, offset: error.byteOffset)
        }
    }
}

/// A file that was made up.
struct CSVSketch: CustomStringConvertible {
    let delimiter: UInt8
    let quote: UInt8?
    let hasHeader: Bool
    let maximumRowBytes: Int?
    private(set) var bytes: [UInt8] = []

    init(_ random: inout SeededGenerator) {
        delimiter = random.pick(Array(",;\t|".utf8))
        quote = random.pick([0x22, 0x22, 0x22, 0x27, nil])
        hasHeader = random.chance(40)
        maximumRowBytes = random.chance(20) ? Int.random(in: 3...90, using: &random) : nil
        if random.chance(15) { bytes += [0xEF, 0xBB, 0xBF] }
        let width = Int.random(in: 1...4, using: &random)
        let lineBreak = random.pick(["\n", "\r\n", "\r"])
        if hasHeader {
            let names = (0..<width).map { ["a", "bé", "c c", "d"][$0] }
            bytes += Array(names.joined(separator: String(UnicodeScalar(delimiter))).utf8) + Array(lineBreak.utf8)
        }
        let isTidy = random.chance(50)
        for _ in 0..<Int.random(in: 0...8, using: &random) {
            if isTidy { addRow(width, &random) } else { addNoise(&random) }
            let isUsual = random.chance(80)
            bytes += Array((isUsual ? lineBreak : random.pick(["\n", "\r\n", "\r", "\n\n", "\r\r\n", "\n\r"])).utf8)
        }
        if random.chance(40) { addRow(width, &random) }
    }

    private mutating func addRow(_ width: Int, _ random: inout SeededGenerator) {
        for place in 0..<(random.chance(90) ? width : Int.random(in: 1...5, using: &random)) {
            if place > 0 { bytes.append(delimiter) }
            let isQuoted = random.chance(40)
            if isQuoted, let quote { bytes.append(quote) }
            for _ in 0..<random.pick([0, 0, 1, 2, 5, 20]) {
                switch random.pick([0, 1, 2, 3, 4, 5, 6]) {
                case 0 where isQuoted: if let quote { bytes += [quote, quote] }
                case 1 where isQuoted: bytes += Array(random.pick(["\n", "\r\n", "\r"]).utf8)
                case 2 where isQuoted: bytes.append(delimiter)
                case 3: bytes += Array("é日".utf8)
                default: bytes.append(random.pick(Array("ab 01-.".utf8)))
                }
            }
            if isQuoted, let quote { bytes.append(quote) }
        }
    }

    private mutating func addNoise(_ random: inout SeededGenerator) {
        for _ in 0..<Int.random(in: 0...25, using: &random) {
            switch random.pick([0, 0, 0, 1, 1, 2, 3, 4, 5]) {
            case 0: bytes.append(random.pick(Array("ab1 ".utf8)))
            case 1: bytes.append(delimiter)
            case 2: bytes.append(random.chance(70) ? quote ?? 0x22 : 0x22)
            case 3:
                bytes += random.pick([
                    [0xC3, 0xA9], [0xF0, 0x9F, 0x98, 0x80], [0xC3], [0xFF], [0xE2, 0x82], [0xED, 0xA0, 0x80],
                ])
            case 4: bytes += Array(random.pick(["\n", "\r\n", "\r"]).utf8)
            default: if let quote { bytes += [quote, random.pick([0x61, quote, delimiter]), quote] }
            }
        }
    }

    func write(to path: String) throws { try Data(bytes).write(to: URL(fileURLWithPath: path)) }

    var description: String {
        "\(String(decoding: bytes, as: UTF8.self).debugDescription) delimiter \(delimiter), quote \(quote ?? 0), header \(hasHeader), rows of \(maximumRowBytes ?? 0) bytes at most"
    }
}

/// Whatever the bytes, reading them ends, in rows or in an error.
@Suite struct CSVNoiseTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    static let alphabets: [[UInt8]] = [
        Array(0...255), Array("\",\n\r".utf8), Array("\"a,;\n0".utf8), [0, 0x2C, 0x0A], [0xEF, 0xBB, 0xBF, 0x0A, 0x22],
        Array("0123456789.-:TZe+,\n".utf8),
    ]

    @Test(arguments: alphabets) func anyBytesEnd(_ alphabet: [UInt8]) throws {
        var random = SeededGenerator(seed: 11)
        for round in 0..<150 {
            let bytes = (0..<Int.random(in: 0...300, using: &random)).map { _ in random.pick(alphabet) }
            let name = random.pick(["t.csv", "t.csv", "t.csv.gz", "t.csv.zst"])
            let path = try scratch.file(bytes, name)
            var options = CSVOptions()
            options.chunkBytes = random.pick([16, 40, 1 << 20])
            options.header = random.pick([.sniffed, .present, .absent, .names(["x", "y"])])
            options.declaredTypes = ["column_1": .timestamp, "column_2": .boolean, "x": .float64, "y": .date]
            do throws(SourceError) {
                let reading = try Reading([path], options)
                #expect(reading.texts.count == reading.offsets.count, "seed 11, round \(round)")
            } catch {
                #expect(!error.code.isEmpty, "seed 11, round \(round)")
            }
        }
    }
}
