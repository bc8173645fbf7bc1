/// A header field.
public struct HTTPField: Sendable, Hashable {
    public let name: String
    public let value: String

    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// Whether a name is a token of RFC 9110 and a value has no control characters: neither can begin another field.
    var isWellFormed: Bool {
        let isToken: (UInt8) -> Bool = { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
        }
        return !name.isEmpty && name.utf8.allSatisfy(isToken)
            && value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
    }
}

/// What is asked of a server.
public struct HTTPRequest: Sendable {
    public enum Method: String, Sendable, Hashable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    /// How much of an answer must have come for it to be one.
    public enum Extent: Sendable, Hashable {
        /// All of it; a body that is longer than the limit is the error `too-large`.
        case whole
        /// Its head: of the body there is what came until it reached the limit, broke off or took too long.
        case head
    }

    public let method: Method
    /// `http://` or `https://`.
    ///
    /// Its path may be a secret, as those of many webhooks are.
    public let url: String
    public let headers: [HTTPField]
    public let body: [UInt8]
    public let addresses: AddressPolicy
    /// Bytes.
    public let responseLimit: Int
    public let extent: Extent
    /// A file of certificates to trust instead of those that the sender trusts.
    public let certificateAuthorities: String?

    public init(
        _ method: Method, _ url: String, headers: [HTTPField] = [], body: [UInt8] = [],
        addresses: AddressPolicy = .publicOnly, responseLimit: Int = 1 << 20, extent: Extent = .whole,
        certificateAuthorities: String? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.addresses = addresses
        self.responseLimit = responseLimit
        self.extent = extent
        self.certificateAuthorities = certificateAuthorities
    }
}

/// What a server answered.
public struct HTTPResponse: Sendable {
    public let status: Int
    public let headers: [HTTPField]
    public let body: [UInt8]

    public init(status: Int, headers: [HTTPField] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    public var isSuccess: Bool { (200..<300).contains(status) }

    /// The first field of a name, in whatever case it is written.
    public subscript(name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}
