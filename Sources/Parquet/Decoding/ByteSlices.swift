/// Byte strings one after another, with where each lies: what byte arrays are decoded to.
struct ByteSlices {
    var bytes: [UInt8] = []
    private(set) var starts: [UInt32] = []
    private(set) var lengths: [UInt32] = []

    /// What the byte strings of one batch may take together.
    ///
    /// Encodings that share prefixes can claim any amount in few bytes.
    static let limit = 1 << 28

    var count: Int { starts.count }

    /// Adds places for byte strings that `fill` describes, from an index on.
    @inline(__always)
    mutating func extend(
        by count: Int,
        _ fill: (
            _ bytes: inout [UInt8], _ starts: UnsafeMutablePointer<UInt32>, _ lengths: UnsafeMutablePointer<UInt32>
        ) throws(ParquetError) -> Void
    ) throws(ParquetError) {
        let first = starts.count
        starts.append(contentsOf: repeatElement(0, count: count))
        lengths.append(contentsOf: repeatElement(0, count: count))
        var failure: ParquetError?
        starts.withUnsafeMutableBufferPointer { starts in
            lengths.withUnsafeMutableBufferPointer { lengths in
                guard let start = starts.baseAddress, let length = lengths.baseAddress else { return }
                do throws(ParquetError) { try fill(&bytes, start + first, length + first) } catch { failure = error }
            }
        }
        if let failure { throw failure }
    }

    mutating func reserve(_ count: Int, byteCount: Int) {
        starts.reserveCapacity(count)
        lengths.reserveCapacity(count)
        bytes.reserveCapacity(byteCount)
    }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
    }

    /// Hands out the bytes of each by its number, for the length of `body`.
    @inline(__always)
    func withSlices(_ body: ((Int) -> UnsafeRawBufferPointer) -> Void) {
        bytes.withUnsafeBytes { bytes in
            // Every slice lies inside the bytes: whoever extends sees to that.
            body { UnsafeRawBufferPointer(rebasing: bytes[Int(starts[$0])..<Int(starts[$0]) + Int(lengths[$0])]) }
        }
    }

    /// Adds what `rewrite` makes of each of the others.
    mutating func append(
        _ others: ByteSlices, _ rewrite: (UnsafeRawBufferPointer, inout [UInt8]) -> Void
    ) throws(ParquetError) {
        others.withSlices { slice in
            for index in 0..<others.count {
                let start = bytes.count
                rewrite(slice(index), &bytes)
                starts.append(UInt32(truncatingIfNeeded: start))
                lengths.append(UInt32(truncatingIfNeeded: bytes.count - start))
            }
        }
        try Self.checkRoom(bytes, adding: 0)
    }

    static func checkRoom(_ bytes: [UInt8], adding count: Int) throws(ParquetError) {
        guard count <= limit - bytes.count else {
            throw ParquetError(.tooLarge, "the values of one batch take more than \(limit >> 20) MiB")
        }
    }
}
