import Foundation

/// A file of the reports' directory, by a name that the ledger knows.
enum ReportFile {
    /// Bytes of the largest that is shown.
    private static let most = 64 << 20

    /// `nil` for what is no regular file right in the directory, also where a link leads elsewhere.
    static func text(_ name: String, in directory: String) -> String? {
        guard !name.isEmpty, name != ".", name != "..", !name.utf8.contains(UInt8(ascii: "/")), !name.utf8.contains(0)
        else { return nil }
        let descriptor = open(directory + "/" + name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= Self.most,
            let bytes = try? handle.read(upToCount: Self.most)
        else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}
