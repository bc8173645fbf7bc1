import CScan
import Foundation
import Tables
import Testing

@testable import Formats

/// The fast reading of a chunk against the plain machine.
@Suite struct FieldIndexTests {
    /// As the plain machine, the fast one and C's baseline see a chunk.
    private struct Sight: Equatable {
        let separators: [UInt32]
        let rowFirst: [UInt32]
        let rowLast: [UInt32]
        let rowStarts: [UInt32]
        let isRectangular: Bool
        let isASCII: Bool
        let hasQuotes: Bool

        init(_ index: FieldIndex) {
            separators = (0..<index.separators.count).map { index.separators.base[$0] }
            rowFirst = (0..<index.rowCount).map { index.rowFirst.base[$0] }
            rowLast = (0..<index.rowCount).map { index.rowLast.base[$0] }
            rowStarts = index.rowStarts
            isRectangular = index.isRectangular
            isASCII = index.isASCII
            hasQuotes = index.quoting != .none
        }
    }

    static let pieces: [[UInt8]] =
        [
            ",", "\n", "\r", "\r\n", "\"", "\"\"", "a", "bc", " ", "é", "\"x\"", "\"a,b\"", "\"l\nm\"", "\"q\"\"r\"",
            "5\"",
            "0123456789012345678901234567890123456789", ",,", "\n\n",
        ].map { Array($0.utf8) } + [[0xFF], [0x00]]

    @Test func seesWhatThePlainMachineSees() {
        let cases = ProcessInfo.processInfo.environment["ASSAY_FUZZ_CASES"].flatMap { Int($0) } ?? 20_000
        var seed: UInt64 = 0x5EED
        func next(_ limit: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((seed >> 33) % UInt64(limit))
        }
        for number in 0..<cases {
            var bytes: [UInt8] = []
            let regular = next(2) == 0
            for _ in 0..<next(60) {
                bytes += Self.pieces[next(regular ? 4 : Self.pieces.count)] + (regular ? [0x61] : [])
            }
            let quote: UInt8? = next(8) == 0 ? nil : 0x22
            let width = 1 + next(3)
            var plain = FieldIndex(delimiter: 0x2C, quote: quote, width: width)
            var fast = FieldIndex(delimiter: 0x2C, quote: quote, width: width)
            bytes.withUnsafeBytes {
                plain.buildPlainly($0)
                fast.build($0)
            }
            #expect(Sight(fast) == Sight(plain), "case \(number): \(bytes)")
            #expect(fast.textAfterQuote == plain.textAfterQuote, "case \(number): \(bytes)")
            expectBaseline(bytes, quote)
        }
    }

    /// The instructions of this machine and the baseline write the same.
    private func expectBaseline(_ bytes: [UInt8], _ quote: UInt8?) {
        typealias Scan = (
            UnsafePointer<UInt8>?, Int, UInt8, Int32, UnsafeMutablePointer<UInt32>?, UnsafeMutablePointer<UInt32>?
        ) -> cscan_result
        func look(_ scan: Scan) -> [UInt32] {
            var separators = [UInt32](repeating: 0, count: bytes.count + 64)
            var rowEnds = separators
            let found = scan(bytes, bytes.count, 0x2C, quote.map { Int32($0) } ?? -1, &separators, &rowEnds)
            let flags = [found.has_quotes, found.has_non_ascii, found.is_irregular].map { UInt32($0) }
            return flags + separators.prefix(found.separator_count) + rowEnds.prefix(found.row_count)
        }
        #expect(look(cscan_fields) == look(cscan_fields_baseline), "\(bytes)")
    }
}
