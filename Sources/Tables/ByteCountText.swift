/// Sizes as people write them.
public enum ByteCountText {
    /// Reads `512MB`, `2 GiB`, `1.5gb` or a number of bytes; fractions of a byte are left out.
    ///
    /// Units are read without regard to case; those of three letters are powers of 1024. `nil` for anything else, and
    /// beyond 63 bits.
    public static func parse(_ text: String) -> Int64? {
        let digits = text.prefix { $0.isNumber || $0 == "." }
        let unit = text.dropFirst(digits.count).drop { $0 == " " }.lowercased()
        guard let number = DecimalNumber(digits), let factor = units[unit] else { return nil }
        let (product, isBeyond) = number.unscaled.multipliedReportingOverflow(by: factor)
        let bytes = DecimalNumber(unscaled: product, scale: number.scale).floor
        return isBeyond || bytes < 0 ? nil : Int64(exactly: bytes)
    }

    private static let units: [String: Int128] = [
        "": 1, "b": 1, "kb": 1_000, "mb": 1_000_000, "gb": 1_000_000_000, "tb": 1_000_000_000_000,
        "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40,
    ]
}
