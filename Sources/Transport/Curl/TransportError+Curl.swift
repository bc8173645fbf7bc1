import CCurlShims
import Tables

extension TransportError {
    /// What a code of libcurl's means.
    ///
    /// Its words are told of TLS only: elsewhere they may repeat what is secret.
    init(_ code: CURLcode, words: String, place: String, _ transfer: Transfer) {
        if transfer.isCancelled {
            self = .cancelled(place)
        } else if transfer.refusedAddress, code != CURLE_OPERATION_TIMEDOUT {
            self = .refusedAddress(place)
        } else {
            self = Self.known(code, words: words, place: place)
        }
    }

    private static func known(_ code: CURLcode, words: String, place: String) -> TransportError {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST:
            TransportError(
                code: "unknown-host", message: "its name can't be resolved", place: place,
                hint: "look for a slip in the name, or at this machine's DNS", mayHelpToRetry: true)
        case CURLE_COULDNT_CONNECT:
            TransportError(
                code: "unreachable", message: "nobody answers there", place: place,
                hint: "look whether the server runs, and whether a firewall is in between", mayHelpToRetry: true)
        case CURLE_OPERATION_TIMEDOUT:
            TransportError(code: "timed-out", message: "it took too long", place: place, mayHelpToRetry: true)
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_ISSUER_ERROR, CURLE_USE_SSL_FAILED, CURLE_SSL_INVALIDCERTSTATUS:
            TransportError(
                code: "tls-failed", message: "no secure connection: \(Self.oneLine(words))", place: place,
                hint: "certificates are always verified; a file of one's own authorities can be named",
                mayHelpToRetry: true)
        case CURLE_SSL_CACERT_BADFILE:
            TransportError(
                code: "bad-certificates", message: "the file of certificates to trust can't be read", place: place,
                hint: "name a file of certificates in PEM", fault: .suiteAuthor, mayHelpToRetry: true)
        case CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_HTTP2,
            CURLE_HTTP2_STREAM:
            TransportError(
                code: "closed-early", message: "the connection was closed before the answer's end", place: place,
                mayHelpToRetry: true)
        case CURLE_OUT_OF_MEMORY: outOfMemory(place)
        case CURLE_URL_MALFORMAT:
            TransportError(
                code: "bad-address", message: "the address can't be used", place: place, fault: .suiteAuthor,
                mayHelpToRetry: false)
        case CURLE_LOGIN_DENIED:
            TransportError(
                code: "login-refused", message: "user and password were not accepted", place: place,
                hint: "mend the user and the password", mayHelpToRetry: true)
        // Answers without a status line count as another protocol.
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_WRITE_ERROR, CURLE_BAD_CONTENT_ENCODING,
            CURLE_HTTP_RETURNED_ERROR:
            TransportError(
                code: "bad-answer", message: "its answer can't be understood", place: place, mayHelpToRetry: true)
        default:
            TransportError(
                code: "internal", message: "the transfer failed in an unexpected way (curl \(code.rawValue))",
                place: place, fault: .assay, mayHelpToRetry: true)
        }
    }

    private static func oneLine(_ words: String) -> String {
        let text = String(
            words.unicodeScalars.prefix(200).map { $0.properties.generalCategory == .control ? " " : Character($0) })
        return text.isEmpty ? "the handshake failed" : text
    }

    static func cancelled(_ place: String) -> TransportError {
        TransportError(code: "cancelled", message: "it was given up", place: place, mayHelpToRetry: true)
    }

    static func outOfMemory(_ place: String) -> TransportError {
        TransportError(code: "internal", message: "there is no memory for it", place: place, mayHelpToRetry: true)
    }

    static func refusedAddress(_ place: String) -> TransportError {
        TransportError(
            code: "refused-address", message: "it is an address that may not be called from here", place: place,
            hint: "allow private addresses for this receiver if it is meant", fault: .suiteAuthor, mayHelpToRetry: false
        )
    }

    static func badAddress(_ reason: String) -> TransportError {
        TransportError(
            code: "bad-address", message: "the address can't be used: \(reason)", place: "", fault: .suiteAuthor,
            mayHelpToRetry: false)
    }

    static func badHeader(_ name: String, place: String) -> TransportError {
        TransportError(
            code: "bad-header", message: "a header field has characters that it may not have", place: place,
            hint: "names are letters, digits and hyphens; values are on one line", fault: .suiteAuthor,
            mayHelpToRetry: false)
    }

    static func redirected(_ status: Int, place: String) -> TransportError {
        TransportError(
            code: "redirected", message: "it answered \(status) and points elsewhere, which is not followed",
            place: place, hint: "write the address that it points to", mayHelpToRetry: true)
    }

    static func tooLarge(_ place: String, limit: Int) -> TransportError {
        TransportError(
            code: "too-large", message: "its answer is larger than \(limit) bytes", place: place, mayHelpToRetry: false)
    }
}
