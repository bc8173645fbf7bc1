/// Files that are ready to be read, oldest first; a name and 49 bytes each.
struct ReadyQueue {
    struct Entry {
        fileprivate let start: Int
        fileprivate let length: Int
        let device: UInt64
        let node: UInt64
        let byteCount: Int64
        let modified: Int64
        /// Whether a file of the name was read before.
        let isChanged: Bool
    }

    private var names: [UInt8] = []
    private var entries: [Entry] = []
    private var head = 0
    private var isSorted = true

    var isEmpty: Bool { head == entries.count }

    mutating func append(
        _ name: UnsafeRawBufferPointer, device: UInt64, node: UInt64, byteCount: Int64, modified: Int64, isChanged: Bool
    ) {
        entries.append(
            Entry(
                start: names.count, length: name.count, device: device, node: node, byteCount: byteCount,
                modified: modified, isChanged: isChanged))
        names.append(contentsOf: name)
        isSorted = false
    }

    func name(_ entry: Entry) -> ArraySlice<UInt8> { names[entry.start..<entry.start + entry.length] }

    /// Calls `body` with each entry, in order, until it answers false.
    mutating func forEach(_ body: (Entry, ArraySlice<UInt8>) -> Bool) {
        sort()
        for entry in entries[head...] where !body(entry, name(entry)) { return }
    }

    /// Drops entries from the front for as long as `isDone`.
    mutating func dropFirst(while isDone: (Entry, ArraySlice<UInt8>) -> Bool) {
        sort()
        while head < entries.count, isDone(entries[head], name(entries[head])) { head += 1 }
        if head == entries.count {
            self = ReadyQueue()
        } else if head > 4_096, head * 2 > entries.count {
            compact()
        }
    }

    /// Drops all entries but some; how many are left, and their bytes.
    mutating func keep(_ isKept: (Entry, ArraySlice<UInt8>) -> Bool) -> (count: Int, byteCount: Int64) {
        var byteCount: Int64 = 0
        entries.removeFirst(head)
        head = 0
        let names = names
        entries.removeAll { entry in
            let isKept = isKept(entry, names[entry.start..<entry.start + entry.length])
            if isKept { byteCount &+= entry.byteCount }
            return !isKept
        }
        if entries.isEmpty { self = ReadyQueue() }
        return (entries.count, byteCount)
    }

    private mutating func sort() {
        guard !isSorted else { return }
        compact()
        let names = names
        entries.sort { left, right in
            if left.modified != right.modified { return left.modified < right.modified }
            return names[left.start..<left.start + left.length]
                .lexicographicallyPrecedes(names[right.start..<right.start + right.length])
        }
        isSorted = true
    }

    /// Gives back the room of what was dropped.
    private mutating func compact() {
        guard head > 0 else { return }
        var kept = ReadyQueue()
        kept.entries.reserveCapacity(entries.count - head)
        for entry in entries[head...] {
            name(entry).withUnsafeBytes { name in
                kept.append(
                    name, device: entry.device, node: entry.node, byteCount: entry.byteCount,
                    modified: entry.modified, isChanged: entry.isChanged)
            }
        }
        kept.isSorted = isSorted
        self = kept
    }
}
