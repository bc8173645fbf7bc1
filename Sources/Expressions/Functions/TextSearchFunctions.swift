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
        Function(
            "strpos", aliases: ["instr"], [.text("text"), .text("part")], .int64,
            "where the part first occurs, from 1; 0 where it doesn't"
        ) { call in
            position(call, text: 0, part: 1)
        },
        Function(
            "position", aliases: ["locate"], [.text("part"), .text("text")], .int64,
            "the same, the part named first; also `position(part in text)`"
        ) { call in
            position(call, text: 1, part: 0)
        },
        Function(
            "regexp_like", aliases: ["regexp_matches", "rlike"], [.text("text"), .text("pattern")],
            "whether the pattern occurs; also `text ~ 'pattern'`"
        ) { site throws(ExpressionError) in
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
        Function(
            "regexp_extract", [.text("text"), .text("pattern"), .integer("group").optional],
            "the first match, or a group of it; an empty text where there is none"
        ) { site throws(ExpressionError) in
            let expression = try pattern(&site)
            let group = try site.literalInteger(2, in: 0...expression.groupCount) ?? 0
            return site.call(.string) { call in extract(&call, expression, group) }
        },
        Function(
            "regexp_replace", [.text("text"), .text("pattern"), .text("by"), .text("flags").optional],
            "the first match replaced, with flag `g` every one, with `i` in any case; `\\1` is a group"
        ) { site throws(ExpressionError) in
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

    private static func pattern(_ site: inout CallSite, prefix: String = "") throws(ExpressionError)
        -> RegularExpression
    {
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
