/// From the keys that lead to a value to the name of its column, and back.
///
/// Keys are joined by dots, as in `user.geo.country`. A dot or a backslash inside a key has a backslash before it: the key `a.b`
/// is the column `a\.b`.
public enum JSONPath {
    public static func name(_ keys: [String]) -> String {
        keys.map { key in
            guard key.utf8.contains(where: { $0 == 0x2E || $0 == 0x5C }) else { return key }
            return key.replacing("\\", with: "\\\\").replacing(".", with: "\\.")
        }
        .joined(separator: ".")
    }

    /// The keys of a name; a backslash before anything else stands for itself.
    public static func keys(_ name: String) -> [String] {
        var keys: [String] = []
        var key: [UInt8] = []
        var bytes = Array(name.utf8)[...]
        while let byte = bytes.popFirst() {
            if byte == 0x2E {
                keys.append(String(decoding: key, as: UTF8.self))
                key = []
            } else if byte == 0x5C, let next = bytes.first, next == 0x2E || next == 0x5C {
                bytes.removeFirst()
                key.append(next)
            } else {
                key.append(byte)
            }
        }
        return keys + [String(decoding: key, as: UTF8.self)]
    }
}
