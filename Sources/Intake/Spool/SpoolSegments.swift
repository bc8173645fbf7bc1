import Files
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A spool's segments as its folder has them, looked at without opening it: somebody may be writing there.
public enum SpoolSegments {
    /// Those that hold something, in order; none where the folder isn't there or can't be read.
    public static func found(in folder: String) -> [IntakeFile] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().compactMap { name in
            guard name.hasPrefix("segment-"), name.hasSuffix(".jsonl") else { return nil }
            let path = "\(folder)/\(name)"
            var status = stat()
            guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else { return nil }
            let identity = FileIdentity(status)
            return IntakeFile(
                path: path, name: name, device: identity.device, node: identity.node, byteCount: identity.byteCount,
                modified: identity.modified)
        }
    }
}

extension IntakeFile {
    /// Whether a segment is a file that was read.
    ///
    /// A spool gives a name once, but a landing folder may have had a file of that name; and a spool's folder may have been moved or
    /// copied since, so that its path and node are others.
    public func isSegment(readAs file: IntakeFile) -> Bool {
        name == file.name && (path == file.path || (byteCount == file.byteCount && modified == file.modified))
    }
}
