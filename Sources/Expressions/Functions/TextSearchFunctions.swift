import Tables

/// Functions that look for something in a text.
enum TextSearchFunctions {
    static let all: [Function] = [
        find("starts_with", aliases: ["startswith"], "whether the text begins with the part") { text, part in
            text.count >= part.count
                && Bytes.areEqual(UnsafeRawBufferPointer(rebasing: text[..<part.count]), part)
        },
        find("ends_with", aliases: ["endswith"], "whether the text ends with the part") { text, part in
            text.count >= part.count
                && Bytes.areEqual(UnsafeRawBufferPointer(rebasing: text[(text.count - part.count)...]), part)
        },
        find("contains", "whether the part occurs in the text") { text, part in
            Scalars.first(part, in: text, from: 0) != nil
        },
        Function("strpos", aliases: ["instr"], [.text("text"), .text("part")], .int64, "where the part first occurs, from 1; 0 where it doesn't") { call in
            position(call, text: 0, part: 1)
        },
        Function("position", aliases: ["locate"], [.text("part"), .text("text")], .int64, "the same, the part named first") { call in
            position(call, text: 1, part: 0)
        },
        Function("regexp_like", aliases: ["regexp_matches", "rlike"], [.text("text"), .text("pattern")], "whether the pattern occurs; also `text ~ 'pattern'`") { site throws(ExpressionError) in
            let expression = try pattern(&site)
            return site.call(.boolean) { call in
                var undecided = Bitmap(repeating: false, count: call.count)
                let answers = call.cells(0).withView { texts in
                    expression.withMatcher { matcher in
                        Bitmap(count: call.count) { row in
                            guard call.present[row] else { return false }
                            let result = matcher.matches(texts[row])
                            if result == .undecided { undecided[row] = true }
                            return result == .match
                        }
                    }
                }
                call.fail(undecided, .undecidedPattern, "is too hard for the pattern", argument: 0)
                return .boolean(answers)
            }
        },
        Function("regexp_extract", [.text("text"), .text("pattern"), .integer("group").optional], "the first match, or a group of it; an empty text where there is none") { site throws(ExpressionError) in
            let expression = try pattern(&site)
            let group = try site.literalInteger(2, in: 0...expression.groupCount) ?? 0
            return site.call(.string) { call in extract(&call, expression, group) }
        },
        Function("regexp_replace", [.text("text"), .text("pattern"), .text("by"), .text("flags").optional], "the first match replaced, with flag `g` every one, with `i` in any case; `\\1` is a group") { site throws(ExpressionError) in
            let flags = try site.literalText(3) ?? ""
            guard flags.allSatisfy({ $0 == "g" || $0 == "i" }) else {
                throw site.error("the flags are g (every match) and i (in any case), found \(flags.excerpt)", at: 3)
            }
            let expression = try pattern(&site, prefix: flags.contains("i") ? "(?i)" : "")
            guard let by = try site.literalText(2) else { return site.arguments[0] }
            let parts = try Replacement.parts(by, groupCount: expression.groupCount, &site)
            return site.call(.string) { call in
                Replacement(expression: expression, parts: parts, isGlobal: flags.contains("g")).run(&call)
            }
        },
    ]

    private static func find(
        _ name: String, aliases: [String] = [], _ summary: String,
        _ body: @escaping @Sendable (UnsafeRawBufferPointer, UnsafeRawBufferPointer) -> Bool
    ) -> Function {
        Function(name, aliases: aliases, [.text("text"), .text("part")], .boolean, summary) { call in
            let (texts, parts) = (call.cells(0), call.cells(1))
            return texts.withView { texts in
                parts.withView { parts in .boolean(Bitmap(count: call.count) { body(texts[$0], parts[$0]) }) }
            }
        }
    }

    private static func position(_ call: Call, text: Int, part: Int) -> ColumnValues {
        let (texts, parts) = (call.cells(text), call.cells(part))
        return texts.withView { texts in
            parts.withView { parts in
                .int64(
                    Rows.attempt(call.present, filler: Int64(0)) { row in
                        let text = texts[row]
                        guard let place = Scalars.first(parts[row], in: text, from: 0) else { return 0 }
                        return Int64(Scalars.count(UnsafeRawBufferPointer(rebasing: text[..<place]))) + 1
                    }.values)
            }
        }
    }

