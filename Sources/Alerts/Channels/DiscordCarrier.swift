import Tables

/// A webhook of Discord: one embed, which mentions nobody.
struct DiscordCarrier: Carrier {
    let url: String
    let post: Post
    /// In characters: an embed's title and description.
    private static let titleLimit = 256
    private static let descriptionLimit = 4096

    func parcels(for briefing: Briefing) -> [Parcel] {
        let lines = briefing.sections.flatMap { section in
            ["**\(escaped(section.title))**"] + section.lines.map { "• \(escaped($0))" }
        }
        let links = briefing.links.map { "[\($0.title)](\($0.url))" }.joined(separator: " | ")
        let room = Self.descriptionLimit - links.utf16.count - 1
        let words = PlainText.paragraph(lines, limit: room)
        let description = [words, links].filter { !$0.isEmpty }.joined(separator: "\n")
        var embed: [JSON.Member] = [
            .init("title", .string(PlainText.clipped(escaped(briefing.headline), to: Self.titleLimit))),
            .init("description", .string(description)),
            .init("color", .integer(briefing.tone.color)),
            .init("timestamp", .string(CivilTime.format(microseconds: briefing.message.at))),
        ]
        if !briefing.facts.isEmpty {
            embed.append(
                .init(
                    "fields",
                    .array(
                        briefing.facts.map {
                            .object([
                                .init("name", .string($0.name)), .init("value", .string(escaped($0.value))),
                                .init("inline", .boolean(true)),
                            ])
                        })))
        }
        return [
            post(
                url,
                .object([
                    .init("username", .string("Assay")), .init("embeds", .array([.object(embed)])),
                    .init("allowed_mentions", .object([.init("parse", .array([]))])),
                ]))
        ]
    }

    /// Everything that Discord's Markdown has a meaning for; a colon would begin an emoji or an address's `//`.
    private func escaped(_ text: String) -> String { PlainText.escaped(text, "\\*_~`|<>[]()#@:-") }
}
