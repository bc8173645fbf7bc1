/// Reads the bitmap of a deletion vector: a portable RoaringBitmapArray (Delta protocol, Deletion Vector Format; the
/// 32-bit bitmaps inside of it by RoaringFormatSpec).
struct RoaringReader {
    private let bytes: [UInt8]
    private var index = 0

    private static let magic: UInt32 = 1_681_511_377
    private static let cookie: UInt32 = 12_346
    private static let cookieWithRuns: UInt32 = 12_347
    /// Below so many containers, a bitmap with runs has no offsets.
    private static let leastWithOffsets = 4

    /// What is wrong with the bytes, in words.
    struct Damage: Error, Equatable {
        let reason: String
    }

    /// The rows of a serialized vector, magic number included.
    static func rows(_ bytes: [UInt8]) throws(Damage) -> RowSet {
        var reader = RoaringReader(bytes: bytes)
        return try reader.array()
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func array() throws(Damage) -> RowSet {
        guard try word32() == Self.magic else { throw Damage(reason: "its magic number is unknown") }
        let count = try word64()
        // Each bitmap takes a key and a cookie at least.
        guard count <= UInt64(bytes.count - index) / 8 else { throw Damage(reason: "it ends early") }
        var rows = RowSet()
        var last: UInt32?
        for _ in 0..<count {
            let key = try word32()
            guard last.map({ $0 < key }) ?? true, key <= Int32.max else {
                throw Damage(reason: "its keys don't ascend")
            }
            last = key
            try bitmap(UInt64(key), into: &rows)
        }
        guard index == bytes.count else { throw Damage(reason: "there is something behind its end") }
        return rows
    }

    private mutating func bitmap(_ key: UInt64, into rows: inout RowSet) throws(Damage) {
        let cookie = try word32()
        let count: Int
        var runFlags: [UInt8] = []
        if cookie & 0xFFFF == Self.cookieWithRuns {
            count = Int(cookie >> 16) + 1
            runFlags = Array(try take((count + 7) / 8))
        } else if cookie == Self.cookie {
            let size = try word32()
            guard size <= 65_536 else { throw Damage(reason: "it has more containers than there can be") }
            count = Int(size)
        } else {
            throw Damage(reason: "a bitmap's cookie is unknown")
        }
        var heads: [(key: UInt16, count: Int)] = []
        for _ in 0..<count { heads.append((try word16(), Int(try word16()) + 1)) }
        // Containers follow each other without gaps, so that nobody who reads all needs their offsets.
        if runFlags.isEmpty || count >= Self.leastWithOffsets { _ = try take(count * 4) }
        for (place, head) in heads.enumerated() {
            let isRuns = !runFlags.isEmpty && runFlags[place >> 3] >> UInt8(place & 7) & 1 == 1
            let container = try container(head.count, isRuns: isRuns)
            guard rows.append(container, key: key << 16 | UInt64(head.key)) else {
                throw Damage(reason: "its containers don't ascend")
            }
        }
    }

    private mutating func container(_ count: Int, isRuns: Bool) throws(Damage) -> RowSet.Container {
        if isRuns { return .runs(try runs()) }
        guard count > 4_096 else {
            var list: [UInt16] = []
            list.reserveCapacity(count)
            for _ in 0..<count {
                let row = try word16()
                guard list.last.map({ $0 < row }) ?? true else { throw Damage(reason: "its rows don't ascend") }
                list.append(row)
            }
            return .list(list)
        }
        var words: [UInt64] = []
        words.reserveCapacity(1_024)
        for _ in 0..<1_024 { words.append(try word64()) }
        guard words.reduce(0, { $0 + $1.nonzeroBitCount }) == count else {
            throw Damage(reason: "a container has other rows than it says")
        }
        return .bits(words)
    }

    private mutating func runs() throws(Damage) -> [RowSet.Run] {
        var runs: [RowSet.Run] = []
        for _ in 0..<Int(try word16()) {
            let first = try word16()
            let (last, isOverflow) = first.addingReportingOverflow(try word16())
            guard !isOverflow, runs.last.map({ $0.last < first }) ?? true else {
                throw Damage(reason: "its runs don't ascend")
            }
            runs.append(RowSet.Run(first: first, last: last))
        }
        return runs
    }

    private mutating func take(_ count: Int) throws(Damage) -> ArraySlice<UInt8> {
        guard count <= bytes.count - index else { throw Damage(reason: "it ends early") }
        index += count
        return bytes[index - count..<index]
    }

    private mutating func word16() throws(Damage) -> UInt16 {
        try take(2).reversed().reduce(0) { $0 << 8 | UInt16($1) }
    }
    private mutating func word32() throws(Damage) -> UInt32 {
        try take(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
    private mutating func word64() throws(Damage) -> UInt64 {
        try take(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
