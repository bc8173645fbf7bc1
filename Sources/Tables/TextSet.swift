/// Texts to find others among, compared by their bytes.
///
/// A hash table with open addressing, keyed by the first 16 bytes and the length: what is not longer is decided by two
/// comparisons of words, and only longer texts are compared byte by byte. Of a small set the hash is chosen so that no two
/// members collide: then a text is looked for in one place, without a branch.
public struct TextSet: Sendable {
    private struct Slot {
        var first: UInt64
        var second: UInt64
        /// `UInt32.max` where the slot is empty.
        var length: UInt32
        /// Where the text lies in `bytes`.
        var start: UInt32
    }

    private let slots: [Slot]
    private let bytes: [UInt8]
    private let hash: Hash
    private let form: Form

    /// What it takes to decide.
    private enum Form {
        /// One look: every member is where its hash says, and none is longer than 8 bytes.
        case word
        /// The same, of at most 16 bytes.
        case twoWords
        case any
    }

    /// The texts, together less than 4 GiB; repetitions count once.
    public init(_ texts: [[UInt8]]) {
        let members = Set(texts)
        let heads = members.map { text in
            text.withUnsafeBytes { Head($0, 0, text.count) }
        }
        var bits: UInt64 = 2
        while 1 << bits < members.count * 3 { bits += 1 }
        let (hash, isPerfect) = Hash.chosen(for: heads, bits: bits)
        var slots = [Slot](
            repeating: Slot(first: 0, second: 0, length: .max, start: 0), count: 1 << Int(bits))
        var bytes: [UInt8] = []
        for (text, head) in zip(members, heads) {
            var place = hash.place(head)
            while slots[place].length != .max { place = (place + 1) & (slots.count - 1) }
            slots[place] = Slot(
                first: head.first, second: head.second, length: UInt32(text.count), start: UInt32(bytes.count))
            bytes += text
        }
        self.slots = slots
        self.bytes = bytes
        self.hash = hash
        let longest = members.reduce(0) { max($0, $1.count) }
        form = !isPerfect || longest > 16 ? .any : longest > 8 ? .twoWords : .word
    }

    /// A bit for each cell that is in the set.
    public func members(of cells: TextCells) -> Bitmap {
        cells.withCells { bytes, starts, lengths in
            slots.withUnsafeBufferPointer { slots in
                switch form {
                case .word:
                    Bitmap(count: starts.count) { row in
                        isAtItsPlace(Head(word: bytes, Int(starts[row]), Int(lengths[row])), slots)
                    }
                case .twoWords:
                    Bitmap(count: starts.count) { row in
                        isAtItsPlace(Head(bytes, Int(starts[row]), Int(lengths[row])), slots)
                    }
                case .any:
                    Bitmap(count: starts.count) { row in
                        contains(bytes, Int(starts[row]), Int(lengths[row]), slots)
                    }
                }
            }
        }
    }

    public func contains(_ text: UnsafeRawBufferPointer) -> Bool {
        slots.withUnsafeBufferPointer { contains(text, 0, text.count, $0) }
    }

    /// A number for each text, less than ``placeCount``; `nil` for one that is not in the set.
    public func place(of text: UnsafeRawBufferPointer) -> Int? {
        let place = slots.withUnsafeBufferPointer { self.place(text, 0, text.count, $0) }
        return place < 0 ? nil : place
    }

    public var placeCount: Int { slots.count }

    /// The texts, in any order.
    public var texts: [[UInt8]] {
        slots.filter { $0.length != .max }.map { Array(bytes[Int($0.start)..<Int($0.start) + Int($0.length)]) }
    }

    /// For each marked cell, what `numbers` has at the place of its text; `nothing` for all others.
    public func lookUp(_ cells: TextCells, in rows: Bitmap, _ numbers: [UInt32], else nothing: UInt32) -> [UInt32] {
        var found = [UInt32](repeating: nothing, count: cells.count)
        cells.withCells { bytes, starts, lengths in
            slots.withUnsafeBufferPointer { slots in
                rows.forEach { row in
                    let place = self.place(bytes, Int(starts[row]), Int(lengths[row]), slots)
                    if place >= 0 { found[row] = numbers[place] }
                }
            }
        }
        return found
    }

    /// What ``contains(_:_:_:_:)`` says, where one look decides.
    @inline(__always)
    private func isAtItsPlace(_ head: Head, _ slots: UnsafeBufferPointer<Slot>) -> Bool {
        let slot = slots[hash.place(head)]
        let difference =
            (slot.first ^ head.first) | (slot.second ^ head.second) | UInt64(slot.length ^ head.count)
        return difference == 0
    }

