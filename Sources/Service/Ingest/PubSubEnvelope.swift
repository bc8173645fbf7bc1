import Foundation
import HTTPTypes
import Intake
import Tables

/// A message as Pub/Sub pushes it: a document around the data, in base64.
struct PubSubEnvelope {
    let data: [UInt8]
    let key: RequestKey
    /// As the member `_attributes` of a record; `nil` where there are none.
    let attributes: JSON.Member?

    private static let members: Set<String> = ["message", "subscription", "deliveryAttempt"]

    /// Takes an envelope apart; `nil` for a document that is none.
    ///
    /// An envelope is an object of `message`, `subscription` and nothing that Pub/Sub doesn't put there. With `isExpected`, what is none is
    /// refused, too.
    init?(_ text: [UInt8], isExpected: Bool) throws {
        let document = text.withUnsafeBytes { JSON(bytes: $0) }
        guard let members = document?.members, members.allSatisfy({ Self.members.contains($0.name) }),
            let message = document?["message"], message.members != nil,
            let subscription = document?["subscription"]?.string
        else {
            guard !isExpected else {
                throw Self.refusal("expected {\"message\": {…}, \"subscription\": …}")
            }
            return nil
        }
        guard let id = message["messageId"]?.string ?? message["message_id"]?.string, !id.isEmpty else {
            throw Self.refusal("its message has no messageId")
        }
        key = RequestKey(messageId: id, subscription: subscription)
        switch message["data"] {
        case nil, .null?: data = []
        case .string(let base64)?:
            guard let data = Data(base64Encoded: base64) else { throw Self.refusal("its data is no base64") }
            self.data = Array(data)
        default: throw Self.refusal("its data is no text")
        }
        switch message["attributes"] {
        case nil, .null?: attributes = nil
        case .object(let members)?:
            guard members.allSatisfy({ $0.value.string != nil }) else {
                throw Self.refusal("an attribute of its message is no text")
            }
            attributes =
                members.isEmpty ? nil : JSON.Member("_attributes", .object(members.sorted { $0.name < $1.name }))
        default: throw Self.refusal("the attributes of its message are no object")
        }
    }

    /// The data's records: those of a document of JSON, else its lines.
    ///
    /// Nothing of it is refused as damaged: Pub/Sub would send it again for ever, and the gate keeps it apart.
    func request(keepsAttributes: Bool, limits: SpoolLimits) throws(SpoolError) -> SpoolRequest {
        let request: SpoolRequest
        if data.isEmpty, keepsAttributes, attributes != nil {
            request = try SpoolRequest(lines: Array("{}".utf8), key: key, limits: limits)
        } else if let document = try? SpoolRequest(json: data, key: key, limits: limits) {
            request = document
        } else {
            request = try SpoolRequest(lines: data, key: key, limits: limits)
        }
        guard keepsAttributes, let attributes else { return request }
        return try request.adding(attributes, limits: limits)
    }

    private static func refusal(_ reason: String) -> Refusal {
        Refusal(status: .badRequest, code: "bad-envelope", message: "the envelope of Pub/Sub is damaged: \(reason)")
    }
}
