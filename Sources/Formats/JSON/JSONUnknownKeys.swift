/// The keys of a row that no outline has, so that one that stands twice in its object is found, too.
///
/// A hash table that is never cleared: what an earlier row left there counts as empty. It takes some 100 bytes for each such key
/// of the row with the most of them.
struct JSONUnknownKeys {
    private struct Slot {
        /// The object around the key, of all that were met.
        var object = -1
        var hash = 0
        /// Between the quotes.
        var start: UInt32 = 0
        var end: UInt32 = 0
    }

    private var slots = [Slot](repeating: Slot(), count: 64)
    /// The first object of the row at hand.
    private var firstObject = 0
    private var count = 0

    /// Forgets the row before, whose objects have lower numbers.
    @inline(__always)
    mutating func beginRow(firstObject: Int) {
        self.firstObject = firstObject
        count = 0
    }

    /// Takes in a key; false where the object has it already.
    mutating func insert(_ key: Range<Int>, hash: Int, of object: Int, in bytes: UnsafeRawBufferPointer) -> Bool {
        if count &* 2 >= slots.count { grow() }
        var place = Self.place(hash, object, slots.count)
        while slots[place].object >= firstObject {
            let slot = slots[place]
            if slot.object == object, slot.hash == hash,
                Self.text(bytes, Int(slot.start)..<Int(slot.end)) == Self.text(bytes, key)
            {
                return false
            }
            place = (place &+ 1) & (slots.count &- 1)
        }
        slots[place] = Slot(
            object: object, hash: hash, start: UInt32(truncatingIfNeeded: key.lowerBound),
            end: UInt32(truncatingIfNeeded: key.upperBound))
        count &+= 1
        return true
    }

    private mutating func grow() {
        let old = slots
        slots = [Slot](repeating: Slot(), count: old.count * 2)
        for slot in old where slot.object >= firstObject {
            var place = Self.place(slot.hash, slot.object, slots.count)
            while slots[place].object >= 0 { place = (place + 1) & (slots.count - 1) }
            slots[place] = slot
        }
    }

    /// Hashes are seeded for each process: no file can be made to collide.
    @inline(__always)
    private static func place(_ hash: Int, _ object: Int, _ count: Int) -> Int {
        (hash &+ object &* 0x9E37_79B9_7F4A_7C1) & (count &- 1)
    }

    /// Compared only where hashes are equal: mostly once in a malformed row.
    private static func text(_ bytes: UnsafeRawBufferPointer, _ key: Range<Int>) -> [UInt8] {
        var text: [UInt8] = []
        JSONText.append(UnsafeRawBufferPointer(rebasing: bytes[key]), to: &text)
        return text
    }

    /// A key as text.
    static func name(_ bytes: UnsafeRawBufferPointer, _ key: Range<Int>) -> String {
        String(decoding: text(bytes, key), as: UTF8.self)
    }
}
