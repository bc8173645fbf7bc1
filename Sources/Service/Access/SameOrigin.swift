import HTTPTypes
import Hummingbird

/// Whether a request that changes something comes from a page of this server, or from no page at all.
///
/// A browser sends what it knows of a person (a password, an address that only this machine reaches) with requests that other sites'
/// pages make; it can't be kept from saying where they come from.
struct SameOrigin: Sendable {
    /// Where the server is found from outside, as `https://assay.example.com`; `nil` where that is the address itself.
    let publicURL: String?

    /// A form must say where it comes from, as every browser does; programs have no use for one.
    func check(_ request: Request, isForm: Bool) throws {
        guard !isForm || request.headers[.origin] != nil || request.headers[.secFetchSite] == "same-origin" else {
            throw Refusal(
                status: .forbidden, code: "foreign-origin", message: "a form says which page it comes from",
                hint: "programs post JSON to /api/v1", closesConnection: true)
        }
        let isSameSite = ["same-origin", "none", nil].contains(request.headers[.secFetchSite])
        let isSameOrigin = request.headers[.origin].map { isOwn($0, host: request.head.authority) } ?? true
        guard isSameSite, isSameOrigin else {
            throw Refusal(
                status: .forbidden, code: "foreign-origin", message: "the request comes from a page of another site",
                closesConnection: true)
        }
    }

    private func isOwn(_ origin: String, host: String?) -> Bool {
        if let publicURL, origin.lowercased() == Self.origin(of: publicURL) { return true }
        guard let host, let slashes = origin.firstRange(of: "://") else { return false }
        return origin[slashes.upperBound...].lowercased() == host.lowercased()
    }

    /// Scheme, host and port of an address.
    private static func origin(of url: String) -> String {
        guard let slashes = url.firstRange(of: "://") else { return url.lowercased() }
        let rest = url[slashes.upperBound...].prefix { $0 != "/" }
        return (url[..<slashes.upperBound] + rest).lowercased()
    }
}
