import Tables

/// A set of texts, compared by their bytes.
struct TextSet: Sendable {
    /// The members' bytes, one after another, ordered by length.
    private let bytes: [UInt8]
    private let ends: [Int]
    /// For sets too large to be walked.
    private let hashes: Set<Hash128>?

    private static let walkedAtMost = 24

    init(_ texts: [[UInt8]]) {
        let members = Set(texts).sorted { ($0.count, $0.first ?? 0) < ($1.count, $1.first ?? 0) }
        bytes = Array(members.joined())
        ends = members.reduce(into: []) { $0.append(($0.last ?? 0) + $1.count) }
        hashes =
            members.count > Self.walkedAtMost
            ? Set(members.map { member in member.withUnsafeBytes { Hash128($0) } }) : nil
    }

    /// A bit for each cell that is in the set.
    func members(of cells: TextCells) -> Bitmap {
        cells.withCells { bytes, starts, lengths in
            if let hashes {
                return Bitmap(count: starts.count) { row in
                    let start = Int(starts[row])
                    return hashes.contains(
                        Hash128(UnsafeRawBufferPointer(rebasing: bytes[start..<start + Int(lengths[row])])))
                }
            }
            return self.bytes.withUnsafeBytes { members in
                ends.withUnsafeBufferPointer { ends in
                    Bitmap(count: starts.count) { row in
                        let start = Int(starts[row])
                        return Self.isMember(
                            UnsafeRawBufferPointer(rebasing: bytes[start..<start + Int(lengths[row])]), members, ends)
                    }
                }
            }
        }
    }

    @inline(__always)
    private static func isMember(
        _ cell: UnsafeRawBufferPointer, _ members: UnsafeRawBufferPointer, _ ends: UnsafeBufferPointer<Int>
    ) -> Bool {
        var start = 0
        for end in ends {
            if end &- start == cell.count {
                var index = 0
                while index < cell.count, members[start &+ index] == cell[index] { index &+= 1 }
                if index == cell.count { return true }
            } else if end &- start > cell.count {
                return false
            }
            start = end
        }
        return false
    }
}
