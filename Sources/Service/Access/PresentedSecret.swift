import Foundation
import HTTPTypes
import Hummingbird

/// How a request presents a token.
enum PresentedSecret {
    /// `Authorization: Bearer <token>`; empty where there is none.
    static func bearer(_ headers: HTTPFields) -> String {
        let field = headers[.authorization] ?? ""
        return after("bearer ", field) ?? ""
    }

    /// The same, or the password of `Authorization: Basic`, which browsers ask people for; the user's name may be any.
    static func bearerOrPassword(_ headers: HTTPFields) -> String {
        guard after("basic ", headers[.authorization] ?? "") != nil else { return bearer(headers) }
        return basic(headers)?.password ?? ""
    }

    /// The user's name that a browser was given with the password; empty where there is none.
    static func user(_ headers: HTTPFields) -> String { basic(headers)?.user ?? "" }

    private static func basic(_ headers: HTTPFields) -> (user: String, password: String)? {
        guard let coded = after("basic ", headers[.authorization] ?? ""), let bytes = Data(base64Encoded: coded),
            let colon = bytes.firstIndex(of: UInt8(ascii: ":"))
        else { return nil }
        return (
            String(decoding: bytes[..<colon], as: UTF8.self), String(decoding: bytes[(colon + 1)...], as: UTF8.self)
        )
    }

    private static func after(_ scheme: String, _ field: String) -> String? {
        guard field.utf8.count > scheme.utf8.count, field.prefix(scheme.count).lowercased() == scheme else {
            return nil
        }
        return String(field.dropFirst(scheme.count))
    }
}

extension Refusal {
    /// What a request is told that may not do what it wants; `nil` where it may.
    init?(_ verdict: AccessTokens.Verdict, on need: AccessNeed, isPage: Bool = false) {
        // A browser asks for a password where a page wants one; a program gets no such question.
        let challenge = isPage ? "Basic realm=\"Assay\", charset=\"UTF-8\"" : "Bearer"
        switch verdict {
        case .allowed: return nil
        case .missing:
            self.init(
                status: .unauthorized, code: "token-missing", message: "a token is wanted",
                hint: isPage ? "any user name, the token as the password" : "send Authorization: Bearer <token>",
                closesConnection: true, headers: [.wwwAuthenticate: challenge])
        case .unknown:
            self.init(
                status: .unauthorized, code: "token-unknown", message: "the token is not known", closesConnection: true,
                headers: [.wwwAuthenticate: isPage ? challenge : "Bearer error=\"invalid_token\""])
        case .notEnough:
            self.init(
                status: .forbidden, code: "token-not-enough", message: "the token's role doesn't allow this",
                closesConnection: true)
        case .forAnother:
            self.init(
                status: .forbidden, code: "token-for-another", message: "the token is not for this pipeline",
                closesConnection: true)
        }
        self.need = need
    }
}
