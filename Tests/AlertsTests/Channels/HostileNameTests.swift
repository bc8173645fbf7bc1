import Expectations
import Suites
import Tables
import Testing
import Transport

@testable import Alerts

/// Names of assets, suites and columns, and sentences, may be anything; notes are what anybody writes.
@Suite("Hostile names")
struct HostileNameTests {
    static let names = [
        "<!channel>", "<!here|x>", "<@U123>", "@everyone", "@here", "<@&1234>", "<users/all>",
        "<script>alert(1)</script>",
        "](http://evil.example)", "[click](http://evil.example)", "<http://evil.example|click>",
        "a\r\nBcc: x@evil.example",
        "a\nSubject: other", "a\r\n\r\n--boundary", "=?UTF-8?B?QUFB?=", "😀👩‍👩‍👧", "\u{202E}gnp.exe",
        "a\u{2028}b\u{0}c\u{7F}",
        "\"quoted\" \\ back", "`code` *bold* _it_ ~s~ ||s||", "&amp; &lt;", String(repeating: "x", count: 10_000),
        String(repeating: "&<", count: 10_000), "e" + String(repeating: "\u{301}", count: 10_000), "", " ",
        "${jndi:x} {{x}}",
        "\u{E0041}\u{FEFF}\u{2066}", "> quote\n# head\n- list",
    ]

    private static func bodies(_ name: String, _ kind: AlertChannel.Kind) throws -> [JSON] {
        try AlertMessage.Reason.allCases.flatMap { reason -> [JSON] in
            let message = ChannelSamples.message(reason, name: name, words: name, items: 40, note: name)
            return try ChannelSamples.parcels(kind, message).compactMap { (parcel: Parcel) throws -> JSON? in
                guard case .request(let request) = parcel else { return nil }
                // Teams takes 28 KB, which is the least of all; pagers and webhooks much more.
                #expect(request.body.count < (ChannelSamples.kinds[1...4].contains(kind) ? 28_000 : 200_000))
                #expect(request.headers.allSatisfy { !$0.value.utf8.contains { $0 < 0x20 } })
                let body: JSON? = JSON(text: String(decoding: request.body, as: UTF8.self))
                #expect(body != nil)
                return body
            }
        }
    }

    /// All texts of a document.
    private static func texts(_ json: JSON) -> [String] {
        switch json {
        case .string(let text): [text]
        case .array(let items): items.flatMap { texts($0) }
        case .object(let members): members.flatMap { texts($0.value) }
        default: []
        }
    }

    @Test(arguments: names.indices) func makeNoMarkupInSlack(_ number: Int) throws {
        let name = Self.names[number]
        for body in try Self.bodies(name, ChannelSamples.kinds[1]) {
            let blocks = body["blocks"]?.items ?? []
            for block in blocks {
                for text in [block["text"]].compactMap(\.self) + (block["elements"]?.items ?? []) {
                    let words = text["text"]?.string ?? ""
                    #expect(words.utf16.count <= (block["type"]?.string == "header" ? 150 : 3000))
                    if text["type"]?.string == "plain_text" { continue }
                    // Nothing but our own links is marked up.
                    #expect(text["type"]?.string == "mrkdwn" && text["verbatim"] == .boolean(true))
                    for link in words.split(separator: "  |  ") {
                        #expect(link.hasPrefix("<https://assay.example.com/") && link.hasSuffix(">"))
                    }
                }
            }
            #expect(body["text"]?.string?.contains("<") == false && body["mrkdwn"] == .boolean(false))
            #expect(blocks.count <= 50)
        }
    }

    @Test(arguments: names.indices) func makeNoMarkupInTeams(_ number: Int) throws {
        let name = Self.names[number]
        for body in try Self.bodies(name, ChannelSamples.kinds[2]) {
            let card = try #require(body["attachments"]?.items?.first?["content"])
            // Runs of rich text know no Markdown.
            #expect(card["body"]?.items?.allSatisfy { $0["type"]?.string == "RichTextBlock" } == true)
            for action in card["actions"]?.items ?? [] {
                #expect(action["url"]?.string?.hasPrefix("https://assay.example.com/") == true)
            }
            #expect(body["entities"] == nil && card["msteams"]?["entities"] == nil)
        }
    }

