/// Names out of files, short enough for a message.
enum Excerpt {
    static func of(_ text: String, limit: Int = 80) -> String {
        text.unicodeScalars.count <= limit
            ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit))) + "…"
    }
}
