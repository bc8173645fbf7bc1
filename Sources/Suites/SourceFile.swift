import Expectations

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Reads the files that people write, warily: regular files only, and none that is larger than such files are.
enum SourceFile {
    /// The file's text; throws where it can't be read, is too large or is no UTF-8.
    static func read(_ path: String) throws(SuiteError) -> SourceText {
        try SourceText(file: path, bytes: bytes(of: path))
    }

    private static func bytes(of path: String) throws(SuiteError) -> [UInt8] {
        // Without O_NONBLOCK opening a named pipe would wait for somebody to write into it.
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path, errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw unreadable(path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            let kind = status.st_mode & S_IFMT == S_IFDIR ? "a folder" : "no regular file"
            throw refusal(path, "\(quoted(path)) is \(kind)")
        }
        guard status.st_size <= Limits.fileBytes else {
            throw refusal(
                path, "the file has \(Wording.count(Int(status.st_size))) bytes, more than 16 MiB", code: "yaml-limit")
        }
        return try content(of: descriptor, path: path, expected: Int(status.st_size))
    }

    /// Reads to the end, which may have moved since the size was asked for.
    private static func content(
        of descriptor: Int32, path: String, expected: Int
    ) throws(SuiteError) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(expected)
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = buffer.withUnsafeMutableBytes { unsafe -> Int in
                // `read` fills at most the buffer's own length.
                Int(readBytes(descriptor, unsafe.baseAddress, unsafe.count))
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw unreadable(path, errno) }
            if count == 0 { return bytes }
            bytes += buffer.prefix(count)
            guard bytes.count <= Limits.fileBytes else {
                throw refusal(path, "the file has more than 16 MiB", code: "yaml-limit")
            }
        }
    }

    private static func unreadable(_ path: String, _ number: Int32) -> SuiteError {
        switch number {
        case ENOENT, ENOTDIR: refusal(path, "there is no file \(quoted(path))")
        case EACCES, EPERM: refusal(path, "the file \(quoted(path)) may not be read")
        default: refusal(path, "the file \(quoted(path)) can't be read: \(String(cString: strerror(number)))")
        }
    }

    private static func refusal(_ path: String, _ message: String, code: String = "unreadable-file") -> SuiteError {
        SuiteError(code: code, message: message, location: SourceMark(file: path, line: 1, column: 1))
    }
}

private func readBytes(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(descriptor, buffer, count)
}
