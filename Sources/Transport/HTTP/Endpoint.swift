import CCurlShims

/// Whom a URL reaches, as libcurl reads it.
struct Endpoint: Equatable {
    let host: String
    let port: Int

    /// Host and port, as errors name it.
    var place: String { "\(host):\(port)" }

    /// Reads a URL of one of the schemes; the error `bad-address` doesn't repeat it.
    init(_ url: String, schemes: [String]) throws(TransportError) {
        guard !url.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }), let handle = curl_url() else {
            throw .badAddress("it has spaces or control characters")
        }
        defer { curl_url_cleanup(handle) }
        guard curl_url_set(handle, CURLUPART_URL, url, 0) == CURLUE_OK,
            let scheme = Self.part(CURLUPART_SCHEME, of: handle), let host = Self.part(CURLUPART_HOST, of: handle),
            let port = Self.part(CURLUPART_PORT, of: handle).flatMap({ Int($0) })
        else { throw .badAddress("it is no URL") }
        guard schemes.contains(scheme.lowercased()) else {
            throw .badAddress("it must begin with \(schemes.map { "\($0)://" }.joined(separator: " or "))")
        }
        self.host = host
        self.port = port
    }

    private static func part(_ part: CURLUPart, of handle: OpaquePointer) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard assay_curl_url_get(handle, part, &text, UInt32(CURLU_DEFAULT_PORT)) == CURLUE_OK, let text else {
            return nil
        }
        defer { curl_free(text) }
        return String(cString: text)
    }
}
