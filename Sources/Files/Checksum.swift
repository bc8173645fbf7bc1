import CZlib

/// Checksums of blocks.
public enum Checksum {
    /// CRC-32 as in gzip and Ethernet (ISO 3309), of bytes that follow those that had the checksum `before`.
    public static func crc32(_ bytes: UnsafeRawBufferPointer, before: UInt32 = 0) -> UInt32 {
        UInt32(
            truncatingIfNeeded: crc32_z(
                UInt(before), bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count))
    }
}
