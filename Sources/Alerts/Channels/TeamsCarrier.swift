import Tables

/// A webhook of Microsoft Teams' Workflows: an Adaptive Card.
///
/// All words are runs of rich text, which know no Markdown: nothing in them can become a link or a mention.
struct TeamsCarrier: Carrier {
    let url: String
    let post: Post
    /// Teams refuses cards of more than 28 KB; so many UTF-16 units are at most 24 KB in UTF-8 with what is around them.
    private static let linesLimit = 6000

    func parcels(for briefing: Briefing) -> [Parcel] {
        var body = [text(briefing.headline, size: "Medium", isBold: true, color: color(briefing.tone))]
        let share = Self.linesLimit / max(1, briefing.sections.count)
        for section in briefing.sections {
            body.append(text(section.title, isBold: true, isApart: true))
            let shown = PlainText.paragraph(section.lines.map { "• \($0)" }, limit: share)
            body += shown.split(separator: "\n").map { text(String($0)) }
        }
        if !briefing.facts.isEmpty {
            let facts = briefing.facts.map { "\($0.name): \($0.value)" }.joined(separator: "  |  ")
            body.append(text(facts, isSubtle: true, isApart: true))
        }
        var card: [JSON.Member] = [
            .init("$schema", .string("http://adaptivecards.io/schemas/adaptive-card.json")),
            .init("type", .string("AdaptiveCard")), .init("version", .string("1.4")),
            .init("msteams", .object([.init("width", .string("Full"))])), .init("body", .array(body)),
        ]
        if !briefing.links.isEmpty { card.append(.init("actions", .array(briefing.links.map(action)))) }
        let attachment = JSON.object([
            .init("contentType", .string("application/vnd.microsoft.card.adaptive")), .init("contentUrl", .null),
            .init("content", .object(card)),
        ])
        return [
            post(url, .object([.init("type", .string("message")), .init("attachments", .array([attachment]))]))
        ]
    }

    private func text(
        _ words: String, size: String? = nil, isBold: Bool = false, color: String? = nil, isSubtle: Bool = false,
        isApart: Bool = false
    ) -> JSON {
        var run: [JSON.Member] = [.init("type", .string("TextRun")), .init("text", .string(words))]
        if let size { run.append(.init("size", .string(size))) }
        if isBold { run.append(.init("weight", .string("Bolder"))) }
        if let color { run.append(.init("color", .string(color))) }
        if isSubtle { run.append(.init("isSubtle", .boolean(true))) }
        var block: [JSON.Member] = [
            .init("type", .string("RichTextBlock")), .init("inlines", .array([.object(run)])),
        ]
        block.append(.init("spacing", .string(isApart ? "Medium" : "Small")))
        return .object(block)
    }

    private func action(_ link: Briefing.Link) -> JSON {
        .object([
            .init("type", .string("Action.OpenUrl")), .init("title", .string(link.title)),
            .init("url", .string(link.url)),
        ])
    }

    private func color(_ tone: Briefing.Tone) -> String {
        switch tone {
        case .critical: "Attention"
        case .warning: "Warning"
        case .info: "Accent"
        case .good: "Good"
        case .quiet: "Default"
        }
    }
}
