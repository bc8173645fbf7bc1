/// A path within a landing folder, ready for the system: the folder before it, and a zero behind.
struct LandingPath {
    private(set) var bytes: [UInt8]
    /// Where the path within the folder begins.
    private let base: Int
    /// Where its last name begins.
    private var nameStart: Int

    init(folder: String) {
        bytes = Array(folder.utf8)
        if bytes.last != 0x2F { bytes.append(0x2F) }
        base = bytes.count
        nameStart = base
    }

    /// A file of a folder whose path within the landing folder ends with a slash or is empty.
    mutating func set(_ prefix: [UInt8], _ name: some Collection<UInt8>) {
        bytes.removeLast(bytes.count - base)
        bytes += prefix
        nameStart = bytes.count
        bytes += name
        bytes.append(0)
    }

    mutating func set(_ path: some BidirectionalCollection<UInt8>) {
        let place = path.lastIndex(of: 0x2F).map { path.index(after: $0) } ?? path.startIndex
        set(Array(path[..<place]), path[place...])
    }

    /// The same file with something behind its name.
    func appending(_ ending: String) -> [UInt8] { bytes.dropLast() + Array(ending.utf8) + [0] }

    /// The path within the folder.
    var relative: ArraySlice<UInt8> { bytes[base..<bytes.count - 1] }
    var name: ArraySlice<UInt8> { bytes[nameStart..<bytes.count - 1] }
    /// Where the name begins in the path within the folder.
    var nameOffset: Int { nameStart - base }
    /// Where the path within the folder begins in the bytes.
    var relativeOffset: Int { base }
    /// The path that the system is given, as far as it is UTF-8.
    var full: String? { String(validating: bytes.dropLast(), as: UTF8.self) }
    /// For messages.
    var shown: String { String(decoding: relative, as: UTF8.self) }
    var folders: Int { relative.count { $0 == 0x2F } }
}
