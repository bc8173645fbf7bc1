public import Suites
public import Transport

/// Takes one message to one receiver, once.
public struct Courier: Sendable {
    /// How requests and mails leave; each may be another one in a test.
    public struct Senders: Sendable {
        public let request: @Sendable (HTTPRequest) async throws(TransportError) -> HTTPResponse
        public let mail: @Sendable (Mail, MailServer) async throws(TransportError) -> MailReceipt

        public init(
            request: @escaping @Sendable (HTTPRequest) async throws(TransportError) -> HTTPResponse,
            mail: @escaping @Sendable (Mail, MailServer) async throws(TransportError) -> MailReceipt
        ) {
            self.request = request
            self.mail = mail
        }

        /// Over the network.
        ///
        /// `version` is Assay's; the limits are those of one request, and of one mail.
        public static func network(
            version: String, limits: TransferLimits = TransferLimits(), mailLimits: TransferLimits = .mail,
            certificateAuthorities: String? = nil
        ) -> Senders {
            let http = HTTPSender(version: version, limits: limits, certificateAuthorities: certificateAuthorities)
            return Senders(
                request: { request async throws(TransportError) in try await http.send(request) },
                mail: { mail, server async throws(TransportError) in
                    try await MailSender(server, limits: mailLimits).send(mail)
                })
        }
    }

    /// What became of a message that was taken.
    public struct Receipt: Sendable, Hashable {
        /// What the receiver said, in a line without secrets.
        public let words: String
        /// Whether it tells all that the messages before it would have told, so that these needn't be sent any more.
        public var supersedes = true
    }

    private let senders: Senders
    private let surroundings: CarrierSurroundings

    /// `reports` gives the bytes of a report's file by its name, for mails that attach it.
    public init(
        senders: Senders, mail: MailServer?, reports: @escaping @Sendable (String) -> [UInt8]? = { _ in nil }
    ) {
        self.senders = senders
        surroundings = CarrierSurroundings(mail: mail, reports: reports)
    }

    /// Sends a message now.
    ///
    /// `key` stays the same however often it is sent. Receivers that need several requests get them in order; all of them may be repeated.
    public func take(
        _ message: AlertMessage, key: String, to receiver: Receiver, links: String?, at now: Int64
    ) async throws(DeliveryFailure) -> Receipt {
        let briefing = Briefing(message, key: key, links: links, sentAt: now)
        let secrets = Secrets(of: receiver.channel, mail: surroundings.mail)
        var receipt = Receipt(words: "nothing to send")
        let carrier = try receiver.carrier(surroundings)
        for parcel in try carrier.parcels(for: briefing) {
            switch parcel {
            case .request(let request): receipt = try await send(request, carrier, secrets, at: now)
            case .mail(let mail): receipt = try await send(mail)
            }
        }
        receipt.supersedes = carrier.supersedesEarlier(message)
        return receipt
    }

    private func send(
        _ request: HTTPRequest, _ carrier: any Carrier, _ secrets: Secrets, at now: Int64
    ) async throws(DeliveryFailure) -> Receipt {
        let answer: HTTPResponse
        do { answer = try await senders.request(request) } catch { throw DeliveryFailure(error) }
        let text = String(decoding: answer.body.prefix(2000), as: UTF8.self)
        let excerpt = PlainText.line(secrets.redacted(text, mark: "…"), limit: 200)
        let refusesKey = carrier.refusesKey(answer)
        if let failure = DeliveryFailure(answer, excerpt: excerpt, refusesKey: refusesKey, at: now) { throw failure }
        return Receipt(words: excerpt.isEmpty ? "\(answer.status)" : "\(answer.status) \(excerpt)")
    }

    private func send(_ mail: Mail) async throws(DeliveryFailure) -> Receipt {
        guard let server = surroundings.mail else { throw .noMailServer }
        let recipient = mail.to.joined(separator: ", ")
        do { _ = try await senders.mail(mail, server) } catch {
            throw DeliveryFailure(error, recipient: error.code == "refused-recipients" ? recipient : nil)
        }
        return Receipt(words: "taken for \(recipient)")
    }
}

extension MailSender {
    init(_ server: MailServer, limits: TransferLimits) throws(TransportError) {
        let security: Security =
            switch server.security {
            case .starttls: .starttls
            case .tls: .tls
            case .none: .none
            }
        try self.init(
            host: server.host, port: server.port, security: security, user: server.user, password: server.password,
            certificateAuthorities: server.certificateAuthorities, limits: limits)
    }
}