    private static func pattern(_ site: inout CallSite, prefix: String = "") throws(ExpressionError) -> RegularExpression {
        guard let text = try site.literalText(1) else { throw site.error("a pattern is needed") }
        do { return try RegularExpression(prefix + text) } catch {
            throw ExpressionError(
                code: error.code, message: error.message, offset: site.arguments[1].offset, hint: error.hint)
        }
    }

    private static func extract(_ call: inout Call, _ expression: RegularExpression, _ group: Int) -> ColumnValues {
        var undecided = Bitmap(repeating: false, count: call.count)
        let values = expression.withFinder { matcher in
            call.slices { row, text in
                let result = matcher.find(text, from: 0, isAnchored: false)
                if result == .undecided { undecided[row] = true }
                return result == .match ? matcher.group(group) ?? 0..<0 : 0..<0
            }
        }
        call.fail(undecided, .undecidedPattern, "is too hard for the pattern", argument: 0)
        return values
    }
}

/// Replaces matches by text and groups.
struct Replacement: Sendable {
    enum Part: Sendable {
        case text([UInt8])
        case group(Int)
    }

    let expression: RegularExpression
    let parts: [Part]
    let isGlobal: Bool

    /// `\0` is the match, `\1` to `\9` are groups, and `\\` is a backslash.
    static func parts(_ text: String, groupCount: Int, _ site: inout CallSite) throws(ExpressionError) -> [Part] {
        var parts: [Part] = []
        var plain: [UInt8] = []
        var isEscaped = false
        for byte in text.utf8 {
            if isEscaped, byte &- 0x30 <= 9 {
                guard Int(byte - 0x30) <= groupCount else {
                    throw site.error("the pattern has no group \(byte - 0x30)", at: 2)
                }
                parts.append(.text(plain))
                plain = []
                parts.append(.group(Int(byte - 0x30)))
                isEscaped = false
            } else if byte == 0x5C, !isEscaped {
                isEscaped = true
            } else {
                if isEscaped, byte != 0x5C { plain.append(0x5C) }
                plain.append(byte)
                isEscaped = false
            }
        }
        if isEscaped { plain.append(0x5C) }
        parts.append(.text(plain))
        return parts
    }

    func run(_ call: inout Call) -> ColumnValues {
        var undecided = Bitmap(repeating: false, count: call.count)
        let values = call.cells(0).withView { texts in
            expression.withFinder { matcher in
                call.texts(capacity: 24 * call.count) { row, builder in
                    if !replace(texts[row], &matcher, &builder) { undecided[row] = true }
                }
            }
        }
        call.fail(undecided, .undecidedPattern, "is too hard for the pattern", argument: 0)
        return values
    }

    /// False where a search was given up.
    private func replace(_ text: UnsafeRawBufferPointer, _ matcher: inout Matcher, _ builder: inout TextBuilder) -> Bool {
        var copied = 0
        var place = 0
        var isAfterEmpty = false
        while place <= text.count {
            let result = matcher.find(text, from: place, isAnchored: isAfterEmpty)
            if result == .undecided { return false }
            guard result == .match, let match = matcher.group(0), match.lowerBound >= copied else {
                // After an empty match only a longer one may begin at the same place; else the search goes on behind it.
                guard isAfterEmpty, place < text.count else { break }
                place += Bytes.scalarLength(text, place)
                isAfterEmpty = false
                continue
            }
            builder.append(UnsafeRawBufferPointer(rebasing: text[copied..<match.lowerBound]))
            for part in parts {
                switch part {
                case .text(let bytes): builder.append(bytes)
                case .group(let index):
                    if let group = matcher.group(index) { builder.append(UnsafeRawBufferPointer(rebasing: text[group])) }
                }
            }
            guard !builder.isFull(adding: 0) else {
                builder.isTooLong = true
                return true
            }
            copied = match.upperBound
            place = match.upperBound
            isAfterEmpty = match.isEmpty
            if !isGlobal { break }
        }
        builder.append(UnsafeRawBufferPointer(rebasing: text[copied...]))
        return true
    }
}
