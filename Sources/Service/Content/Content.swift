import HTTPTypes
import Hummingbird
import NIOCore
import Tables

/// What a request is answered where it is not refused: bytes with a tag by which a client knows them again.
struct Content: Sendable {
    enum Kind: Sendable {
        case json, page, metrics

        var mediaType: String {
            switch self {
            case .json: "application/json"
            case .page: "text/html; charset=utf-8"
            case .metrics: "text/plain; version=0.0.4; charset=utf-8"
            }
        }
    }

    let kind: Kind
    let status: HTTPResponse.Status
    let bytes: ByteBuffer
    /// Strong: other bytes have another one.
    let tag: String
    /// Fields of the head that go with the bytes.
    private let fields: HTTPFields

    init(_ kind: Kind, _ bytes: [UInt8], status: HTTPResponse.Status = .ok, fields: HTTPFields = [:]) {
        self.kind = kind
        self.fields = fields
        self.status = status
        self.bytes = ByteBuffer(bytes: bytes)
        let hash = bytes.withUnsafeBytes { Hash128($0) }
        tag = "\"" + String(hash.high, radix: 36) + "-" + String(hash.low, radix: 36) + "\""
    }

    init(_ document: JSON, status: HTTPResponse.Status = .ok) {
        var bytes: [UInt8] = []
        document.write(to: &bytes)
        bytes.append(UInt8(ascii: "\n"))
        self.init(.json, bytes, status: status)
    }

    init(page: String, hasForms: Bool = false) {
        self.init(
            .page, Array(page.utf8),
            fields: hasForms ? SecurityHeaders.formPage : [.contentSecurityPolicy: SecurityHeaders.pagePolicy])
    }

    /// Another page is to be seen now.
    init(seeOther path: String) { self.init(.page, [], status: .seeOther, fields: [.location: path]) }

    /// The answer to a request: the bytes, or that they are the ones that the client has.
    func response(to request: Request) -> Response {
        var headers = fields
        headers[.contentType] = kind.mediaType
        // Stored by nobody but the client itself, and never shown without asking.
        headers[.cacheControl] = "private, no-cache"
        guard request.method == .get || request.method == .head, status == .ok else {
            return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: bytes))
        }
        headers[.eTag] = tag
        if let wanted = request.headers[.ifNoneMatch], Self.names(wanted, tag) {
            return Response(status: .notModified, headers: headers)
        }
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: bytes))
    }

    /// Whether a list of tags has one, by the weak comparison that RFC 9110, section 13.1.2, wants.
    static func names(_ list: String, _ tag: String) -> Bool {
        list.split(separator: ",").contains { item in
            let item = item.trimmingPrefix { $0 == " " || $0 == "\t" }
            let bare = item.hasPrefix("W/") ? item.dropFirst(2) : item
            return bare == "*" || bare.prefix(tag.count) == tag && bare.dropFirst(tag.count).allSatisfy(\.isWhitespace)
        }
    }
}
