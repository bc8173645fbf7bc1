import Foundation
import Logging
import Service
import Suites
import Synchronization
import TestSupport
import Testing

@Suite struct EventLogTests {
    private final class Lines: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }

    private func told(
        _ format: LogFormat, level: Logger.Level = .info, secrets: Secrets = Secrets(), _ body: (inout Logger) -> Void
    ) -> [String] {
        let lines = Lines()
        var logger = Logger(label: "test") { _ in
            EventLog(
                level: level, format: format, secrets: secrets, now: { 1_793_534_400_250_000 }, write: { lines.add($0) }
            )
        }
        body(&logger)
        return lines.all
    }

    @Test func isOneLineWithItsSubjectFirst() {
        let lines = told(.text) { logger in
            logger[metadataKey: "zone"] = "UTC"
            logger.warning(
                "run failed", metadata: ["asset": "silver.orders", "took": "1.5s", "run": "r-1", "suite": "orders"])
        }
        #expect(
            lines == [
                "ts=2026-11-01T12:00:00.25Z level=warning event=\"run failed\" run=r-1 suite=orders asset=silver.orders "
                    + "took=1.5s zone=UTC\n"
            ])
    }

    @Test func jsonHasTheSame() {
        let lines = told(.json) { $0.info("run failed", metadata: ["suite": "orders", "why": "a \"b\"\n"]) }
        #expect(
            lines == [
                #"{"ts":"2026-11-01T12:00:00.25Z","level":"info","event":"run failed","suite":"orders","why":"a \"b\"\n"}"#
                    + "\n"
            ])
    }

    @Test func levelsBelowAreSilent() {
        #expect(told(.text, level: .warning) { $0.info("quiet") }.isEmpty)
    }

    private static let hostile = [
        "x\nts=2026 level=info event=forged", "\u{1B}[2Jcleared", "a\u{0}b", "tab\there", "say \"yes\"", "back\\slash",
        "right\u{202E}to left", "line\u{2028}break", "csi\u{9B}31m", "", "a=b c=d",
        String(repeating: "long ", count: 9_999),
        "😀", "\u{E0001}tag",
    ]

    @Test(arguments: hostile) func noValueBreaksOutOfItsLine(_ text: String) throws {
        let metadata: Logger.Metadata = ["value": .string(text), text: "key", "list": .array([.string(text)])]
        for format in LogFormat.allCases {
            let lines = told(format) { $0.info(.init(stringLiteral: text), metadata: metadata) }
            let line = try #require(lines.first)
            #expect(lines.count == 1)
            #expect(line.utf8.count < 40_000)
            let body = line.dropLast()
            #expect(line.hasSuffix("\n"))
            #expect(
                body.unicodeScalars.allSatisfy { scalar in
                    scalar.properties.generalCategory != .control && scalar.properties.generalCategory != .format
                        && scalar != "\u{2028}"
                })
            #expect(!body.contains("=2026 level=info event=forged ") || body.contains("\\n"))
            if format == .json {
                let object = try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: String]
                let shown = text.unicodeScalars.count > 4_096 ? nil : text
                if let shown { #expect(object?["value"]?.unicodeScalars.elementsEqual(shown.unicodeScalars) == true) }
            }
        }
    }

    @Test func valuesDoNotTakeThePlaceOfTimeAndLevel() {
        let lines = told(.text) { $0.info("e", metadata: ["ts": "0", "level": "critical", "event": "other"]) }
        #expect(lines == ["ts=2026-11-01T12:00:00.25Z level=info event=e event_=other level_=critical ts_=0\n"])
    }

    @Test func errorsAreTold() {
        struct Broken: Error, CustomStringConvertible { var description: String { "it broke" } }
        let lines = told(.text) { $0.error("failed", error: Broken(), metadata: [:]) }
        #expect(lines.first?.contains("error=\"it broke\"") == true)
    }
}

@Suite struct SecretsTests {
    @Test(arguments: [
        ("the token s3cret-token is wrong", "the token *** is wrong"),
        ("s3cret-tokens3cret-token", "******"),
        ("s3cret-token\u{301}", "***\u{301}"),
        ("nothing here", "nothing here"),
    ])
    func areHiddenWhereverTheyStand(_ text: String, _ wanted: String) {
        #expect(Secrets(["s3cret-token"]).redacted(text) == wanted)
    }

    @Test func theLongestGoesFirst() {
        #expect(Secrets(["abcdef", "abcdefghij"]).redacted("abcdefghij") == "***")
    }

