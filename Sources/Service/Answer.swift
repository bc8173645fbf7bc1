import HTTPTypes
import Hummingbird
import NIOCore
import Tables

/// What a request is answered: a status and a document of JSON.
enum Answer {
    static func json(_ document: JSON, status: HTTPResponse.Status, headers: HTTPFields = [:]) -> Response {
        var headers = headers
        headers[.contentType] = "application/json"
        return Response(
            status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: document.text() + "\n"))
        )
    }
}

/// A request that is refused, and why.
struct Refusal: Error {
    let status: HTTPResponse.Status
    let code: String
    let message: String
    var byteOffset: Int?
    var hint: String?
    /// Seconds after which the same request may be taken.
    var retryAfter: Int64?
    /// Whether the rest of the request's body isn't worth reading.
    var closesConnection = false
    var headers: HTTPFields = [:]
    /// What a token would have had to allow.
    var need: AccessNeed?

    /// Whether it only has a browser ask a person for the token, as the first request for a page does.
    var asksForPassword: Bool {
        code == "token-missing" && headers[.wwwAuthenticate]?.hasPrefix("Basic ") == true
    }

    /// `{"error": {"code": …, "message": …}}`, with the place in the body and a hint where there are some.
    var response: Response {
        var members = [JSON.Member("code", .string(code)), JSON.Member("message", .string(message))]
        if let byteOffset { members.append(JSON.Member("offset", .integer(byteOffset))) }
        if let hint { members.append(JSON.Member("hint", .string(hint))) }
        return Answer.json(.object([JSON.Member("error", .object(members))]), status: status, headers: head)
    }

    /// The fields of the head that go with it in any form.
    var head: HTTPFields {
        var head = headers
        if let retryAfter { head[.retryAfter] = String(retryAfter) }
        if closesConnection { head[.connection] = "close" }
        return head
    }
}
