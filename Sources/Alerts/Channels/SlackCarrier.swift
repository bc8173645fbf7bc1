import Tables

/// An incoming webhook of Slack: blocks, with the headline as the text of notifications.
///
/// All words are plain text, which knows no markup, but for our own links.
struct SlackCarrier: Carrier {
    let url: String
    let post: Post
    /// Of a header and of a section's text, in characters.
    private static let headerLimit = 150
    private static let sectionLimit = 3000

    func parcels(for briefing: Briefing) -> [Parcel] {
        let headline = "\(briefing.tone.symbol) \(briefing.headline)"
        var blocks = [
            block("header", [.init("text", plain(PlainText.clipped(headline, to: Self.headerLimit)))])
        ]
        for section in briefing.sections {
            let lines = ["\(section.title):"] + section.lines.map { "• \($0)" }
            blocks.append(
                block("section", [.init("text", plain(PlainText.paragraph(lines, limit: Self.sectionLimit)))]))
        }
        let facts = briefing.facts.map { "\($0.name): \($0.value)" }.joined(separator: "  |  ")
        let links = briefing.links.map { "<\($0.url)|\($0.title)>" }.joined(separator: "  |  ")
        let context = (facts.isEmpty ? [] : [plain(facts)]) + (links.isEmpty ? [] : [marked(links)])
        if !context.isEmpty { blocks.append(block("context", [.init("elements", .array(context))])) }
        return [
            post(
                url,
                .object([
                    .init("text", .string(escaped(headline))), .init("mrkdwn", .boolean(false)),
                    .init("blocks", .array(blocks)),
                    .init("unfurl_links", .boolean(false)), .init("unfurl_media", .boolean(false)),
                ]))
        ]
    }

    private func block(_ type: String, _ members: [JSON.Member]) -> JSON {
        .object([.init("type", .string(type))] + members)
    }

    private func plain(_ text: String) -> JSON {
        .object([.init("type", .string("plain_text")), .init("text", .string(text)), .init("emoji", .boolean(false))])
    }

    /// Verbatim: neither addresses nor names of channels in it become links.
    private func marked(_ text: String) -> JSON {
        .object([.init("type", .string("mrkdwn")), .init("text", .string(text)), .init("verbatim", .boolean(true))])
    }

    /// The three characters by which Slack tells mentions and links, also where it knows no other markup.
    private func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
