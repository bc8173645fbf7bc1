import HTTPTypes
import Hummingbird
import NIOCore
import Reports

extension Refusal {
    /// For a person's browser a page; for programs the document.
    func response(to request: Request) -> Response {
        guard Self.wantsPage(request), let page = try? page.html() else { return response }
        var fields = head
        fields[.contentType] = Content.Kind.page.mediaType
        fields[.contentSecurityPolicy] = SecurityHeaders.pagePolicy
        return Response(status: status, headers: fields, body: ResponseBody(byteBuffer: ByteBuffer(string: page)))
    }

    /// Whether a browser asks for something that people look at.
    private static func wantsPage(_ request: Request) -> Bool {
        let path = request.uri.path
        let isForPrograms = ["/api", "/ingest", "/metrics"].contains { path == $0 || path.hasPrefix($0 + "/") }
        return !isForPrograms && request.headers[.accept]?.contains("text/html") == true
    }

    private var page: RefusalPage {
        switch code {
        case "unknown-run":
            RefusalPage(
                "There is no run of this id",
                "It may have been removed: runs are kept for as long as the project says. The course of its validation "
                    + "is found on the overview.")
        case "unknown-report":
            RefusalPage(
                "There is no report of this name",
                "It may have been removed: reports are kept for as long as the project says. The run's own page may "
                    + "still be there.")
        case "token-missing", "token-unknown":
            RefusalPage("A token is wanted", "Load the page again, and give a token of the service as the password.")
        case "not-found": RefusalPage("There is nothing at this address", "")
        default:
            RefusalPage(message.prefix(1).uppercased() + message.dropFirst(), status == .badRequest ? hint ?? "" : "")
        }
    }
}