    @Test(arguments: names.indices) func makeNoMarkupInGoogleChat(_ number: Int) throws {
        let name = Self.names[number]
        for body in try Self.bodies(name, ChannelSamples.kinds[3]) {
            for section in body["cardsV2"]?.items?.first?["card"]?["sections"]?.items ?? [] {
                for widget in section["widgets"]?.items ?? [] {
                    let text = widget["textParagraph"]?["text"]?.string ?? ""
                    #expect(!text.replacing("<br>", with: "").contains { "<>\"".contains($0) })
                }
            }
            #expect(body["text"] == nil)
            let fallback = body["fallbackText"]?.string ?? ""
            #expect(!fallback.replacing("\\<", with: "").contains("<"))
        }
    }

    @Test(arguments: names.indices) func makeNoMarkupInDiscord(_ number: Int) throws {
        let name = Self.names[number]
        for body in try Self.bodies(name, ChannelSamples.kinds[4]) {
            #expect(body["allowed_mentions"] == .object([.init("parse", .array([]))]) && body["content"] == nil)
            let embed = try #require(body["embeds"]?.items?.first)
            let fields = embed["fields"]?.items ?? []
            let texts = [embed["title"]?.string ?? ""] + fields.compactMap { $0["value"]?.string }
            for text in texts {
                let unescaped = text.replacing("\\\\", with: "").replacing("\\[", with: "").replacing("\\<", with: "")
                    .replacing("\\@", with: "").replacing("\\*", with: "")
                #expect(!unescaped.contains { "[<@*".contains($0) })
            }
            let description = embed["description"]?.string ?? ""
            #expect(!description.contains("[click]") && !description.contains("<@"))
            #expect(texts[0].utf16.count <= 256 && description.utf16.count <= 4096)
            #expect(fields.allSatisfy { ($0["value"]?.string?.utf16.count ?? 0) <= 1024 })
            #expect(Self.texts(embed).reduce(0) { $0 + $1.utf16.count } <= 6000)
        }
    }

    @Test(arguments: names.indices) func fitIntoPagers(_ number: Int) throws {
        let name = Self.names[number]
        for body in try Self.bodies(name, ChannelSamples.kinds[5]) {
            let summary = body["payload"]?["summary"]?.string
            #expect((summary?.utf16.count ?? 0) <= 1024 && summary?.isEmpty != true)
            #expect(body["payload"]?["source"]?.string?.isEmpty != true)
        }
        for body in try Self.bodies(name, ChannelSamples.kinds[6]) {
            #expect((body["message"]?.string?.utf16.count ?? 0) <= 130)
            #expect((body["description"]?.string?.utf16.count ?? 0) <= 15_000)
        }
    }

    @Test(arguments: names.indices) func areOneLineEverywhere(_ number: Int) throws {
        let name = Self.names[number]
        let briefing = Briefing(
            ChannelSamples.message(.firing, name: name, words: name, note: name), key: "k", links: nil, sentAt: 0)
        for text in [briefing.headline] + briefing.sections.flatMap(\.lines) + briefing.facts.map(\.value) {
            #expect(text.utf16.count <= 500)
            #expect(
                !text.unicodeScalars.contains {
                    $0.value < 0x20 || $0.value == 0x7F || (0x2028...0x202E).contains($0.value)
                })
        }
    }

    /// A mail as its reader takes it apart.
    @Test(arguments: names.indices) func addNothingToAMail(_ number: Int) throws {
        let name = Self.names[number]
        for reason in AlertMessage.Reason.allCases {
            let message = ChannelSamples.message(reason, name: name, words: name, note: name)
            let kind = AlertChannel.Kind.email(to: ["a@example.com"], report: .link)
            guard case .mail(let mail) = try ChannelSamples.parcels(kind, message).first else {
                Issue.record("no mail")
                continue
            }
            #expect(mail.content.allSatisfy { $0 < 0x7F && ($0 >= 0x20 || $0 == 0x0D || $0 == 0x0A) })
            let lines = String(decoding: mail.content, as: UTF8.self).split(
                omittingEmptySubsequences: false, whereSeparator: { $0 == "\r\n" })
            #expect(lines.allSatisfy { $0.utf8.count <= 78 && !$0.contains("\n") && !$0.contains("\r") })
            let header = lines.prefix { !$0.isEmpty }.filter { !$0.hasPrefix(" ") }.map { $0.prefix { $0 != ":" } }
            let expected =
                ["Date", "From", "To", "Subject", "Message-ID", "In-Reply-To", "References"]
                + ["List-Id", "Auto-Submitted", "X-Auto-Response-Suppress", "MIME-Version", "Content-Type"]
            #expect(header.map { String($0) } == expected)
            let html = EmailText(briefing: Briefing(message, key: "k", links: nil, sentAt: 0)).html
            #expect(
                !html.contains("<script") && !html.contains("<http") && !html.contains("<users")
                    && !html.contains("<!c"))
        }
    }
}
