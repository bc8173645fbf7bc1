import CCurlShims
import Tables

/// Hands mails to a server over SMTP.
public struct MailSender: Sendable {
    public enum Security: Sendable, Hashable {
        /// Begins in the clear and must change to TLS before anything is said.
        case starttls
        /// TLS from the first byte.
        case tls
        /// In the clear; a password is only said to this machine.
        case none
    }

    let endpoint: Endpoint
    let security: Security
    let login: (user: String, password: String)?
    let certificateAuthorities: String?
    let limits: TransferLimits

    /// Errors: `bad-address` where host and port are none.
    public init(
        host: String, port: Int, security: Security, user: String? = nil, password: String? = nil,
        certificateAuthorities: String? = nil, limits: TransferLimits = .mail
    ) throws(TransportError) {
        let bracketed = host.utf8.contains(UInt8(ascii: ":")) && !host.hasPrefix("[") ? "[\(host)]" : host
        guard (1...65_535).contains(port), !host.utf8.contains(where: { "/?#@\\%".utf8.contains($0) }) else {
            throw .badAddress("host and port of the mail server are none")
        }
        endpoint = try Endpoint("smtp://\(bracketed):\(port)", schemes: ["smtp"])
        self.security = security
        login = user.map { ($0, password ?? "") }
        self.certificateAuthorities = certificateAuthorities
        self.limits = limits
    }

    /// Sends a mail to all recipients that the server accepts, at least one.
    ///
    /// Errors as those of `HTTPSender.send`, and `login-refused`, `refused-sender`, `refused-recipients`, `refused-mail`; of the last
    /// three, codes of 500 and more are final.
    public func send(_ mail: Mail) async throws(TransportError) -> MailReceipt {
        guard !mail.to.isEmpty, ([mail.from] + mail.to).allSatisfy(Mail.isAddress) else {
            throw TransportError(
                code: "bad-address", message: "a mail's sender or recipient is no address", place: endpoint.place,
                fault: .suiteAuthor, mayHelpToRetry: false)
        }
        return try await OwnThread.run { cancel in perform(mail, cancel) }.get()
    }

    private func perform(_ mail: Mail, _ cancel: CancelFlag) -> Result<MailReceipt, TransportError> {
        guard let handle = CurlHandle() else { return .failure(.outOfMemory(endpoint.place)) }
        handle.secure(limits, certificateAuthorities: certificateAuthorities)
        handle.note(assay_curl_allow(handle.pointer, "smtp,smtps", Int(CURLPROTO_SMTP | CURLPROTO_SMTPS)))
        handle.set(CURLOPT_URL, "\(security == .tls ? "smtps" : "smtp")://\(endpoint.place)")
        if security == .starttls { handle.set(CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue)) }
        if let login {
            handle.set(CURLOPT_USERNAME, login.user)
            handle.set(CURLOPT_PASSWORD, login.password)
        }
        handle.set(CURLOPT_MAIL_FROM, "<\(mail.from)>")
        handle.set(CURLOPT_MAIL_RCPT, mail.to.map { "<\($0)>" })
        // One bad recipient must not keep a mail from the others.
        handle.note(assay_curl_allow_refused_recipients(handle.pointer))
        handle.set(CURLOPT_UPLOAD, 1)
        let needsThisMachine = security == .none && login?.password.isEmpty == false
        let transfer = Transfer(policy: needsThisMachine ? .thisMachineOnly : .anywhere, limit: 0, cancel: cancel)
        let code = transfer.perform(handle, upload: mail.content, listening: true)
        return outcome(code, handle, transfer, mail, needsThisMachine: needsThisMachine)
    }

    private func outcome(
        _ code: CURLcode, _ handle: CurlHandle, _ transfer: Transfer, _ mail: Mail, needsThisMachine: Bool
    ) -> Result<MailReceipt, TransportError> {
        let said = transfer.dialogue
        // What breaks after the server has taken it is no loss: sending again would double it.
        if code == CURLE_OK || said.isTaken {
            let answers = zip(mail.to, said.recipientCodes)
            return .success(
                MailReceipt(
                    accepted: answers.filter { $0.1 < 300 }.map(\.0),
                    refused: answers.filter { $0.1 >= 300 }.map { MailReceipt.Refusal(address: $0.0, code: $0.1) }))
        }
        if needsThisMachine, transfer.refusedAddress {
            return .failure(
                TransportError(
                    code: "insecure-login", message: "a password is not said in the clear to another machine",
                    place: endpoint.place, hint: "set security to starttls or tls", fault: .suiteAuthor,
                    mayHelpToRetry: false))
        }
        return .failure(
            refusal(said) ?? TransportError(code, words: handle.words, place: endpoint.place, transfer))
    }

    /// What the server refused, where it was that which ended it.
    private func refusal(_ said: MailDialogue) -> TransportError? {
        guard let refusal = said.refusal else { return nil }
        let what: (code: String, words: String)
        switch refusal.step {
        case .login: what = ("login-refused", "user and password were not accepted")
        case .sender: what = ("refused-sender", "the sender was not accepted")
        // Where some were accepted it was something else that ended it.
        case .recipient where said.recipientCodes.allSatisfy({ $0 >= 400 }):
            let isOne = said.recipientCodes.count == 1
            what = (
                "refused-recipients",
                isOne ? "the recipient was not accepted" : "none of the recipients was accepted"
            )
        case .content: what = ("refused-mail", "the mail was not accepted")
        case .recipient, .greeting, .other: return nil
        }
        let code = refusal.code
        let isForNow = code < 500 || refusal.step == .login || said.recipientCodes.contains { (400..<500).contains($0) }
        return TransportError(
            code: what.code, message: "\(what.words) (\(code))", place: endpoint.place, mayHelpToRetry: isForNow)
    }
}
