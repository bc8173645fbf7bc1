/// Text of unknown origin on its way into XML.
enum XMLText {
    /// As text or as the value of an attribute, on one line.
    ///
    /// XML 1.0 has no place for most control characters, not even as references, nor for U+FFFE and U+FFFF: they are
    /// written as symbols, as on pages.
    static func line(_ text: String, limit: Int = 1_000) -> String {
        HTMLText().escapeText(HTMLText.clean(text, limit: limit))
    }
}
