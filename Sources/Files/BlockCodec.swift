/// How a block of bytes is packed, its unpacked size known beforehand.
public enum BlockCodec: String, Sendable, Hashable, CaseIterable {
    case uncompressed, snappy, gzip, zstd, brotli
    /// LZ4's block format.
    case lz4Raw = "lz4_raw"
    /// What goes by the name of LZ4 in Hadoop's files: blocks, each behind its two sizes; or one block without them.
    case lz4

    /// The largest block that so many packed bytes can hold; `nil` where the format sets no bound.
    public func maximumUnpackedCount(_ packed: Int) -> Int? {
        switch self {
        case .uncompressed: packed
        // A copy of up to 64 bytes takes at least two.
        case .snappy: packed.multipliedReportingOverflow(by: 64).partialValue
        // 258 bytes take at least two bits.
        case .gzip: packed.multipliedReportingOverflow(by: 1_032).partialValue
        // A byte of a match's length stands for 255.
        case .lz4, .lz4Raw: packed.multipliedReportingOverflow(by: 256).partialValue
        case .zstd, .brotli: nil
        }
    }
}

/// A block that can't be unpacked or packed.
public struct BlockCodecError: Error, Sendable, Equatable {
    public let codec: BlockCodec
    /// As in `it ends in the middle`.
    public let reason: String
}
