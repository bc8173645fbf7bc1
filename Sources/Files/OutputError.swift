public import Tables

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Data that can't be written.
public struct OutputError: Error, Sendable, Equatable {
    /// Stable and documented: `disk-full`, `file-too-large`, `unwritable-directory`, `name-taken`, `bad-name`,
    /// `no-hard-links`, `input-output`, and what the formats add of their own.
    public let code: String
    public let message: String
    /// The file.
    public let place: String
    public let hint: String?
    /// The system's words.
    public let cause: String?

    public init(code: String, message: String, place: String, hint: String? = nil, cause: String? = nil) {
        self.code = code
        self.message = message
        self.place = place
        self.hint = hint
        self.cause = cause
    }

    public var fault: Fault {
        if Self.ofTheMachine.contains(code) { return .outside }
        return Self.ofTheProgram.contains(code) ? .assay : .data
    }

    /// A full disk, a sealed folder or a failing disk may be mended; the data is what it is.
    public var mayHelpToRetry: Bool { Self.ofTheMachine.contains(code) }

    /// One line: place, message, cause, code.
    public var summary: String { "\(place): \(message)\(cause.map { ": \($0)" } ?? "") [\(code)]" }

    private static let ofTheMachine: Set<String> = [
        "disk-full", "file-too-large", "unwritable-directory", "name-taken", "no-hard-links", "input-output",
    ]
    private static let ofTheProgram: Set<String> = ["bad-name", "wrong-type", "internal"]
}

extension OutputError {
    /// What the system said when `place` was to be written.
    public init(_ system: Int32, writing place: String) {
        let cause = String(cString: strerror(system)).lowercased()
        switch system {
        case ENOSPC, EDQUOT:
            self.init(
                code: "disk-full", message: "there is no room left to write the file", place: place,
                hint: "make room, then run again; what was there before is intact", cause: cause)
        case EFBIG:
            self.init(
                code: "file-too-large", message: "the file is larger than the system allows", place: place,
                hint: "raise the limit of file sizes (ulimit -f), or write smaller files", cause: cause)
        case EACCES, EPERM, EROFS:
            self.init(
                code: "unwritable-directory", message: "the folder can't be written to", place: place,
                hint: "let Assay's user write there, or name another folder", cause: cause)
        case ENOENT, ENOTDIR:
            self.init(
                code: "unwritable-directory", message: "the folder isn't there", place: place,
                hint: "make the folder, or name another", cause: cause)
        case EEXIST, EISDIR, ENOTEMPTY:
            self.init(
                code: "name-taken", message: "something else has the file's name", place: place,
                hint: "remove it, or name another", cause: cause)
        case ENAMETOOLONG, EINVAL:
            self.init(code: "bad-name", message: "the file can't be named so", place: place, cause: cause)
        case EOPNOTSUPP, ENOTSUP, EMLINK:
            self.init(
                code: "no-hard-links", message: "the file can't be put in place without replacing another",
                place: place, hint: "use a file system with hard links", cause: cause)
        default:
            self.init(code: "input-output", message: "the file can't be written", place: place, cause: cause)
        }
    }
}