    /// However a receiver writes down what it was sent.
    @Test(arguments: [
        "k€y/äö-part+1", "k%E2%82%ACy%2F%C3%A4%C3%B6-part%2B1", "k%e2%82%acy/%c3%a4%c3%b6-part%2b1", "k€y\\/äö-part+1",
        "k%25E2%2582%25ACy%252F%25C3%25A4%25C3%25B6-part%252B1",
    ])
    func areHiddenHoweverTheyAreWritten(_ form: String) {
        for secret in ["k%E2%82%ACy%2F%C3%A4%C3%B6-part%2B1", "k%E2%82%ACy/%C3%A4%C3%B6-part+1"] {
            if form.contains("%25"), secret.contains("/") { continue }
            #expect(Secrets([secret]).redacted("no <\(form)>") == "no <***>", "\(secret)")
        }
    }

    @Test(arguments: ["", "u", "us", "user:"]) func areHiddenInBase64(_ before: String) {
        let secrets = Secrets(["s3cret-tok?n~~"])
        for end in ["", "!", "?x"] {
            let text = Data((before + "s3cret-tok?n~~" + end).utf8).base64EncodedString()
            let told = secrets.redacted("Basic \(text)")
            #expect(told.contains("***") && told.utf8.count < "Basic ***".utf8.count + 12, "\(told)")
            let inAddresses = text.replacing("+", with: "-").replacing("/", with: "_")
            #expect(secrets.redacted("Basic \(inAddresses)") == told.replacing("/", with: "_"))
        }
    }

    @Test func oneMarkStandsForAllThatOverlap() {
        #expect(Secrets(["abcdef", "efghijkl"]).redacted("_abcdefghijkl_") == "_***_")
    }

    @Test func shortTextsAreNotHunted() { #expect(Secrets(["a", ""]).redacted("a banana") == "a banana") }

    /// Words of an address are no secrets: ids of messages have them.
    @Test(arguments: [
        ("http://10.0.0.1/slack", "e9b9/slack-1a2b via hooks/slack"),
        ("https://example.com/notifications/teams", "the teams' notifications"),
    ])
    func wordsOfAnAddressAreShown(_ url: String, _ text: String) throws {
        #expect(try secrets("      webhook: {url: \"\(url)\", allow_private: true}").redacted(text) == text)
    }

    @Test(arguments: [
        ("https://example.com/hooks/T0/B0/x1", "POST /hooks/T0/B0/x1 failed", "POST *** failed"),
        ("https://example.com/hooks/abcdefghijklmnop", "is abcdefghijklmnop there", "is *** there"),
        ("https://example.com/hooks/Zx3-pQ9_w", "is Zx3-pQ9_w there", "is *** there"),
        ("https://example.com/hooks?key=Zx3-pQ9_w", "is Zx3-pQ9_w there", "is *** there"),
    ])
    func keysInAnAddressAreNot(_ url: String, _ text: String, _ wanted: String) throws {
        #expect(try secrets("      webhook: {url: \"\(url)\"}").redacted(text) == wanted)
    }

    private func secrets(_ channel: String) throws -> Secrets {
        let scratch = try Scratch()
        let yaml = "assets:\n  orders: {csv: orders.csv}\nalerts:\n  team:\n\(channel)\n"
        try Data(yaml.utf8).write(to: URL(fileURLWithPath: scratch.path("assay.yaml")))
        return Secrets(of: try Project.load(path: scratch.path("assay.yaml"), environment: [:]))
    }

    /// Every secret that a project can have, told in an error's text.
    @Test func nothingOfAProjectsComesOut() throws {
        let scratch = try Scratch()
        let yaml = """
            assets:
              orders: {csv: orders.csv}
            alerts:
              team:
                slack: "https://hooks.slack.com/services/T0/B0/slackSecret01"
                teams: "https://example.webhook.office.com/teamsSecret02"
                webhook: {url: "https://example.com/hook/hookSecret04", secret: signingKey05, headers: {Authorization: "Bearer headerToken06"}}
                pagerduty: {routing_key: pagerKey07}
                opsgenie: {api_key: opsgenieKey08}
                email: [a@example.com]
            mail: {host: smtp.example.com, port: 587, security: starttls, user: u, password: mailPassword09, from: a@example.com}
            service:
              tokens: [{token: readToken10-and-long-enough-for-all, role: read}]
              lineage: {url: "https://lineage.example.com/api/v1/lineage", token: lineageToken11}
            """
        let file = scratch.path("assay.yaml")
        try Data(yaml.utf8).write(to: URL(fileURLWithPath: file))
        let project = try Project.load(path: file, environment: [:])
        let secrets = Secrets(of: project)
        let parts = [
            "slackSecret01", "teamsSecret02", "hookSecret04", "signingKey05", "headerToken06",
            "pagerKey07", "opsgenieKey08", "mailPassword09", "readToken10-and-long-enough-for-all", "lineageToken11",
        ]
        let told = secrets.redacted(
            yaml + " /services/T0/B0/slackSecret01 services/T0/B0/slackSecret01 "
                + parts.suffix(3).joined(separator: " "))
        for part in parts { #expect(!told.contains(part), "\(part)") }
        #expect(told.contains("https://hooks.slack.com***"))
    }
}
