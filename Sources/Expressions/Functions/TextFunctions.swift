import Tables

/// Functions that make texts of texts; characters are Unicode scalars, and places count from 1.
enum TextFunctions {
    static let all: [Function] = [
        Function(
            "upper", aliases: ["ucase"], [.text("text")], .string,
            "capital letters, by Unicode's full mapping: `ß` gives `SS`", TextCase.upperKernel),
        Function(
            "lower", aliases: ["lcase"], [.text("text")], .string, "small letters, by Unicode's full mapping",
            TextCase.lowerKernel),
        Function(
            "initcap", [.text("text")], .string, "the first letter of each word capital, the others small",
            TextCase.initialsKernel),
        trim(
            "trim", aliases: ["btrim"], "without spaces, or any of the characters, at both ends", left: true,
            right: true),
        trim("ltrim", "without them at the beginning", left: true, right: false),
        trim("rtrim", "without them at the end", left: false, right: true),
        Function(
            "normalize_space", [.text("text")], .string,
            "without white space at the ends, and with one space for each run of it inside", normalizeSpace),
        Function(
            "length", aliases: ["char_length", "character_length"], [.text("text")], .int64, "how many characters"
        ) { call in
            call.cells(0).withView { texts in
                .int64(Rows.attempt(call.present, filler: Int64(0)) { Int64(Scalars.count(texts[$0])) }.values)
            }
        },
        Function("octet_length", [.text("text")], .int64, "how many bytes of UTF-8") { call in
            .int64(Rows.map(call.cells(0).lengths) { Int64($0) })
        },
        Function(
            "substring", aliases: ["substr"], [.text("text"), .integer("start"), .integer("length").optional], .string,
            "so many characters from a place on; a negative place counts from the end", substring),
        Function(
            "left", [.text("text"), .integer("count")], .string,
            "the first characters; of a negative count all but the last"
        ) { call in
            let counts = call.arguments[1].int64s
            return call.slices { row, text in
                let count = counts[row] < 0 ? Int64(Scalars.count(text)) &+ counts[row] : counts[row]
                return 0..<Scalars.place(text, after: Int(max(0, count)))
            }
        },
        Function(
            "right", [.text("text"), .integer("count")], .string,
            "the last characters; of a negative count all but the first"
        ) { call in
            let counts = call.arguments[1].int64s
            return call.slices { row, text in
                let all = Int64(Scalars.count(text))
                let skipped =
                    counts[row] < 0 ? (counts[row] == .min ? all : 0 - counts[row]) : max(0, all &- counts[row])
                return Scalars.place(text, after: Int(min(all, skipped)))..<text.count
            }
        },
        Function("concat", [.anyText("x")], isVariadic: true, "all values that aren't missing, one behind the other") {
            site throws(ExpressionError) in
            site.call(.string, canBeMissing: false) { call in join(&call, separator: nil) }
        },
        Function(
            "concat_ws", [.text("separator"), .anyText("x")], isVariadic: true,
            "all values that aren't missing, with the separator between them"
        ) { site throws(ExpressionError) in
            site.call(.string, canBeMissing: site.arguments[0].canBeMissing) { call in
                join(&call, separator: call.arguments[0])
            }
        },
        Function(
            "replace", [.text("text"), .text("part"), .text("by")], .string,
            "every occurrence of a part replaced; of an empty part none", replace),
        Function(
            "split_part", [.text("text"), .text("separator"), .integer("number")], .string,
            "a part between separators, or an empty text; a negative number counts from the end", splitPart),
        Function(
            "lpad", [.text("text"), .integer("length"), .text("fill").optional], .string,
            "made as long by filling in front, or cut off behind"
        ) { call in
            pad(&call, isLeft: true)
        },
        Function(
            "rpad", [.text("text"), .integer("length"), .text("fill").optional], .string,
            "made as long by filling behind, or cut off"
        ) { call in
            pad(&call, isLeft: false)
        },
        Function("repeat", [.text("text"), .integer("count")], .string, "the text so many times") { call in
            let counts = call.arguments[1].int64s
            return call.cells(0).withView { texts in
                call.texts { row, builder in
                    let text = texts[row]
                    guard counts[row] > 0, !text.isEmpty else { return }
                    guard counts[row] <= TextBuilder.maximumLength,
                        !builder.isFull(adding: text.count * Int(counts[row]))
                    else { return builder.isTooLong = true }
                    for _ in 0..<counts[row] { builder.append(text) }
                }
            }
        },
        Function("reverse", [.text("text")], .string, "the characters from the last to the first") { call in
            call.cells(0).withView { texts in
                call.texts(capacity: 16 * call.count) { row, builder in
                    let text = texts[row]
                    var end = text.count
                    while end > 0 {
                        let start = Scalars.start(text, endingAt: end)
                        builder.append(UnsafeRawBufferPointer(rebasing: text[start..<end]))
                        end = start
                    }
                }
            }
        },
    ]

