import Mustache
import Tables

/// Text of unknown origin on its way into a page.
///
/// Mustache's own escaping goes by characters as people see them, in which a quotation mark with an accent is not a
/// quotation mark; browsers go by code points. So our templates name this escaping.
struct HTMLText: MustacheContentType {
    /// The name that templates begin with: `{{% CONTENT_TYPE: ASSAY-HTML }}`.
    static let name = "ASSAY-HTML"

    func escapeText(_ text: String) -> String {
        var escaped: [UInt8] = []
        escaped.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "<"): escaped.append(contentsOf: "&lt;".utf8)
            case UInt8(ascii: ">"): escaped.append(contentsOf: "&gt;".utf8)
            case UInt8(ascii: "&"): escaped.append(contentsOf: "&amp;".utf8)
            case UInt8(ascii: "\""): escaped.append(contentsOf: "&quot;".utf8)
            case UInt8(ascii: "'"): escaped.append(contentsOf: "&#39;".utf8)
            default: escaped.append(byte)
            }
        }
        return String(decoding: escaped, as: UTF8.self)
    }

    /// A text made harmless to look at: cut, and everything invisible made visible.
    ///
    /// Control characters become their symbols (`␀`), characters that turn the direction of writing or take no room
    /// become `⟨U+202E⟩`: what looks alike on a page is alike.
    static func clean(_ text: String, limit: Int = 300) -> String {
        var clean = String.UnicodeScalarView()
        var count = 0
        for scalar in text.unicodeScalars {
            if count == limit {
                clean.append("…")
                break
            }
            count += 1
            switch scalar.value {
            case 0..<0x20: clean.append(contentsOf: symbol(0x2400 + scalar.value))
            case 0x7F: clean.append("␡")
            default:
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse, .surrogate:
                    let digits = String(scalar.value, radix: 16, uppercase: true)
                    let padding = String(repeating: "0", count: max(0, 4 - digits.count))
                    clean.append(contentsOf: "⟨U+\(padding)\(digits)⟩".unicodeScalars)
                default: clean.append(scalar)
                }
            }
        }
        return String(clean)
    }

    private static func symbol(_ code: UInt32) -> [Unicode.Scalar] { [Unicode.Scalar(code) ?? "·"] }
}

/// A page's template, compiled once.
struct PageTemplate: Sendable {
    private let template: MustacheTemplate?
    private let problem: String

    init(_ body: String) {
        MustacheContentTypes.register(HTMLText(), named: HTMLText.name)
        do {
            template = try MustacheTemplate(string: "{{% CONTENT_TYPE: \(HTMLText.name) }}\n" + body)
            problem = ""
        } catch {
            template = nil
            problem = String(describing: error)
        }
    }

    func render(_ model: [String: Any]) throws(ReportError) -> String {
        guard let template else {
            throw ReportError(
                code: "internal", message: "a page template can't be read", place: "templates", cause: problem)
        }
        return template.render(model)
    }
}
