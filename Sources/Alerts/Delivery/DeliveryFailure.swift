import Tables
import Transport

/// Why a message didn't reach its receiver.
public struct DeliveryFailure: Error, Sendable, Hashable {
    /// Stable and documented: `rejected`, `denied`, `busy`, `failed-there`, `no-such-route`, `no-such-channel`, `no-mail-server`,
    /// `unreadable-message`, and all codes of `TransportError`.
    public let code: String
    /// One line without secrets.
    public let message: String
    /// Nothing that is done outside would let this message through.
    public let isFinal: Bool
    /// Microseconds that the receiver asked to wait; `nil` where it didn't.
    public let wish: Int64?

    init(code: String, message: String, isFinal: Bool, wish: Int64? = nil) {
        self.code = code
        self.message = message
        self.isFinal = isFinal
        self.wish = wish
    }

    /// `recipient` is the one whom a mail server refused.
    init(_ error: TransportError, recipient: String? = nil) {
        let parts = [recipient ?? "", error.place, error.message]
        self.init(
            code: error.code, message: parts.filter { !$0.isEmpty }.joined(separator: ": "),
            isFinal: !error.mayHelpToRetry)
    }

    /// What an answer's status says: `nil` where the message was taken.
    ///
    /// What is said of the message itself is final. What is said of the address, the key or the receiver may be mended there or in the
    /// configuration, and what waits then goes out.
    init?(_ answer: HTTPResponse, excerpt: String, refusesKey: Bool, at now: Int64) {
        let what: (code: String, words: String, isFinal: Bool)
        switch answer.status {
        case 200..<300: return nil
        case 401, 402, 403, 404, 407, 410: what = ("denied", "the address or the key is not accepted", false)
        case 400..<500 where refusesKey: what = ("denied", "the address or the key is not accepted", false)
        case 429: what = ("busy", "too many messages", false)
        case 408, 421, 423, 425: what = ("failed-there", "not now", false)
        case 400..<500: what = ("rejected", "the message is not accepted", true)
        default: what = ("failed-there", "the receiver failed", false)
        }
        let said = excerpt.isEmpty ? "" : ": \(excerpt)"
        self.init(
            code: what.code, message: "\(what.words) (\(answer.status))\(said)", isFinal: what.isFinal,
            wish: answer["Retry-After"].flatMap { RetryAfter.pause($0, at: now) })
    }

    static let noMailServer = DeliveryFailure(
        code: "no-mail-server", message: "the project has no mail server", isFinal: true)
    static let noSuchRoute = DeliveryFailure(
        code: "no-such-route", message: "no project has such a route any more", isFinal: true)
    static let noSuchChannel = DeliveryFailure(
        code: "no-such-channel", message: "the route has no such channel any more", isFinal: true)
    static let unreadableMessage = DeliveryFailure(
        code: "unreadable-message", message: "the stored message can't be read", isFinal: true)
}