    private static func trim(
        _ name: String, aliases: [String] = [], _ summary: String, left: Bool, right: Bool
    ) -> Function {
        Function(name, aliases: aliases, [.text("text"), .text("characters").optional], .string, summary) { call in
            if call.arguments.count == 1 {
                return call.slices { _, text in
                    var (start, end) = (0, text.count)
                    while left, start < end, text[start] == 0x20 { start &+= 1 }
                    while right, end > start, text[end &- 1] == 0x20 { end &-= 1 }
                    return start..<end
                }
            }
            let characters = call.cells(1)
            return characters.withView { characters in
                call.slices { row, text in
                    let set = characters[row]
                    func holds(_ scalar: Range<Int>) -> Bool {
                        let wanted = UnsafeRawBufferPointer(rebasing: text[scalar])
                        var place = 0
                        while place < set.count {
                            let length = Bytes.scalarLength(set, place)
                            let member = UnsafeRawBufferPointer(rebasing: set[place..<place &+ length])
                            if Bytes.areEqual(member, wanted) { return true }
                            place &+= length
                        }
                        return false
                    }
                    var (start, end) = (0, text.count)
                    while left, start < end {
                        let next = start &+ Bytes.scalarLength(text, start)
                        guard holds(start..<next) else { break }
                        start = next
                    }
                    while right, end > start {
                        let last = max(start, Scalars.start(text, endingAt: end))
                        guard holds(last..<end) else { break }
                        end = last
                    }
                    return start..<end
                }
            }
        }
    }

    private static let normalizeSpace: Kernel = { call in
        call.cells(0).withView { texts in
            call.texts(capacity: 24 * call.count) { row, builder in
                let text = texts[row]
                var place = 0
                var isPending = false
                while place < text.count {
                    let (scalar, length) = Scalars.scalar(text, place)
                    if scalar?.properties.isWhitespace ?? false {
                        isPending = builder.length > 0
                    } else {
                        if isPending { builder.append(0x20 as UInt8) }
                        isPending = false
                        builder.append(UnsafeRawBufferPointer(rebasing: text[place..<place &+ length]))
                    }
                    place &+= length
                }
            }
        }
    }

    private static let substring: Kernel = { call in
        let starts = call.arguments[1].int64s
        let lengths = call.arguments.count > 2 ? call.arguments[2].int64s : nil
        if let lengths {
            call.fail(
                Bitmap(count: call.count) { lengths[$0] < 0 }, .badArgument, "is a negative length", argument: 2)
        }
        return call.slices { row, text in
            var start = starts[row]
            var length = lengths?[row] ?? .max
            if start < 0 {
                start += Int64(Scalars.count(text))
                if start < 0 {
                    // Places before the first character take some of the length.
                    if length < .max { length += start }
                    start = 0
                }
            } else if start == 0 {
                // The place before the first character takes one of the length.
                if length < .max { length -= 1 }
            } else {
                start -= 1
            }
            guard length > 0 else { return 0..<0 }
            let low = Scalars.place(text, after: Int(start))
            guard length < text.count else { return low..<text.count }
            let rest = UnsafeRawBufferPointer(rebasing: text[low...])
            return low..<low &+ Scalars.place(rest, after: Int(length))
        }
    }