    @inline(__always)
    private func contains(
        _ bytes: UnsafeRawBufferPointer, _ start: Int, _ count: Int, _ slots: UnsafeBufferPointer<Slot>
    ) -> Bool {
        place(bytes, start, count, slots) >= 0
    }

    /// The slot of a text; -1 for one that is not in the set.
    @inline(__always)
    private func place(
        _ bytes: UnsafeRawBufferPointer, _ start: Int, _ count: Int, _ slots: UnsafeBufferPointer<Slot>
    ) -> Int {
        let head = Head(bytes, start, count)
        var place = hash.place(head)
        while slots[place].length != .max {
            let slot = slots[place]
            if slot.first == head.first, slot.second == head.second, Int(slot.length) == count,
                count <= 16 || isRestEqual(bytes, start, count, Int(slot.start))
            {
                return place
            }
            place = (place &+ 1) & (slots.count &- 1)
        }
        return -1
    }

    private func isRestEqual(_ other: UnsafeRawBufferPointer, _ start: Int, _ count: Int, _ ownStart: Int) -> Bool {
        bytes.withUnsafeBytes { own in
            TextOrder.compare(
                UnsafeRawBufferPointer(rebasing: own[ownStart + 16..<ownStart + count]),
                UnsafeRawBufferPointer(rebasing: other[start + 16..<start + count])) == 0
        }
    }
}

/// What texts are told apart by first: 16 bytes as two words, zeros where there are fewer, and the length.
private struct Head {
    let first: UInt64
    let second: UInt64
    let count: UInt32

    /// Whole words are read only where the buffer has them.
    @inline(__always)
    init(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ count: Int) {
        self.count = UInt32(truncatingIfNeeded: count)
        guard start &+ 16 <= bytes.count else {
            (first, second) = Self.words(bytes, start, count)
            return
        }
        first =
            UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self)) & Self.mask(count)
        second =
            UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: start &+ 8, as: UInt64.self))
            & Self.mask(count &- 8)
    }

    /// The head of a text where none of more than eight bytes is looked for: the second word of a longer one is left out, as
    /// its length already tells it apart.
    @inline(__always)
    init(word bytes: UnsafeRawBufferPointer, _ start: Int, _ count: Int) {
        guard start &+ 16 <= bytes.count else {
            self.init(bytes, start, count)
            return
        }
        let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self))
        self.init(first: word & Self.mask(count), second: 0, count: UInt32(truncatingIfNeeded: count))
    }

    private init(first: UInt64, second: UInt64, count: UInt32) {
        self.first = first
        self.second = second
        self.count = count
    }

    /// The lowest `count` bytes of a word, of which there are from none to eight.
    ///
    /// Shifting twice by half makes 2^64 zero, where one shift by 64 would be none.
    @inline(__always)
    private static func mask(_ count: Int) -> UInt64 {
        let half = UInt64(truncatingIfNeeded: max(0, min(8, count)) &* 4)
        return ((1 &<< half) &<< half) &- 1
    }

    @inline(never)
    private static func words(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ count: Int) -> (UInt64, UInt64) {
        var words: (UInt64, UInt64) = (0, 0)
        for index in 0..<min(count, 16) {
            let byte = UInt64(bytes[start + index])
            if index < 8 { words.0 |= byte << UInt64(8 * index) } else { words.1 |= byte << UInt64(8 * (index - 8)) }
        }
        return words
    }
}

/// From a head to the number of a slot.
private struct Hash {
    let factor: UInt64
    /// How far the product is shifted to make the number of a slot.
    let shift: UInt64

    @inline(__always)
    func place(_ head: Head) -> Int {
        let mixed = head.first ^ (head.second &* 0x9E37_79B9_7F4A_7C15) ^ UInt64(head.count)
        return Int(truncatingIfNeeded: (mixed &* factor) &>> shift)
    }

    /// The first of some hashes that gives each head a place of its own, or the last, and whether it does.
    ///
    /// With three places a member one in three or more does for up to a dozen members; large sets are not worth the search.
    static func chosen(for heads: [Head], bits: UInt64) -> (Hash, isPerfect: Bool) {
        var hash = Hash(factor: 0xD6E8_FEB8_6659_FD93, shift: 64 - bits)
        guard heads.count <= 64 else { return (hash, false) }
        for _ in 0..<256 {
            if Set(heads.map { hash.place($0) }).count == heads.count { return (hash, true) }
            hash = Hash(
                factor: hash.factor &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_406, shift: hash.shift)
        }
        return (hash, false)
    }
}
