/// Where a server listens.
public struct BindAddress: Sendable, Hashable {
    public let host: String
    /// 0 for any that is free.
    public let port: Int

    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `host:port`, `[::1]:port` or a port alone, which means 127.0.0.1; `nil` for anything else.
    public init?(_ text: String) {
        let host: Substring
        let digits: Substring
        if let colon = text.lastIndex(of: ":") {
            host = text[..<colon]
            digits = text[text.index(after: colon)...]
        } else {
            host = "127.0.0.1"
            digits = text[...]
        }
        guard let port = Int(digits), (0...65_535).contains(port), digits.allSatisfy(\.isASCII), !host.isEmpty else {
            return nil
        }
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        guard isBracketed || !host.contains(":") else { return nil }
        self.host = isBracketed ? String(host.dropFirst().dropLast()) : String(host)
        self.port = port
    }

    /// As `init(_:)` reads it.
    public var text: String { "\(host.contains(":") ? "[\(host)]" : host):\(port)" }

    /// The same as this machine reaches it: where all addresses are listened on, by the one that it has for itself.
    public var fromHere: BindAddress {
        switch host {
        case "0.0.0.0": BindAddress(host: "127.0.0.1", port: port)
        case "::": BindAddress(host: "::1", port: port)
        default: self
        }
    }

    /// Whether nobody but this machine can reach it.
    public var isLoopback: Bool {
        // A name may begin with these digits, too.
        host == "localhost" || host == "::1"
            || (host.hasPrefix("127.") && host.utf8.allSatisfy { $0 == 0x2E || (0x30...0x39).contains($0) })
    }
}
