import Tables

/// Paths of data files: URIs in the log, paths on disk, folders of partitions.
enum DataPath {
    /// The path on disk of a file that the log names (Delta protocol, Add File: a URI, relative or absolute).
    ///
    /// Absolute paths are as the protocol wants them: a table may refer to another one's files. Relative ones stay in the table's
    /// folder.
    static func resolve(_ path: String, table: String) throws(DeltaError) -> String {
        guard !path.isEmpty else { throw DeltaError(.corrupt, "the log names a file without a path", place: table) }
        var rest = path[...]
        if let scheme = scheme(of: path) {
            guard scheme.lowercased() == "file" else {
                throw DeltaError(
                    .unsupportedFeature, "a data file is not on this machine: \(path.prefix(200))", place: table)
            }
            rest = rest.dropFirst(scheme.utf8.count + 1)
            // file:///a/b and file://localhost/a/b are /a/b.
            if rest.hasPrefix("//") {
                let authority = rest.dropFirst(2).prefix { $0 != "/" }
                guard authority.isEmpty || authority == "localhost" else {
                    throw DeltaError(
                        .unsupportedFeature, "a data file is not on this machine: \(path.prefix(200))", place: table)
                }
                rest = rest.dropFirst(2 + authority.count)
            }
        }
        let decoded = decoded(String(rest))
        guard !decoded.utf8.contains(0) else {
            throw DeltaError(.corrupt, "the log names a file with a zero byte in its path", place: table)
        }
        if decoded.hasPrefix("/") { return decoded }
        guard !decoded.utf8.split(separator: 0x2F).contains(where: { $0.elementsEqual("..".utf8) }) else {
            throw DeltaError(
                .corrupt, "the log names a file by a path with \"..\" in it: \(path.prefix(200))", place: table,
                hint: "files outside of the table's folder have absolute paths")
        }
        return joined(table, decoded)
    }

    static func joined(_ folder: String, _ name: String) -> String {
        folder.isEmpty ? name : folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
    }

    /// `%41` becomes `A`; what is no escape stays.
    static func decoded(_ text: String) -> String {
        guard text.utf8.contains(0x25) else { return text }
        let bytes = Array(text.utf8)
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] == 0x25, index + 2 < bytes.count, let high = digit(bytes[index + 1]),
                let low = digit(bytes[index + 2])
            {
                decoded.append(high << 4 | low)
                index += 3
            } else {
                decoded.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    /// A path on disk, relative to the table, as the log has it.
    static func encoded(_ path: String) -> String { escaped(path) { !isUnreserved($0) && $0 != 0x2F && $0 != 0x3D } }

    /// A partition's folder, as in `country=NL`: names and values with the characters escaped that Hive escapes.
    ///
    /// What is longer than a file system takes is cut, with a hash behind: the values are those of the log, whatever folders are called.
    static func folder(_ column: String, _ value: String?) -> String {
        let name = escaped(column, where: isEscapedByHive)
        let text = value.map { escaped($0, where: isEscapedByHive) } ?? missing
        guard name.utf8.count + 1 + text.utf8.count > nameLimit else { return "\(name)=\(text)" }
        let short = cut(name, to: 100)
        return "\(short)=\(cut(text, to: nameLimit - 1 - short.utf8.count))"
    }

    /// Bytes of a file's or a folder's name.
    private static let nameLimit = 255

    /// The text, or of one with more bytes its first characters and a hash of the whole.
    private static func cut(_ text: String, to limit: Int) -> String {
        guard text.utf8.count > limit else { return text }
        let hash = "-\(Hash128(text).hexadecimal)"
        var byteCount = hash.utf8.count
        let beginning = text.unicodeScalars.prefix { scalar in
            byteCount += UTF8.width(scalar)
            return byteCount <= limit
        }
        return String(String.UnicodeScalarView(beginning)) + hash
    }

    private static let missing = "__HIVE_DEFAULT_PARTITION__"

    private static func isEscapedByHive(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == 0x7F || special.contains(byte)
    }

    private static let special = Set("\"#%'*/:=?\\{}[]^ ".utf8)

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
        default: false
        }
    }

    private static func escaped(_ text: String, where isSpecial: (UInt8) -> Bool) -> String {
        var escaped: [UInt8] = []
        for byte in text.utf8 {
            if isSpecial(byte) {
                escaped += [0x25, hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 0xF)]]
            } else {
                escaped.append(byte)
            }
        }
        return String(decoding: escaped, as: UTF8.self)
    }

    private static let hexadecimal = Array("0123456789ABCDEF".utf8)

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }

    /// What stands before `:/`, where it can be a scheme.
    private static func scheme(of path: String) -> String? {
        guard let colon = path.utf8.firstIndex(of: 0x3A), colon > path.startIndex,
            path[path.utf8.index(after: colon)...].hasPrefix("/")
        else { return nil }
        let scheme = path[..<colon]
        let isScheme = scheme.utf8.allSatisfy { isUnreserved($0) && $0 != 0x5F && $0 != 0x7E || $0 == 0x2B }
        return isScheme ? String(scheme) : nil
    }
}
