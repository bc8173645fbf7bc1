import Tables

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
    private func replace(_ text: UnsafeRawBufferPointer, _ matcher: inout Matcher, _ builder: inout TextBuilder) -> Bool
    {
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
                    if let group = matcher.group(index) {
                        builder.append(UnsafeRawBufferPointer(rebasing: text[group]))
                    }
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
