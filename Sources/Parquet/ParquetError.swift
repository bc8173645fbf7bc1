public import Tables

/// What is wrong with a Parquet file, before the file has a name.
///
/// Decoders know bytes and counts, not paths: whoever reads the file adds the place with `located(in:)`.
public struct ParquetError: Error, Sendable, Equatable {
    public enum Code: String, Sendable, CaseIterable {
        /// The file isn't Parquet at all.
        case notParquet = "not-parquet"
        /// The file ends before what it announces.
        case truncated
        /// Something contradicts the format or itself.
        case corrupt
        /// The file or one of its columns is encrypted.
        case encrypted
        /// The format allows it, and it isn't read here.
        case unsupported
        /// It claims more than its bytes can plausibly hold.
        case tooLarge = "too-large"
    }

    public let code: Code
    public let message: String
    /// From the start of the file, where that is known.
    public var byteOffset: Int64?
    /// The dotted path of the leaf column, where it is about one.
    public var column: String?
    /// Why the file itself could not be read.
    let cause: SourceError?

    public init(_ code: Code, _ message: String, byteOffset: Int64? = nil, column: String? = nil) {
        self.code = code
        self.message = message
        self.byteOffset = byteOffset
        self.column = column
        cause = nil
    }

    /// An error of the file system.
    init(_ cause: SourceError) {
        code = .truncated
        message = cause.message
        byteOffset = cause.byteOffset
        self.cause = cause
    }

    static func corrupt(_ message: String) -> ParquetError { ParquetError(.corrupt, message) }

    /// The same with more of the place, where it isn't known yet.
    func adding(column: String?, byteOffset: Int64? = nil) -> ParquetError {
        var error = self
        error.column = error.column ?? column
        error.byteOffset = error.byteOffset ?? byteOffset
        return error
    }

    /// The error as readers of any format give it.
    public func located(in file: String, partition: Int? = nil) -> SourceError {
        if var cause {
            cause.partition = partition
            return cause
        }
        let subject = column.map { "column '\(TextExcerpt.of($0))': " } ?? ""
        return SourceError(
            code: code.rawValue, message: subject + message, place: file, partition: partition, byteOffset: byteOffset,
            hint: hint)
    }

    private var hint: String? {
        switch code {
        case .truncated: "let whoever writes it finish, then run again"
        case .encrypted: "decrypt it, or have it written without encryption"
        case .tooLarge: "have it written with smaller pages, or shorter values"
        default: nil
        }
    }
}

/// Names out of files, short enough for a message.
enum TextExcerpt {
    static func of(_ text: String, limit: Int = 80) -> String {
        text.unicodeScalars.count <= limit
            ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit))) + "…"
    }
}
