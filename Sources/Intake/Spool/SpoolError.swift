import Files
public import Tables

/// A request that a spool doesn't take, or a spool that can't be opened.
public struct SpoolError: Error, Sendable, Equatable {
    /// Stable and documented: `bad-json`, `request-too-large`, `record-too-long`, `key-reused`, `spool-full`, `spool-busy`,
    /// `spool-closed`, `spool-in-use`, `spool-damaged`, `unreadable`, and the codes of `OutputError`.
    public let code: String
    public let message: String
    /// The spool's folder, or a file in it; empty for what is wrong with the request itself.
    public let place: String
    /// Where in the request, in bytes from 0.
    public let byteOffset: Int?
    public let hint: String?
    /// The system's words.
    public let cause: String?

    public init(
        code: String, message: String, place: String = "", byteOffset: Int? = nil, hint: String? = nil,
        cause: String? = nil
    ) {
        self.code = code
        self.message = message
        self.place = place
        self.byteOffset = byteOffset
        self.hint = hint
        self.cause = cause
    }

    init(_ error: OutputError) {
        self.init(
            code: error.code, message: error.message, place: error.place, hint: error.hint, cause: error.cause)
    }

    public var fault: Fault {
        switch code {
        case "bad-json", "request-too-large", "record-too-long", "key-reused": .data
        case "bad-name", "internal": .assay
        default: .outside
        }
    }

    /// Whether the same request may be taken later.
    public var mayHelpToRetry: Bool { fault == .outside && code != "spool-damaged" }

    /// One line: place, message, cause, code.
    public var summary: String {
        "\(place.isEmpty ? "" : "\(place): ")\(message)\(cause.map { ": \($0)" } ?? "") [\(code)]"
    }
}

extension SpoolError {
    static func full(_ place: String, waiting: Int64, maximum: Int64) -> SpoolError {
        SpoolError(
            code: "spool-full", message: "\(waiting) bytes wait to be read, and \(maximum) may", place: place,
            hint: "send it again when the pipeline has caught up")
    }

    static func busy(_ place: String) -> SpoolError {
        SpoolError(
            code: "spool-busy", message: "too many requests wait for the disk", place: place,
            hint: "send it again in a second")
    }

    static func closed(_ place: String) -> SpoolError {
        SpoolError(
            code: "spool-closed", message: "it takes no more requests", place: place,
            hint: "send it again when the service is back")
    }

    static let keyReused = SpoolError(
        code: "key-reused", message: "another request came under this key",
        hint: "a key stands for one request: make a new one for each, and keep it for its retries")
}