    /// Missing values are left out; of a missing separator nothing is made.
    private static func join(_ call: inout Call, separator: Column?) -> ColumnValues {
        let parts = Array(call.arguments.dropFirst(separator == nil ? 0 : 1))
        call.present = separator?.present ?? Bitmap(repeating: true, count: call.count)
        return call.texts(capacity: 32 * call.count) { row, builder in
            var isFirst = true
            for part in parts where part.present[row] {
                if !isFirst, let separator { builder.append(separator.cells, row) }
                isFirst = false
                builder.append(part.cells, row)
            }
        }
    }

    private static let replace: Kernel = { call in
        let (texts, parts, others) = (call.cells(0), call.cells(1), call.cells(2))
        return texts.withView { texts in
            parts.withView { parts in
                others.withView { others in
                    call.texts(capacity: 32 * call.count) { row, builder in
                        let (text, part, other) = (texts[row], parts[row], others[row])
                        var place = 0
                        while !part.isEmpty, let found = Scalars.first(part, in: text, from: place) {
                            guard !builder.isFull(adding: found - place + other.count) else {
                                return builder.isTooLong = true
                            }
                            builder.append(UnsafeRawBufferPointer(rebasing: text[place..<found]))
                            builder.append(other)
                            place = found &+ part.count
                        }
                        builder.append(UnsafeRawBufferPointer(rebasing: text[place...]))
                    }
                }
            }
        }
    }

    private static let splitPart: Kernel = { call in
        let separators = call.cells(1)
        let numbers = call.arguments[2].int64s
        call.fail(Bitmap(count: call.count) { numbers[$0] == 0 }, .badArgument, "is no number of a part", argument: 2)
        return separators.withView { separators in
            call.slices { row, text in
                let separator = separators[row]
                var number = numbers[row]
                if separator.isEmpty { return number == 1 || number == -1 ? 0..<text.count : 0..<0 }
                if number < 0 {
                    var count: Int64 = 1
                    var place = 0
                    while let found = Scalars.first(separator, in: text, from: place) {
                        count += 1
                        place = found &+ separator.count
                    }
                    number = count &+ number &+ 1
                    guard number > 0 else { return 0..<0 }
                }
                var place = 0
                while number > 1 {
                    guard let found = Scalars.first(separator, in: text, from: place) else { return 0..<0 }
                    place = found &+ separator.count
                    number -= 1
                }
                return place..<(Scalars.first(separator, in: text, from: place) ?? text.count)
            }
        }
    }

    private static func pad(_ call: inout Call, isLeft: Bool) -> ColumnValues {
        let texts = call.cells(0)
        let wanted = call.arguments[1].int64s
        let fills =
            call.arguments.count > 2 ? call.cells(2) : Column(repeating: .text(" "), .string, count: call.count).cells
        return texts.withView { texts in
            fills.withView { fills in
                call.texts(capacity: 24 * call.count) { row, builder in
                    let (text, fill) = (texts[row], fills[row])
                    let length = Scalars.count(text)
                    guard wanted[row] > length else {
                        let end = Scalars.place(text, after: Int(max(0, wanted[row])))
                        return builder.append(UnsafeRawBufferPointer(rebasing: text[..<end]))
                    }
                    guard wanted[row] <= TextBuilder.maximumLength, !builder.isFull(adding: Int(wanted[row])) else {
                        return builder.isTooLong = true
                    }
                    if !isLeft { builder.append(text) }
                    var missing = fill.isEmpty ? 0 : Int(wanted[row]) - length
                    let filling = Scalars.count(fill)
                    while missing > 0 {
                        let part = missing >= filling ? fill.count : Scalars.place(fill, after: missing)
                        builder.append(UnsafeRawBufferPointer(rebasing: fill[..<part]))
                        missing -= filling
                    }
                    if isLeft { builder.append(text) }
                }
            }
        }
    }
}

extension TextBuilder {
    mutating func append(_ cells: TextCells, _ row: Int) {
        cells.withView { append($0[row]) }
    }
}
