import CScan
import Tables
import TestSupport
import Testing

@testable import Formats

/// The fast reading of a chunk against the plain machine.
@Suite struct FieldIndexTests {
    /// As the plain machine or the fast one sees a chunk.
    private struct Sight: Equatable {
        let separators: [UInt32]
        let rowFirst: [UInt32]
        let rowLast: [UInt32]
        let rowStarts: [UInt32]
        let isRectangular: Bool
        let isASCII: Bool
        let hasQuotes: Bool
        let textAfterQuote: [Int]

        init(_ index: FieldIndex) {
            separators = (0..<index.separators.count).map { index.separators.base[$0] }
            rowFirst = (0..<index.rowCount).map { index.rowFirst.base[$0] }
            rowLast = (0..<index.rowCount).map { index.rowLast.base[$0] }
            rowStarts = index.rowStarts
            isRectangular = index.isRectangular
            isASCII = index.isASCII
            hasQuotes = index.quoting != .none
            textAfterQuote = index.textAfterQuote
        }
    }

    /// A chunk that was made up.
    private struct Sketch: CustomStringConvertible {
        var bytes: [UInt8] = []
        let quote: UInt8?
        let width: Int

        static let pieces: [[UInt8]] =
            [
                ",", "\n", "\r", "\r\n", "\"", "\"\"", "a", "bc", " ", "é", "\"x\"", "\"a,b\"", "\"l\nm\"",
                "\"q\"\"r\"",
                "5\"", "\"\"", "\"\"\"\"", "0123456789012345678901234567890123456789", ",,", "\n\n",
            ].map { Array($0.utf8) } + [[0xFF], [0x00]]

        /// What fields may be where quotes are regular.
        static let fields = [
            "", "a", "bc", "\"x\"", "\"\"", "\"a,b\"", "\"l\nm\"", "\"q\"\"r\"", "\"\"\"\"",
            "\"0123456789\"\"012345678901234\"",
            "\"\r\n\"", "é",
        ].map { Array($0.utf8) }

        init(_ random: inout SeededGenerator) {
            quote = random.chance(12) ? nil : 0x22
            width = Int.random(in: 1...3, using: &random)
            if random.chance(40) {
                for _ in 0..<Int.random(in: 0...60, using: &random) { bytes += random.pick(Self.pieces) }
                return
            }
            // Rows that are as they should be, mostly.
            let lineBreak = random.pick(["\n", "\r\n", "\r"])
            for _ in 0..<Int.random(in: 0...20, using: &random) {
                let count = random.chance(98) ? width : 1 + width % 3
                for place in 0..<count {
                    if place > 0 { bytes.append(0x2C) }
                    bytes += random.pick(Self.fields)
                }
                bytes += Array(lineBreak.utf8)
            }
            if random.chance(50) { bytes.removeLast(min(bytes.count, Int.random(in: 0...4, using: &random))) }
        }

        var description: String { "\(bytes), quote \(quote ?? 0), width \(width)" }
    }

    /// Tries a claim on sketches; of those that it doesn't hold for, one is shown, with as many bytes taken away as may be.
    private func check(_ claim: (Sketch) -> Bool) {
        var random = SeededGenerator(seed: 0x5EED ^ Fuzz.seed)
        for number in 0..<Fuzz.cases(20_000, share: 4) {
            var sketch = Sketch(&random)
            guard !claim(sketch) else { continue }
            var place = 0
            while place < sketch.bytes.count {
                var smaller = sketch
                smaller.bytes.remove(at: place)
                if claim(smaller) { place += 1 } else { sketch = smaller }
            }
            Issue.record("seed \(Fuzz.seed), case \(number), as little as fails: \(sketch)")
            return
        }
    }

    private func indices(_ sketch: Sketch) -> (fast: FieldIndex, plain: FieldIndex) {
        var plain = FieldIndex(delimiter: 0x2C, quote: sketch.quote, width: sketch.width)
        var fast = FieldIndex(delimiter: 0x2C, quote: sketch.quote, width: sketch.width)
        sketch.bytes.withUnsafeBytes {
            plain.buildPlainly($0)
            fast.build($0)
        }
        return (fast, plain)
    }

    @Test func seesWhatThePlainMachineSees() {
        check { sketch in
            let (fast, plain) = indices(sketch)
            return Sight(fast) == Sight(plain)
        }
    }

    /// Cells that were cut knowing what quotes are like, against ones whose quotes were looked for.
    @Test func cutsWhatThePlainMachineCuts() {
        check { sketch in
            let (fast, plain) = indices(sketch)
            return cells(fast, sketch.bytes) == cells(plain, sketch.bytes)
        }
    }

    private func cells(_ index: FieldIndex, _ bytes: [UInt8]) -> [[UInt8]?] {
        var bytes = bytes
        let columns = FieldCutter(index: index, missingValues: [Array("a".utf8)]).cut([0, 1, 2], of: &bytes)
        return columns.flatMap { column -> [[UInt8]?] in
            guard let column else { return [] }
            return (0..<index.rowCount).map { row in
                let start = Int(column.texts.starts[row])
                let text = Array(column.texts.bytes[start..<start + Int(column.texts.lengths[row])])
                return column.present[row] ? text : nil
            }
        }
    }

    /// Where the last row ends, told by the parity of quotes and by going from quote to quote.
    @Test func splitsWhereThePlainSplitterDoes() {
        check { sketch in
            let splitter = RowSplitter(delimiter: 0x2C, quote: sketch.quote)
            return sketch.bytes.withUnsafeBytes { bytes in
                [false, true].allSatisfy { isLast in
                    let (fast, plain) = (
                        splitter.split(bytes, isLast: isLast), splitter.splitPlainly(bytes, isLast: isLast)
                    )
                    return fast.end == plain.end && (plain.end != nil || fast.openQuote == plain.openQuote)
                }
            }
        }
    }

    /// The instructions of this machine and the baseline write the same.
    @Test func seesTheSameByAnyInstructions() {
        typealias Scan = (
            UnsafePointer<UInt8>?, Int, UInt8, Int32, UnsafeMutablePointer<UInt32>?, UnsafeMutablePointer<UInt32>?
        ) -> cscan_result
        check { sketch in
            let bytes = sketch.bytes
            func look(_ scan: Scan) -> [UInt32] {
                var separators = [UInt32](repeating: 0, count: bytes.count + 64)
                var rowEnds = separators
                let found = scan(bytes, bytes.count, 0x2C, sketch.quote.map { Int32($0) } ?? -1, &separators, &rowEnds)
                let flags = [
                    found.has_quotes, found.has_doubled_quotes, found.has_non_ascii, found.is_irregular,
                ].map { UInt32($0) }
                return flags + separators.prefix(found.separator_count) + rowEnds.prefix(found.row_count)
            }
            return look(cscan_fields) == look(cscan_fields_baseline)
        }
    }
}
