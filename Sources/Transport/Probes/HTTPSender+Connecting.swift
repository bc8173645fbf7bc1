import CCurlShims

extension HTTPSender {
    /// Opens a connection to whom a URL reaches, with TLS where it is `https`, and closes it; nothing is asked of the server.
    ///
    /// `trusting` is a file of certificates instead of those that the sender trusts. Errors as those of `send`, as far as connecting goes.
    public func connect(
        to url: String, addresses: AddressPolicy, trusting authorities: String? = nil
    ) async throws(TransportError) {
        let endpoint = try Endpoint(url, schemes: ["http", "https"])
        try await OwnThread.run { cancel in
            self.open(url, endpoint.place, addresses, authorities ?? certificateAuthorities, cancel)
        }.get()
    }

    private func open(
        _ url: String, _ place: String, _ addresses: AddressPolicy, _ authorities: String?, _ cancel: CancelFlag
    ) -> Result<Void, TransportError> {
        guard let handle = CurlHandle() else { return .failure(.outOfMemory(place)) }
        handle.secure(limits, certificateAuthorities: authorities)
        handle.note(assay_curl_allow(handle.pointer, "http,https", Int(CURLPROTO_HTTP | CURLPROTO_HTTPS)))
        handle.set(CURLOPT_URL, url)
        handle.set(CURLOPT_CONNECT_ONLY, 1)
        let transfer = Transfer(policy: addresses, limit: 0, cancel: cancel)
        let code = transfer.perform(handle)
        return code == CURLE_OK
            ? .success(()) : .failure(TransportError(code, words: handle.words, place: place, transfer))
    }
}
