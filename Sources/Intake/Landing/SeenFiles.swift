import Tables

/// What tells a file that was read from one that wasn't, in 20 bytes.
public struct SeenMark: Sendable, Hashable {
    /// A hash of the path within the folder; never 0.
    public let name: UInt64
    /// A hash of node, size and time of change: another one is another content.
    public let version: UInt64
    /// A hash of the node.
    public let node: UInt32

    public init(name: UInt64, version: UInt64, node: UInt32) {
        self.name = max(1, name)
        self.version = version
        self.node = node
    }

    public init(_ file: IntakeFile) {
        var name = file.name
        self = name.withUTF8 { name in
            SeenMark(
                UnsafeRawBufferPointer(name), node: file.node, byteCount: file.byteCount, modified: file.modified)
        }
    }

    /// What tells the file where it has another name.
    init(_ file: IntakeFile, renamed name: [UInt8]) {
        self = name.withUnsafeBytes {
            SeenMark($0, node: file.node, byteCount: file.byteCount, modified: file.modified)
        }
    }

    /// The device is no part of it: its number may be another one when the machine has been started again.
    init(_ name: UnsafeRawBufferPointer, node: UInt64, byteCount: Int64, modified: Int64) {
        let name = Hash128(name)
        let content = Hash128(
            Int128(node) << 64 | Int128(UInt64(bitPattern: modified)), seed: UInt64(bitPattern: byteCount))
        // Names that share their first half of the hash don't share this one.
        self.init(name: name.high, version: content.high ^ name.low, node: Self.hash(node))
    }

    static func name(_ bytes: UnsafeRawBufferPointer) -> UInt64 { max(1, Hash128(bytes).high) }

    static func hash(_ node: UInt64) -> UInt32 {
        UInt32(truncatingIfNeeded: (node &* 0x9E37_79B9_7F4A_7C15) &>> 32)
    }
}

/// The files of a folder that were read, or are about to be.
///
/// A hash table of at most 32 bytes a file (20, at a load of 64 to 80 percent), beyond the first thousand.
public struct SeenFiles: Sendable {
    private var names: [UInt64]
    private var versions: [UInt64]
    private var nodes: [UInt32]
    public private(set) var count = 0

    public init() {
        names = [UInt64](repeating: 0, count: 1_024)
        versions = names
        nodes = [UInt32](repeating: 0, count: 1_024)
    }

    public init(_ marks: some Sequence<SeenMark>) {
        self.init()
        for mark in marks { insert(mark) }
    }

    /// Bytes that it takes.
    public var byteCount: Int { names.count * 20 }

    /// Takes in a file; of one name there is one, the last.
    public mutating func insert(_ mark: SeenMark) {
        if count * 5 >= names.count * 4 { grow() }
        let place = place(of: mark.name)
        if names[place] == 0 { count += 1 }
        (names[place], versions[place], nodes[place]) = (mark.name, mark.version, mark.node)
    }

    /// Forgets a file, if this version of it is the one that is known.
    mutating func remove(_ mark: SeenMark) {
        guard contains(mark) else { return }
        var hole = place(of: mark.name)
        var next = hole
        while true {
            next = next &+ 1 == names.count ? 0 : next &+ 1
            guard names[next] != 0 else { break }
            // Those behind move up, unless they would stand before the place where they are looked for.
            let home = home(of: names[next])
            let fromHome = next >= home ? next - home : next - home + names.count
            let fromHole = next >= hole ? next - hole : next - hole + names.count
            guard fromHome >= fromHole else { continue }
            (names[hole], versions[hole], nodes[hole]) = (names[next], versions[next], nodes[next])
            hole = next
        }
        names[hole] = 0
        count -= 1
    }

    public func contains(_ mark: SeenMark) -> Bool { version(of: mark.name) == mark.version }

    /// The version of the name that is known.
    func version(of name: UInt64) -> UInt64? {
        let place = place(of: name)
        return names[place] == 0 ? nil : versions[place]
    }

    /// Whether the name is known, and was the same node: what a listing tells without a look at the file.
    func contains(name: UInt64, node: UInt64) -> Bool {
        let place = place(of: name)
        return names[place] != 0 && nodes[place] == SeenMark.hash(node)
    }

    /// Where the name is, or belongs.
    private func place(of name: UInt64) -> Int {
        var place = home(of: name)
        while names[place] != 0, names[place] != name { place = place &+ 1 == names.count ? 0 : place &+ 1 }
        return place
    }

    /// Hashes are spread over any number of places by multiplying.
    private func home(of name: UInt64) -> Int {
        Int(truncatingIfNeeded: name.multipliedFullWidth(by: UInt64(names.count)).high)
    }

    private mutating func grow() {
        let old = self
        let size = names.count + names.count / 4
        names = [UInt64](repeating: 0, count: size)
        versions = names
        nodes = [UInt32](repeating: 0, count: size)
        for index in old.names.indices where old.names[index] != 0 {
            let place = place(of: old.names[index])
            (names[place], versions[place], nodes[place]) = (old.names[index], old.versions[index], old.nodes[index])
        }
    }
}
