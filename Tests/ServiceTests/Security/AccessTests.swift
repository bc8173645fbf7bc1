import Foundation
import Service
import Tables
import Testing

/// Who can do what: one test a threat of docs/security.md.
@Suite struct AccessTests {
    private static func bearer(_ token: String) -> [String] { ["Authorization: Bearer \(token)"] }

    private static func basic(_ token: String, user: String = "anna") -> [String] {
        ["Authorization: Basic \(Data("\(user):\(token)".utf8).base64EncodedString())"]
    }

    @Test func withoutATokenNothingIsTold() async throws {
        let server = try await DeskServer(tokens: true)
        let document = try await server.ask("/api/v1/openapi.json", fields: Self.bearer(DeskServer.readToken)).json
        for path in try #require(document["paths"]?.members) {
            let address = path.name.replacing("{", with: "").replacing("}", with: "")
            for operation in path.value.members ?? [] where operation.value["security"] != nil {
                let method = operation.name.uppercased()
                let answer = try await server.ask(address, method: method, body: method == "POST" ? "{}" : nil)
                #expect(answer.status == 401 && answer.code == "token-missing", "\(method) \(address)")
                #expect(answer.field("WWW-Authenticate") == "Bearer")
            }
        }
        for path in PageTests.paths + ["/reports/a.html"] {
            let answer = try await server.ask(path)
            #expect(answer.status == 401 && answer.field("WWW-Authenticate")?.hasPrefix("Basic realm=") == true)
        }
        // Whoever watches over the process has no token, and learns no more than that it lives.
        #expect(try await server.ask("/healthz").body == "{\"status\":\"ok\"}\n")
        #expect(try await server.ask("/readyz").body == "{\"status\":\"ok\"}\n")
        try await server.stop()
    }

    @Test func aTokenThatIsNoLongerOfferedLetsNobodyIn() async throws {
        let server = try await DeskServer(tokens: true)
        let fields = Self.bearer(DeskServer.readToken)
        #expect(try await server.ask("/api/v1/runs", fields: fields).status == 200)
        var offer = server.offer
        offer.tokens = [AccessToken("another-token-0123456789", role: .read)].compactMap { $0 }
        try server.server.replace(offer)
        #expect(try await server.ask("/api/v1/runs", fields: fields).code == "token-unknown")
        #expect(
            try await server.ask("/api/v1/runs", fields: Self.bearer("another-token-0123456789")).status == 200)
        try await server.stop()
    }

    @Test func rolesAllowWhatTheySay() async throws {
        let server = try await DeskServer(tokens: true)
        func status(_ path: String, _ token: String, _ method: String = "GET") async throws -> Int {
            try await server.ask(
                path, method: method, fields: Self.bearer(token), body: method == "POST" ? "{}" : nil
            ).status
        }
        let change = "/api/v1/alerts/inc-7f3a/acknowledge"
        #expect(try await status("/api/v1/runs", DeskServer.readToken) == 200)
        #expect(try await status("/metrics", DeskServer.readToken) == 200)
        #expect(try await status(change, DeskServer.readToken, "POST") == 403)
        #expect(try await status("/api/v1/runs", DeskServer.operateToken) == 200)
        #expect(try await status(change, DeskServer.operateToken, "POST") == 200)
        #expect(try await status("/api/v1/runs", DeskServer.ingestToken) == 403)
        #expect(try await status("/", DeskServer.ingestToken) == 403)
        #expect(try await status(change, DeskServer.ingestToken, "POST") == 403)
        // Neither reads nor operates: a token that reads can't send records, and one that sends finds no pipeline here.
        #expect(try await status("/ingest/clickstream", DeskServer.operateToken, "POST") == 403)
        #expect(try await status("/ingest/clickstream", DeskServer.ingestToken, "POST") == 404)
        try await server.stop()
    }

    @Test func browsersSendTheTokenAsAPassword() async throws {
        let server = try await DeskServer(tokens: true)
        #expect(try await server.ask("/", fields: Self.basic(DeskServer.readToken)).status == 200)
        #expect(try await server.ask("/", fields: Self.basic(DeskServer.readToken, user: "")).status == 200)
        for wrong in ["", "read-token", DeskServer.readToken + ":", "x:" + DeskServer.readToken] {
            #expect(try await server.ask("/", fields: Self.basic(wrong)).status == 401)
        }
        for field in [
            "Basic", "Basic !!!", "Basic \(Data(DeskServer.readToken.utf8).base64EncodedString())", "Digest a",
        ] {
            #expect(try await server.ask("/", fields: ["Authorization: \(field)"]).status == 401)
        }
        // A password is sent along with what other pages post: records are not taken for it.
        let posted = try await server.ask(
            "/ingest/clickstream", method: "POST", fields: Self.basic(DeskServer.ingestToken), body: "{}")
        #expect(posted.status == 401)
        try await server.stop()
    }

    @Test(arguments: [
        ["Origin: http://evil.example"], ["Origin: null"], ["Sec-Fetch-Site: cross-site"],
        ["Sec-Fetch-Site: same-site"],
        ["Origin: http://127.0.0.1.evil.example"], ["Origin: http://127.0.0.1:1"],
    ])
    func otherSitesPagesChangeNothing(_ fields: [String]) async throws {
        let server = try await DeskServer(tokens: true)
        let answer = try await server.ask(
            "/api/v1/alerts/inc-7f3a/acknowledge", method: "POST",
            fields: fields + Self.basic(DeskServer.operateToken), body: "{}")
        #expect(answer.status == 403 && answer.code == "foreign-origin")
        try await server.stop()
    }

    @Test(arguments: ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a", ""])
    func formsChangeNothing(_ type: String) async throws {
        let server = try await DeskServer(tokens: true)
        let answer = try await server.ask(
            "/api/v1/alerts/inc-7f3a/acknowledge", method: "POST",
            fields: ["Content-Type: \(type)"] + Self.basic(DeskServer.operateToken), body: "{}")
        #expect(answer.status == 415 && answer.code == "unsupported-type")
        try await server.stop()
    }

    @Test func itsOwnOriginMayChangeThings() async throws {
        let server = try await DeskServer(tokens: true, publicURL: "https://assay.example.com/")
        for fields in [
            ["Origin: https://assay.example.com", "Sec-Fetch-Site: same-origin"], ["Origin: http://127.0.0.1"],
            ["Sec-Fetch-Site: none"], [],
        ] {
            let answer = try await server.ask(
                "/api/v1/alerts/inc-7f3a/acknowledge", method: "POST",
                fields: fields + Self.basic(DeskServer.operateToken), body: "{}")
            #expect(answer.status == 200, "\(fields)")
        }
        try await server.stop()
    }

    /// Without tokens, what a page of another site has the browser fetch is refused; a link that a person follows from there is not.
    @Test func linksFromElsewhereLeadHere() async throws {
        let server = try await DeskServer()
        let link = ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"]
        #expect(try await server.ask("/alerts", fields: link).status == 200)
        #expect(try await server.ask("/alerts", fields: link + ["Host: evil.example"]).status != 200)
        for fields in [
            ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"],
            ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: image"],
        ] {
            #expect(try await server.ask("/alerts", fields: fields).status == 403, "\(fields)")
        }
        let posted = try await server.ask(
            "/api/v1/alerts/inc-7f3a/acknowledge", method: "POST", fields: link, body: "{}")
        #expect(posted.status == 403)
        try await server.stop()
    }

    @Test func namesThatAreMadeToLeadHereAreRefused() async throws {
        let server = try await DeskServer()
        for host in ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8080", "[::2]"] {
            #expect(try await server.ask("/", host: host).status == 403, "\(host)")
            #expect(try await server.ask("/api/v1/runs", host: host).status == 403, "\(host)")
        }
        for host in ["127.0.0.1", "localhost", "LOCALHOST:8080", "[::1]:8080"] {
            #expect(try await server.ask("/", host: host).status == 200, "\(host)")
        }
        try await server.stop()
    }

    @Test func methodsAreNotToBeConfused() async throws {
        let server = try await DeskServer(tokens: true)
        let fields = Self.bearer(DeskServer.operateToken)
        for field in ["X-HTTP-Method-Override: POST", "X-HTTP-Method: POST", "X-Method-Override: POST"] {
            let answer = try await server.ask("/api/v1/alerts/inc-7f3a/acknowledge", fields: fields + [field])
            #expect(answer.status == 405 && answer.field("Allow") == "POST")
        }
        #expect(try await server.ask("/api/v1/runs", method: "POST", fields: fields, body: "{}").status == 405)
        #expect([400, 405].contains(try await server.ask("/api/v1/runs", method: "get", fields: fields).status))
        let state = try await server.ask("/api/v1/alerts", fields: fields).json["incidents"]?.items?.first
        #expect(state?["state"]?.string == "open")
        try await server.stop()
    }

    @Test func tokensStandInNoAnswer() async throws {
        let server = try await DeskServer(tokens: true)
        let fields = Self.bearer(DeskServer.operateToken)
        for path in PageTests.paths + ["/metrics", "/api/v1/openapi.json", "/nothing", "/api/v1/runs?token=a"] {
            let answer = try await server.ask(path, fields: fields)
            for token in [DeskServer.readToken, DeskServer.operateToken, DeskServer.ingestToken] {
                #expect(!answer.body.contains(token) && !answer.head.contains(token))
            }
        }
        try await server.stop()
    }

    private static let form = "application/x-www-form-urlencoded"
    private static let own = ["Origin: http://127.0.0.1", "Content-Type: \(form)"]

    @Test func aPagesButtonsChangeAnIncident() async throws {
        let server = try await DeskServer(tokens: true)
        let fields = Self.basic(DeskServer.operateToken, user: "anna \"x\"")
        func page() async throws -> String { try await server.ask("/alerts", fields: fields).body }
        func press(_ body: String) async throws -> RawAnswer {
            try await server.ask("/alerts/inc-7f3a", method: "POST", fields: fields + Self.own, body: body)
        }
        let before = try await page()
        #expect(before.contains("<form class=\"act\" method=\"post\" action=\"/alerts/inc-7f3a\">"))
        #expect(before.contains("value=\"anna &quot;x&quot;\"") && !before.contains("<code>assay alerts acknowledge"))
        let taken = try await press("by=anna+k&do=acknowledge&for=8h")
        #expect(taken.status == 303 && taken.field("Location") == "/alerts" && taken.body.isEmpty)
        #expect(try await page().contains("acknowledged by anna k"))
        #expect(try await press("by=anna&do=snooze&for=1d").status == 303)
        #expect(try await page().contains("snoozed until Mon 2 Nov 2026, 12:00 UTC"))
        #expect(try await page().contains("<button name=\"do\" value=\"unsnooze\">"))
        #expect(try await press("by=anna&do=unsnooze").status == 303)
        #expect(try await press("do=acknowledge").code == "missing-parameter")
        #expect(try await press("by=&do=acknowledge").code == "bad-parameter")
        #expect(try await press("by=a&do=delete").code == "bad-parameter")
        #expect(try await press("by=a&do=snooze&for=99d").code == "bad-parameter")
        #expect(try await press("by=a&by=b&do=acknowledge").code == "repeated-parameter")
        #expect(try await press("by=%FF&do=acknowledge").code == "bad-form")
        let other = try await server.ask(
            "/alerts/other", method: "POST", fields: fields + Self.own, body: "by=a&do=acknowledge")
        #expect(other.status == 404 && other.code == "unknown-incident")
        try await server.stop()
    }

    @Test func whoOnlyReadsHasNoButtons() async throws {
        let server = try await DeskServer(tokens: true)
        let fields = Self.basic(DeskServer.readToken)
        let page = try await server.ask("/alerts", fields: fields).body
        #expect(!page.contains("<form") && page.contains("<code>assay alerts acknowledge inc-7f3a</code>"))
        func press(_ fields: [String]) async throws -> RawAnswer {
            try await server.ask(
                "/alerts/inc-7f3a", method: "POST", fields: fields + Self.own, body: "by=a&do=acknowledge")
        }
        #expect(try await press(fields).code == "token-not-enough")
        let stranger = try await press([])
        #expect(stranger.code == "token-missing" && stranger.field("WWW-Authenticate")?.hasPrefix("Basic ") == true)
        try await server.stop()
    }

    @Test(arguments: [
        ["Origin: http://evil.example"], ["Origin: null"], ["Origin: http://127.0.0.1:1"], [],
        ["Sec-Fetch-Site: none"], ["Sec-Fetch-Site: cross-site"], ["Sec-Fetch-Site: same-site"],
        ["Origin: http://127.0.0.1", "Sec-Fetch-Site: cross-site"],
    ])
    func otherSitesFormsChangeNothing(_ fields: [String]) async throws {
        for tokens in [true, false] {
            let server = try await DeskServer(tokens: tokens)
            let own = fields + Self.basic(DeskServer.operateToken) + ["Content-Type: \(Self.form)"]
            let answer = try await server.ask(
                "/alerts/inc-7f3a", method: "POST", fields: own, body: "by=a&do=acknowledge")
            #expect(answer.status == 403 && answer.code == "foreign-origin")
            try await server.stop()
        }
    }

    @Test func aFormIsNothingElse() async throws {
        let server = try await DeskServer(tokens: true)
        let answer = try await server.ask(
            "/alerts/inc-7f3a", method: "POST",
            fields: ["Origin: http://127.0.0.1"] + Self.basic(DeskServer.operateToken),
            body: #"{"by":"a","do":"acknowledge"}"#)
        #expect(answer.status == 415 && answer.code == "unsupported-type")
        try await server.stop()
    }
}
