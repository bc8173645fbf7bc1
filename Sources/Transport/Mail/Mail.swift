/// A mail as it is handed to a server: its envelope, and its text with header and body.
public struct Mail: Sendable {
    /// Addresses alone, as `ops@example.com`.
    public let from: String
    public let to: [String]
    /// Lines end in CRLF.
    ///
    /// A line that begins with a dot is as it is: the transport takes care of it.
    public let content: [UInt8]

    public init(from: String, to: [String], content: [UInt8]) {
        self.from = from
        self.to = to
        self.content = content
    }

    /// Whether an address can stand in a command: neither brackets, nor spaces, nor control characters, and one `@` within it.
    public static func isAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty } && text.utf8.count <= 254
            && text.unicodeScalars.allSatisfy { scalar in
                scalar.value > 0x20 && scalar.value != 0x7F && scalar.properties.generalCategory != .control
                    && !"<>()[]\\,;:\"".unicodeScalars.contains(scalar) && !scalar.properties.isWhitespace
            }
    }
}

/// Who of a mail's recipients the server took it for.
public struct MailReceipt: Sendable, Equatable {
    public struct Refusal: Sendable, Equatable {
        public let address: String
        /// The server's answer: 400 through 499 for now, 500 through 599 for good.
        public let code: Int
    }

    public let accepted: [String]
    public let refused: [Refusal]

    public init(accepted: [String], refused: [Refusal] = []) {
        self.accepted = accepted
        self.refused = refused
    }
}
