import Tables

/// The UUID of a run.
enum LineageRunID {
    /// The same for the same run, whoever asks: version 7 (RFC 9562, 5.7) of its start in milliseconds, with bits of a hash of
    /// its id in place of random ones.
    static func text(of run: String, startedAt: Int64) -> String {
        let hash = Hash128(run)
        let milliseconds = UInt64(max(0, startedAt / 1_000)) & 0xFFFF_FFFF_FFFF
        let high = milliseconds << 16 | 0x7000 | (hash.high & 0x0FFF)
        let low = 0x8000_0000_0000_0000 | (hash.low & 0x3FFF_FFFF_FFFF_FFFF)
        let digits = hex(high) + hex(low)
        let parts = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { range in
            String(decoding: digits[range], as: UTF8.self)
        }
        return parts.joined(separator: "-")
    }

    private static func hex(_ number: UInt64) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return stride(from: 60, through: 0, by: -4).map { digits[Int(number >> UInt64($0) & 15)] }
    }
}
