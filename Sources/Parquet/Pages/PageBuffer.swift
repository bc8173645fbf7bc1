/// Bytes of a page, reused from page to page, with slack behind the end.
///
/// Not safe for use by several threads at once.
final class PageBuffer {
    /// How far behind the end decoders may read, without using what they read there.
    static let slack = 64
    /// Stands for the place of no bytes at all.
    // Never written after it was made.
    nonisolated(unsafe) static let nothing: UnsafeRawPointer = {
        let words = UnsafeMutablePointer<UInt64>.allocate(capacity: slack / 8)
        words.initialize(repeating: 0, count: slack / 8)
        return UnsafeRawPointer(words)
    }()

    private(set) var bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: slack, alignment: 16)

    deinit { bytes.deallocate() }

    /// Room for so many bytes; the first `keeping` stay.
    func reserve(_ count: Int, keeping: Int = 0) -> UnsafeMutableRawBufferPointer {
        if bytes.count < count + Self.slack {
            // Memory that is never written costs nothing, however much is claimed.
            let larger = UnsafeMutableRawBufferPointer.allocate(
                byteCount: max(count, min(bytes.count * 2, count + (1 << 20))) + Self.slack, alignment: 16)
            if keeping > 0 {
                larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<keeping]))
            }
            bytes.deallocate()
            bytes = larger
        }
        return UnsafeMutableRawBufferPointer(rebasing: bytes[..<count])
    }

    /// Room for so many values of a trivial type.
    func room<Value: BitwiseCopyable>(for count: Int, of type: Value.Type) -> UnsafeMutablePointer<Value> {
        let bytes = reserve(count * MemoryLayout<Value>.stride)
        guard let base = bytes.baseAddress else { preconditionFailure("a buffer has an address") }
        return base.bindMemory(to: type, capacity: count)
    }
}
