/// A message as the text and as the page of a mail.
struct EmailText {
    let briefing: Briefing

    var plain: String {
        var lines = [briefing.headline, ""]
        for section in briefing.sections {
            lines += [section.title] + section.lines.map { "  - \($0)" } + [""]
        }
        lines += briefing.facts.map { "\($0.name): \($0.value)" }
        if !briefing.links.isEmpty { lines += [""] + briefing.links.map { "\($0.title): \($0.url)" } }
        return lines.joined(separator: "\n")
    }

    /// Without pictures, scripts or anything that is fetched; every text in it is escaped.
    var html: String {
        let color = "#" + String(briefing.tone.color + 0x100_0000, radix: 16).dropFirst()
        var lines = [
            "<!DOCTYPE html>",
            #"<html lang="en"><head><meta charset="utf-8"><title>\#(text(briefing.headline))</title></head>"#,
            #"<body style="font-family: sans-serif; font-size: 15px; line-height: 1.4; color: #1a1a1a; max-width: 46em">"#,
            #"<h1 style="font-size: 18px; border-left: 5px solid \#(color); padding-left: 10px">\#(text(briefing.headline))</h1>"#,
        ]
        for section in briefing.sections {
            lines.append(#"<h2 style="font-size: 15px; margin-bottom: 4px">\#(text(section.title))</h2>"#)
            lines.append("<ul style=\"margin-top: 0\">")
            lines += section.lines.map { "<li>\(text($0))</li>" }
            lines.append("</ul>")
        }
        if !briefing.facts.isEmpty {
            lines.append(#"<table style="font-size: 13px; color: #555555">"#)
            lines += briefing.facts.map {
                #"<tr><td style="padding-right: 12px">\#(text($0.name))</td><td>\#(text($0.value))</td></tr>"#
            }
            lines.append("</table>")
        }
        if !briefing.links.isEmpty {
            let links = briefing.links.map { #"<a href="\#(text($0.url))">\#(text($0.title))</a>"# }
            lines.append("<p>\(links.joined(separator: " &middot; "))</p>")
        }
        return (lines + ["</body></html>"]).joined(separator: "\n")
    }

    private func text(_ text: String) -> String { PlainText.html(text) }
}
