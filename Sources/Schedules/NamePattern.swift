/// A name in which `*` stands for any text, the empty one too.
public struct NamePattern {
    private let pattern: [UInt8]

    public init(_ pattern: String) { self.pattern = Array(pattern.utf8) }

    /// In time of the lengths' product at worst, however many stars there are.
    public func matches(_ name: String) -> Bool {
        let name = Array(name.utf8)
        var (index, place) = (0, 0)
        var star: (index: Int, place: Int)?
        while place < name.count {
            if index < pattern.count, pattern[index] == UInt8(ascii: "*") {
                star = (index, place)
                index += 1
            } else if index < pattern.count, pattern[index] == name[place] {
                index += 1
                place += 1
            } else if let last = star {
                star = (last.index, last.place + 1)
                (index, place) = (last.index + 1, last.place + 1)
            } else {
                return false
            }
        }
        return pattern[index...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
