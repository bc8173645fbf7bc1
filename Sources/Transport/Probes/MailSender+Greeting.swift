import CCurlShims

extension MailSender {
    /// Connects, changes to TLS, says user and password, and goes: no mail is sent.
    ///
    /// Errors as those of `send`, as far as it gets.
    public func greet() async throws(TransportError) {
        try await OwnThread.run { cancel in self.open(cancel) }.get()
    }

    private func open(_ cancel: CancelFlag) -> Result<Void, TransportError> {
        guard let handle = CurlHandle() else { return .failure(.outOfMemory(endpoint.place)) }
        handle.secure(limits, certificateAuthorities: certificateAuthorities)
        handle.note(assay_curl_allow(handle.pointer, "smtp,smtps", Int(CURLPROTO_SMTP | CURLPROTO_SMTPS)))
        handle.set(CURLOPT_URL, "\(security == .tls ? "smtps" : "smtp")://\(endpoint.place)")
        if security == .starttls { handle.set(CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue)) }
        if let login {
            handle.set(CURLOPT_USERNAME, login.user)
            handle.set(CURLOPT_PASSWORD, login.password)
        }
        handle.set(CURLOPT_CONNECT_ONLY, 1)
        let needsThisMachine = security == .none && login?.password.isEmpty == false
        let transfer = Transfer(policy: needsThisMachine ? .thisMachineOnly : .anywhere, limit: 0, cancel: cancel)
        let code = transfer.perform(handle, listening: true)
        return code == CURLE_OK
            ? .success(()) : .failure(TransportError(code, words: handle.words, place: endpoint.place, transfer))
    }
}
