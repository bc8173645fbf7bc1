import CZlib
import CZstd
import Files
import Foundation
import Intake
import Service
import Testing

struct IngestTests {
    @Test func answersWithThePlaceOfTheRecords() async throws {
        let server = try await TestServer()
        let first = try await server.post("{\"a\":1}\n{broken\n")
        let second = try await server.post("[{\"b\":2},\n{\"b\":3}]", type: "application/json; charset=utf-8")
        #expect(
            (first.status, first.body) == (
                202, "{\"accepted\":2,\"segment\":\"segment-0000000001.jsonl\",\"offset\":0}\n"
            ))
        #expect(
            (second.status, second.body) == (
                202, "{\"accepted\":2,\"segment\":\"segment-0000000001.jsonl\",\"offset\":16}\n"
            ))
        #expect(first.head.contains("nosniff"))
        #expect(try await server.post("").body == "{\"accepted\":0}\n")
        #expect(try await server.stop() == "{\"a\":1}\n{broken\n{\"b\":2}\n{\"b\":3}\n")
    }

    @Test func answersARetryAlike() async throws {
        let server = try await TestServer()
        let key = ["Idempotency-Key: 7f3a"]
        let first = try await server.post("1", fields: key)
        let again = try await server.post("1", fields: key)
        #expect(again.body == first.body.replacing("}", with: ",\"repeated\":true}"))
        let other = try await server.post("2", fields: key)
        #expect(other.status == 422 && other.member("code") == "key-reused")
        #expect(try await server.stop() == "1\n")
    }

    @Test(arguments: [
        ("[{\"a\":1},", "application/json", 400, "bad-json"), ("7", "application/json", 400, "bad-json"),
        ("1", "text/csv", 415, "unsupported-type"), ("1", nil, 415, "unsupported-type"),
        ("1", "text/plain; charset=utf-16", 415, "unsupported-charset"),
    ])
    func refusesBodies(_ body: String, _ type: String?, _ status: Int, _ code: String) async throws {
        let server = try await TestServer()
        let answer = try await server.post(body, type: type)
        #expect(answer.status == status && answer.member("code") == code)
        #expect(try await server.stop().isEmpty)
    }

    @Test func tellsWhereADocumentIsDamaged() async throws {
        let server = try await TestServer()
        let answer = try await server.post("[{\"a\":1} {\"b\":2}]", type: "application/json")
        #expect(
            answer.body == """
                {"error":{"code":"bad-json","message":"expected a comma or ]","offset":9,\
                "hint":"lines of JSON have the content type application/x-ndjson"}}

                """)
        _ = try await server.stop()
    }

    @Test func knowsItsPathsAndMethods() async throws {
        let server = try await TestServer()
        let unknown = try await server.post([], path: "/ingest/event")
        #expect(unknown.status == 404 && unknown.member("hint") == "did you mean \\")
        #expect(try await server.post([], path: "/elsewhere").member("code") == "not-found")
        let wrong = try await server.post([], method: "PUT")
        #expect(wrong.status == 405 && wrong.head.lowercased().contains("allow: post"))
        #expect(try await server.post([], path: "/healthz", method: "GET").status == 200)
        #expect(try await server.post([], path: "/readyz", method: "GET").status == 200)
        server.spool.close()
        let unready = try await server.post([], path: "/readyz", method: "GET")
        #expect(unready.status == 503 && unready.body == "{\"status\":\"unavailable\"}\n")
        let refused = try await server.post("1")
        #expect(refused.status == 503 && refused.member("code") == "spool-closed")
        #expect(refused.head.lowercased().contains("retry-after: 1"))
        _ = try await server.stop()
    }

    /// As some clients write letters, too; what is encoded twice stays encoded once.
    @Test(arguments: [
        ("/ingest/%65v%65nts", 202), ("/ingest/%2565vents", 404), ("/ingest/events%2F", 404),
        ("/ingest/%2Fevents", 404), ("/ingest/events%00", 404), ("/ingest/events%", 404), ("/ingest/%FFevents", 404),
    ])
    func readsEscapesInNamesOnce(_ path: String, _ status: Int) async throws {
        let server = try await TestServer()
        #expect(try await server.post([0x31], path: path).status == status)
        #expect(try await server.stop() == (status == 202 ? "1\n" : ""))
    }

    @Test func wantsATokenAndComparesItWhole() async throws {
        let token = try #require(AccessToken("0123456789abcdef"))
        let other = try #require(AccessToken("fedcba9876543210", pipelines: ["others"]))
        let server = try await TestServer(tokens: [token, other])
        func status(_ fields: [String], _ path: String = "/ingest/events") async throws -> Int {
            try await server.post([0x31], fields: fields, path: path).status
        }
        #expect(try await status([]) == 401)
        for secret in [
            "", "0123456789abcde", "0123456789abcdeg", "0123456789abcdef0", "0123456789abcdef0123456789abcdef",
        ] {
            #expect(try await status(["Authorization: Bearer \(secret)"]) == 401)
        }
        #expect(try await status(["Authorization: Basic 0123456789abcdef"]) == 401)
        #expect(try await status(["Authorization: Bearer fedcba9876543210"]) == 403)
        #expect(try await status(["Authorization: bearer 0123456789abcdef"]) == 202)
        #expect(try await status([], "/ingest/events?token=0123456789abcdef") == 202)
        // What pipelines there are is nobody's business without a token.
        #expect(try await status([], "/ingest/nothing") == 401)
        #expect(try await server.stop() == "1\n1\n")
        #expect(AccessToken("too short") == nil && AccessToken("with a space in it") == nil)
    }

    @Test func listensToOthersOnlyWithAToken() throws {
        let error = #expect(throws: ServiceError.self) {
            _ = try Server(address: BindAddress(host: "0.0.0.0", port: 0), pipelines: [String: Spool]())
        }
        #expect(error?.code == "token-required")
    }

    @Test func saysThatAnAddressIsTaken() async throws {
        let server = try await TestServer()
        let second = try Server(
            address: BindAddress(host: "127.0.0.1", port: server.port), pipelines: [String: Spool]())
        let error = await #expect(throws: ServiceError.self) { try await second.run() }
        #expect(error?.code == "unusable-address")
        _ = try await server.stop()
    }

    @Test(arguments: [
        "Host: evil.example", "Host: 127.0.0.1.evil.example", "Host: localhost\r\nOrigin: http://evil.example",
        "Host: localhost\r\nOrigin: null", "Host: localhost\r\nSec-Fetch-Site: cross-site",
    ])
    func refusesPagesOfOtherSites(_ fields: String) async throws {
        let server = try await TestServer()
        let port = server.port
        let answer = try await blocking {
            let client = try RawClient(port: port)
            try client.send(
                "POST /ingest/events HTTP/1.1\r\n\(fields)\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\n1")
            return try client.answer()
        }
        #expect(answer.status == 403 && answer.member("code") == "foreign-origin")
        #expect(try await server.stop().isEmpty)
    }

    @Test func unpacksBodiesWithinTheLimit() async throws {
        var limits = SpoolLimits()
        limits.maximumRequestBytes = 100_000
        let server = try await TestServer(limits: limits)
        let text = Array(String(repeating: "{\"a\":1}\n", count: 1_000).utf8)
        #expect(try await server.post(gzip(text), fields: ["Content-Encoding: gzip"]).member("accepted") == "1000")
        #expect(try await server.post(zstd(text), fields: ["Content-Encoding: zstd"]).member("accepted") == "1000")
        let bomb = [UInt8](repeating: 0x20, count: 50_000_000)
        for (packed, name) in [(gzip(bomb), "gzip"), (zstd(bomb), "zstd")] {
            let answer = try await server.post(packed, fields: ["Content-Encoding: \(name)"])
            #expect(answer.status == 413 && answer.member("code") == "request-too-large")
        }
        let cut = try await server.post(Array(gzip(text).dropLast(9)), fields: ["Content-Encoding: gzip"])
        #expect(cut.status == 400 && cut.member("code") == "bad-encoding")
        #expect(try await server.post(text, fields: ["Content-Encoding: zstd"]).member("code") == "bad-encoding")
        #expect(try await server.post(text, fields: ["Content-Encoding: br"]).status == 415)
        #expect(try await server.post(text, fields: ["Content-Encoding: gzip, gzip"]).status == 415)
        #expect(try await server.stop().utf8.count == 2 * text.count)
    }

    private func gzip(_ bytes: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        deflateInit2_(
            &stream, 1, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        defer { deflateEnd(&stream) }
        var input = bytes
        var output = [UInt8](repeating: 0, count: bytes.count + 1_000)
        return input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                deflate(&stream, Z_FINISH)
                return Array(output.prefix(output.count - Int(stream.avail_out)))
            }
        }
    }

    private func zstd(_ bytes: [UInt8]) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
        let count = ZSTD_compress(&output, output.count, bytes, bytes.count, 1)
        return Array(output.prefix(count))
    }
}
