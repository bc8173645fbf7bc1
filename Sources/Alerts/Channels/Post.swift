import Tables
import Transport

/// Requests as all receivers get them: JSON, of whose answer no more than an excerpt is wanted.
struct Post: Sendable {
    let addresses: AddressPolicy
    /// A file of certificates to trust instead of the system's.
    let certificateAuthorities: String?
    private static let answerLimit = 16_384

    func callAsFunction(
        _ url: String, _ body: JSON, _ fields: [HTTPField] = [], method: HTTPRequest.Method = .post
    ) -> Parcel {
        self(url, Array(body.text().utf8), fields, method: method)
    }

    func callAsFunction(
        _ url: String, _ body: [UInt8], _ fields: [HTTPField], method: HTTPRequest.Method = .post
    ) -> Parcel {
        // A status decides: what has been taken isn't sent again as the answer's body is slow, endless or breaks off.
        .request(
            HTTPRequest(
                method, url, headers: Self.json(fields) + fields, body: body, addresses: addresses,
                responseLimit: Self.answerLimit, extent: .head,
                certificateAuthorities: certificateAuthorities))
    }

    private static func json(_ fields: [HTTPField]) -> [HTTPField] {
        fields.contains { $0.name.lowercased() == "content-type" }
            ? [] : [HTTPField("Content-Type", "application/json; charset=utf-8")]
    }
}
