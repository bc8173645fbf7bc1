import CCurlShims

/// Sends HTTP requests, each on a connection and a thread of its own.
///
/// Certificates are verified, redirects are never followed, no proxy is taken from the environment, and an address is
/// looked at when it is connected to. A task that is cancelled gets the error `cancelled` within about a second.
public struct HTTPSender: Sendable {
    private let userAgent: String
    let limits: TransferLimits
    let certificateAuthorities: String?
    private let takesAnyCertificate: Bool

    /// `version` is Assay's, for the field `User-Agent`; `certificateAuthorities` is a file of certificates to trust instead of the
    /// system's.
    ///
    /// One that takes any certificate is for questions to this machine that tell nothing and trust nobody.
    public init(
        version: String, limits: TransferLimits = TransferLimits(), certificateAuthorities: String? = nil,
        takesAnyCertificate: Bool = false
    ) {
        userAgent = "assay/\(version)"
        self.limits = limits
        self.certificateAuthorities = certificateAuthorities
        self.takesAnyCertificate = takesAnyCertificate
    }

    /// The server's answer, whatever its status, but for redirects.
    ///
    /// Errors: `bad-address`, `bad-header`, `unknown-host`, `unreachable`, `refused-address`, `timed-out`, `tls-failed`,
    /// `bad-certificates`, `closed-early`, `bad-answer`, `redirected`, `too-large`, `cancelled`, `internal`.
    public func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let endpoint = try Endpoint(request.url, schemes: ["http", "https"])
        for field in request.headers where !field.isWellFormed {
            throw .badHeader(field.name, place: endpoint.place)
        }
        return try await OwnThread.run { cancel in perform(request, endpoint.place, cancel) }.get()
    }

    private func perform(
        _ request: HTTPRequest, _ place: String, _ cancel: CancelFlag
    ) -> Result<HTTPResponse, TransportError> {
        guard let handle = CurlHandle() else { return .failure(.outOfMemory(place)) }
        handle.secure(
            limits, certificateAuthorities: request.certificateAuthorities ?? certificateAuthorities,
            takesAnyCertificate: takesAnyCertificate)
        handle.note(assay_curl_allow(handle.pointer, "http,https", Int(CURLPROTO_HTTP | CURLPROTO_HTTPS)))
        handle.set(CURLOPT_URL, request.url)
        handle.set(CURLOPT_FOLLOWLOCATION, 0)
        handle.set(CURLOPT_USERAGENT, userAgent)
        // Without "Expect" a body isn't held back for a second by servers that don't know it.
        let fields = request.headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        handle.set(CURLOPT_HTTPHEADER, fields + ["Expect:"])
        let transfer = Transfer(policy: request.addresses, limit: max(0, request.responseLimit), cancel: cancel)
        let code = request.body.withUnsafeBytes { body in
            if request.method != .get {
                handle.set(CURLOPT_POST, 1)
                handle.set(CURLOPT_POSTFIELDSIZE, body.count)
                // The bytes are only read, and stay while it is performed; an empty body must not be read from a callback.
                let bytes = body.baseAddress ?? UnsafeRawPointer(handle.pointer)
                handle.note(
                    assay_curl_set_pointer(
                        handle.pointer, CURLOPT_POSTFIELDS, UnsafeMutableRawPointer(mutating: bytes)))
            }
            handle.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
            return transfer.perform(handle)
        }
        let status = handle.number(CURLINFO_RESPONSE_CODE)
        if (300..<400).contains(status) { return .failure(.redirected(status, place: place)) }
        if transfer.isCut, request.extent == .whole {
            return .failure(.tooLarge(place, limit: request.responseLimit))
        }
        // An interim answer (1xx) isn't the one that counts.
        let hasHead = transfer.headers.isComplete && status >= 200
        guard code == CURLE_OK || (request.extent == .head && hasHead) else {
            return .failure(TransportError(code, words: handle.words, place: place, transfer))
        }
        return .success(HTTPResponse(status: status, headers: transfer.headers.fields, body: transfer.body))
    }
}
