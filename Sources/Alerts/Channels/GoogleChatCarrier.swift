import Tables

/// An incoming webhook of Google Chat: a card, in one thread an incident.
struct GoogleChatCarrier: Carrier {
    let url: String
    let post: Post
    /// A message may have 32,000 bytes.
    private static let linesLimit = 5000

    func parcels(for briefing: Briefing) -> [Parcel] {
        let headline = "\(briefing.tone.symbol) \(briefing.headline)"
        let share = Self.linesLimit / max(1, briefing.sections.count)
        var sections = briefing.sections.map { section in
            let lines = PlainText.paragraph(section.lines.map { "• \($0)" }, limit: share).split(separator: "\n")
            return self.section(
                [paragraph(lines.map { PlainText.html(String($0)) }.joined(separator: "<br>"))],
                header: PlainText.html(section.title))
        }
        if !briefing.facts.isEmpty {
            let facts = briefing.facts.map { "\(PlainText.html($0.name)): \(PlainText.html($0.value))" }
            sections.append(section([paragraph(facts.joined(separator: "<br>"))]))
        }
        if !briefing.links.isEmpty { sections.append(section([buttons(briefing.links)])) }
        let card = JSON.object([
            .init("header", .object([.init("title", .string(headline))])), .init("sections", .array(sections)),
        ])
        return [
            post(
                threaded,
                .object([
                    .init("fallbackText", .string(PlainText.escaped(headline, "<>*_~`"))),
                    .init(
                        "cardsV2",
                        .array([.object([.init("cardId", .string(briefing.message.id)), .init("card", card)])])),
                    .init("thread", .object([.init("threadKey", .string(briefing.message.incident))])),
                ]))
        ]
    }

    /// Without this option Chat ignores the thread's key.
    private var threaded: String {
        let option = "messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD"
        if url.contains("messageReplyOption=") { return url }
        return url + (url.contains("?") ? "&" : "?") + option
    }

    private func section(_ widgets: [JSON], header: String? = nil) -> JSON {
        .object((header.map { [.init("header", .string($0))] } ?? []) + [.init("widgets", .array(widgets))])
    }

    private func paragraph(_ html: String) -> JSON {
        .object([.init("textParagraph", .object([.init("text", .string(html))]))])
    }

    private func buttons(_ links: [Briefing.Link]) -> JSON {
        let buttons = links.map { link in
            JSON.object([
                .init("text", .string(link.title)),
                .init("onClick", .object([.init("openLink", .object([.init("url", .string(link.url))]))])),
            ])
        }
        return .object([.init("buttonList", .object([.init("buttons", .array(buttons))]))])
    }
}
