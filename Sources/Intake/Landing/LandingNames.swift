import Formats

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Which names of a landing folder are data.
struct LandingNames: Sendable {
    private let patterns: [String]
    private let extensions: Set<String>

    init(_ patterns: [String]) {
        self.patterns = patterns
        extensions = Set(FileFormat.allCases.flatMap(\.extensions))
    }

    /// Endings of what somebody is writing still, and of markers.
    private static let unfinished = [".tmp", ".part", ".crdownload", ".done"].map { Array($0.utf8) }
    private static let packed = ["gz", "gzip", "zst", "zstd"]

    /// Whether a name, of a file or a folder, is never read.
    static func isHidden(_ name: UnsafeRawBufferPointer) -> Bool {
        guard let first = name.first else { return true }
        if first == 0x2E || first == 0x5F { return true }
        return unfinished.contains { ending in
            name.count >= ending.count && zip(name.suffix(ending.count), ending).allSatisfy { $0 | 0x20 == $1 | 0x20 }
        }
    }

    /// Whether a file is data, by its path within the folder, which ends with a zero, and where in it the name begins.
    func matches(_ path: UnsafePointer<CChar>, nameAt place: Int) -> Bool {
        guard !patterns.isEmpty else { return hasKnownExtension(path + place) }
        return patterns.contains { pattern in
            pattern.utf8.contains(0x2F)
                ? fnmatch(pattern, path, FNM_PATHNAME) == 0 : fnmatch(pattern, path + place, 0) == 0
        }
    }

    private func hasKnownExtension(_ name: UnsafePointer<CChar>) -> Bool {
        var parts = String(cString: name).lowercased().split(separator: ".", omittingEmptySubsequences: false)
        if let last = parts.last, Self.packed.contains(String(last)) { parts.removeLast() }
        return parts.count > 1 && parts.last.map { extensions.contains(String($0)) } ?? false
    }
}
