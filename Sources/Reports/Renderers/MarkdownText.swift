import Tables

/// Text of unknown origin on its way into Markdown as GitHub and GitLab read it, on one line and in cells of tables too.
///
/// What Markdown or HTML has a meaning for becomes a reference, which never stands for structure (CommonMark 0.31, 2.5),
/// and is shown as the character that it is. A space without width keeps `@name`, `#12` and their like from calling a
/// person or linking an issue.
enum MarkdownText {
    static func escape(_ text: String, limit: Int) -> String {
        var escaped = ""
        let scalars = Array(HTMLText.clean(text, limit: limit).unicodeScalars)
        for (index, scalar) in scalars.enumerated() {
            let before = index > 0 ? scalars[index - 1] : " "
            let next = index + 1 < scalars.count ? scalars[index + 1] : " "
            switch scalar {
            case "@", "#", "~", "$":
                escaped += reference(scalar)
                if isWord(next) { escaped += "&#8203;" }
            case let sign where "!%^".unicodeScalars.contains(sign) && isWord(next):
                escaped += reference(scalar) + "&#8203;"
            // Within a word it means nothing.
            case "_" where isLetter(before) && isLetter(next): escaped += "_"
            case "\\", "`", "*", "_", "[", "]", "<", ">", "&", "|", "{", "}": escaped += reference(scalar)
            // Addresses would become links.
            case ":" where next == "/": escaped += reference(scalar)
            case "." where index > 2 && scalars[(index - 3)..<index].allSatisfy({ "wW".unicodeScalars.contains($0) }):
                escaped += reference(scalar)
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool { isLetter(scalar) || scalar == "\"" || scalar == "_" }

    private static func reference(_ scalar: Unicode.Scalar) -> String { "&#\(scalar.value);" }
}
