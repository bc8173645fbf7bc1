public import Expectations

/// Shows mistakes in suites and project files to the person who made them.
public enum Diagnostics {
    /// Each mistake with the line that it stands in and a caret below its place, and how many there are.
    ///
    /// `sources` gives the text of a file, or `nil` where it can't be shown: see `source(of:)`. Characters that would
    /// do something to a terminal are replaced, in what files say as well as in messages. `colors` adds ANSI colours.
    public static func render(
        _ problems: SuiteProblems, sources: (String) -> String?, colors: Bool
    ) -> String {
        let paint = Paint(isOn: colors)
        var lines: [String: [Substring]] = [:]
        var output = ""
        for error in problems.errors {
            if let mark = error.location, lines[mark.file] == nil { lines[mark.file] = split(sources(mark.file) ?? "") }
            output += text(error, lines: error.location.flatMap { lines[$0.file] } ?? [], paint)
        }
        let files = Set(problems.errors.compactMap { $0.location?.file }).count
        let summary = Wording.count(problems.errors.count, "problem")
        return output + paint.bold(files == 0 ? summary : "\(summary) in \(Wording.count(files, "file"))") + "\n"
    }

    /// The text of a file for `render`, read as warily as a suite is; `nil` where it can't be.
    public static func source(of path: String) -> String? { try? SourceFile.read(path).text }

    private static func text(_ error: SuiteError, lines: [Substring], _ paint: Paint) -> String {
        let place = error.location.map { paint.bold(neutral($0.description) + ":") + " " } ?? ""
        var output = "\(place)\(paint.red("error:")) \(neutral(error.message)) [\(error.code)]\n"
        if let mark = error.location, lines.indices.contains(mark.line - 1) {
            let excerpt = SourceExcerpt(lines[mark.line - 1], column: mark.column)
            if !excerpt.text.isEmpty {
                output += "    \(excerpt.text)\n"
                output += "    \(String(repeating: " ", count: excerpt.caret))\(paint.green("^"))\n"
            }
        }
        if let hint = error.hint { output += "  \(paint.bold("hint:")) \(neutral(hint))\n" }
        return output
    }

    /// Lines as `SourceText` counts them.
    private static func split(_ text: String) -> [Substring] {
        text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r" || $0 == "\r\n" }
    }

    /// The text with escapes in place of characters that a terminal acts upon: for whatever data says.
    public static func neutral(_ text: String) -> String {
        var output = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": output += "\\n"
            case "\r": output += "\\r"
            case "\t": output += "\\t"
            case let scalar where isActive(scalar): output += "\\u{\(String(scalar.value, radix: 16))}"
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output
    }

    /// Control characters, and those that turn the direction of text around or break lines.
    static func isActive(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .format: true
        default: false
        }
    }
}

/// A source line as it is shown: cut to a window around a column, one column for each scalar and four for each tab.
struct SourceExcerpt {
    private(set) var text = ""
    /// How many columns stand before the caret.
    private(set) var caret = 0

    private static let width = 100

    init(_ line: Substring, column: Int) {
        let scalars = Array(line.unicodeScalars)
        let position = min(max(column - 1, 0), scalars.count)
        let indentation = scalars.prefix { $0 == " " || $0 == "\t" }.count
        var start = min(indentation, position)
        var end = scalars.count
        if end - start > Self.width {
            start = max(start, min(position - Self.width / 2, end - Self.width))
            end = min(end, start + Self.width)
        }
        if start > indentation { text += "…" }
        for index in start..<end {
            if index == position { caret = text.unicodeScalars.count }
            let scalar = scalars[index]
            if scalar == "\t" {
                text += "    "
            } else {
                text.unicodeScalars.append(Diagnostics.isActive(scalar) ? "\u{FFFD}" : scalar)
            }
        }
        if position >= end { caret = text.unicodeScalars.count }
        if end < scalars.count { text += "…" }
    }
}

/// ANSI colours, or none.
private struct Paint {
    let isOn: Bool

    func bold(_ text: String) -> String { isOn ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
    func red(_ text: String) -> String { isOn ? "\u{1B}[1;31m\(text)\u{1B}[0m" : text }
    func green(_ text: String) -> String { isOn ? "\u{1B}[1;32m\(text)\u{1B}[0m" : text }
}
