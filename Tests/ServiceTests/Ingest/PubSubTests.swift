import Foundation
import Intake
import Service
import Testing

struct PubSubTests {
    private static func envelope(_ data: String?, id: String = "1", attributes: String = "{}") -> String {
        let data = data.map { "\"data\":\"\(Data($0.utf8).base64EncodedString())\"," } ?? ""
        return """
            {"message":{\(data)"attributes":\(attributes),"messageId":"\(id)","message_id":"\(id)",
            "publishTime":"2026-01-01T00:00:00Z"},"subscription":"projects/p/subscriptions/s"}
            """
    }

    @Test func takesTheDataOut() async throws {
        let server = try await TestServer(keepsAttributes: true)
        let bodies = [
            Self.envelope("{\n\"a\": 1}", id: "1"),
            Self.envelope("[{\"b\":1},{}]", id: "2", attributes: "{\"z\":\"1\",\"y\":\"\\u00e9\"}"),
            Self.envelope("{\"c\":1}\n{broken\n", id: "3", attributes: "{\"k\":\"v\"}"),
            Self.envelope(nil, id: "4", attributes: "{\"k\":\"v\"}"),
            Self.envelope(nil, id: "5"),
        ]
        for body in bodies { #expect(try await server.post(body, type: "application/json").status == 202) }
        #expect(
            try await server.stop() == """
                { "a": 1}
                {"b":1,"_attributes":{"y":"é","z":"1"}}
                {"_attributes":{"y":"é","z":"1"}}
                {"c":1,"_attributes":{"k":"v"}}
                {broken
                {"_attributes":{"k":"v"}}

                """)
    }

    /// With the key twice it would be malformed, and its text one that nobody sent.
    @Test func leavesARecordItsOwnAttributes() async throws {
        let server = try await TestServer(keepsAttributes: true)
        let records = #"[{"id":9,"_attributes":"mine"},{"\u005fattributes":null},{"id":10,"o":{"_attributes":1}}]"#
        let body = Self.envelope(records, attributes: #"{"z":"1"}"#)
        #expect(try await server.post(body, type: "application/json").status == 202)
        #expect(
            try await server.stop() == #"""
                {"id":9,"_attributes":"mine"}
                {"\u005fattributes":null}
                {"id":10,"o":{"_attributes":1},"_attributes":{"z":"1"}}

                """#)
    }

    @Test func saysWhereAKnownMessageHasAnotherContent() async throws {
        let server = try await TestServer()
        _ = try await server.post(Self.envelope("{\"a\":1}"), type: "application/json")
        let same = try await server.post(Self.envelope("{\"a\":1}"), type: "application/json")
        #expect(same.member("repeated") == "true" && same.member("differs") == nil)
        let other = try await server.post(Self.envelope("{\"a\":2}"), type: "application/json")
        #expect(other.status == 202 && other.member("repeated") == "true" && other.member("differs") == "true")
        #expect(try await server.stop() == "{\"a\":1}\n")
    }

    @Test func takesAMessageOnceHoweverItIsWritten() async throws {
        let server = try await TestServer()
        let first = try await server.post(Self.envelope("{\"a\":1}"), type: "application/json")
        let again = try await server.post(Self.envelope("{\"a\":1} "), type: "application/json")
        #expect(first.member("offset") == again.member("offset") && again.member("repeated") == "true")
        #expect(try await server.stop() == "{\"a\":1}\n")
    }

    @Test func takesARecordThatOnlyLooksAlike() async throws {
        let server = try await TestServer()
        let record = "{\"message\":{\"data\":\"x\"},\"subscription\":\"s\",\"more\":1}"
        _ = try await server.post(record, type: "application/json")
        #expect(try await server.stop() == record + "\n")
        let plain = try await TestServer(envelope: .none)
        _ = try await plain.post(Self.envelope("{}").replacing("\n", with: ""), type: "application/json")
        #expect(try await plain.stop() == Self.envelope("{}").replacing("\n", with: "") + "\n")
    }

    @Test(arguments: [
        "{\"message\":{\"data\":\"%%%\",\"messageId\":\"1\"},\"subscription\":\"s\"}",
        "{\"message\":{\"data\":7,\"messageId\":\"1\"},\"subscription\":\"s\"}",
        "{\"message\":{\"data\":\"e30=\"},\"subscription\":\"s\"}",
        "{\"message\":{\"data\":\"e30=\",\"messageId\":\"1\",\"attributes\":{\"a\":1}},\"subscription\":\"s\"}",
    ])
    func refusesADamagedEnvelope(_ body: String) async throws {
        let server = try await TestServer()
        let answer = try await server.post(body, type: "application/json")
        #expect(answer.status == 400 && answer.member("code") == "bad-envelope")
        #expect(try await server.stop().isEmpty)
    }

    @Test func refusesWhatIsNoEnvelopeWhereOneIsExpected() async throws {
        let server = try await TestServer(envelope: .pubsub)
        #expect(try await server.post("{\"a\":1}", type: "application/json").member("code") == "bad-envelope")
        _ = try await server.stop()
    }
}
