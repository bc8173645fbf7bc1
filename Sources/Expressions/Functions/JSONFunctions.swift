import Tables

/// Functions of JSON texts, as nested columns and payloads hold them.
///
/// A path is `$` and steps: `.key`, `."a key"`, `[0]` from the first item. Of a key that stands twice the last counts.
enum JSONFunctions {
    static let all: [Function] = [
        Function("json_valid", [.text("json")], .boolean, "whether the text is one JSON value, at most 200 levels deep")
        { call in
            call.cells(0).withView { texts in
                .boolean(Bitmap(count: call.count) { call.present[$0] && JSONScan.isValid(texts[$0]) })
            }
        },
        Function(
            "json_extract", [.text("json"), .text("path")],
            "the value at a path, as JSON text; missing where there is none"
        ) { site throws(ExpressionError) in
            let path = try path(&site)
            return site.call(.string, canBeMissing: true) { call in extract(&call, path) }
        },
        Function(
            "json_extract_text", aliases: ["json_extract_string", "get_json_object"], [.text("json"), .text("path")],
            "the value at a path, of a string its characters; missing where there is none or null"
        ) { site throws(ExpressionError) in
            let path = try path(&site)
            return site.call(.string, canBeMissing: true) { call in extractText(&call, path) }
        },
        Function(
            "json_array_length", [.text("json"), .text("path").optional],
            "how many items the array has, or the one at a path; missing of anything else"
        ) { site throws(ExpressionError) in
            let path = site.arguments.count > 1 ? try path(&site) : []
            return site.call(.int64, canBeMissing: true) { call in count(&call, path) }
        },
        Function(
            "json_type", aliases: ["json_typeof"], [.text("json"), .text("path").optional],
            "`object`, `array`, `string`, `number`, `boolean` or `null`"
        ) { site throws(ExpressionError) in
            let path = site.arguments.count > 1 ? try path(&site) : []
            return site.call(.string, canBeMissing: true) { call in
                find(&call, path)
                return call.cells(0).withView { texts in
                    call.texts(capacity: 8 * call.count) { row, builder in
                        guard let range = JSONScan.find(path, in: texts[row]) else { return }
                        builder.append(JSONScan.kind(texts[row][range.lowerBound]))
                    }
                }
            }
        },
    ]

    private static func path(_ site: inout CallSite) throws(ExpressionError) -> [JSONScan.Step] {
        let hint = "as in '$.user.name' or '$.items[0]', items counted from the first"
        guard let text = try site.literalText(1) else { throw site.error("the path is none", at: 1, hint: hint) }
        guard let path = JSONScan.path(text) else {
            throw site.error("'\(text.excerpt)' is no path", at: 1, hint: hint)
        }
        return path
    }

    /// Tells texts that are no JSON, and leaves out those without a value at the path.
    private static func find(_ call: inout Call, _ path: [JSONScan.Step]) {
        call.cells(0).withView { texts in
            let invalid = Bitmap(count: call.count) { call.present[$0] && !JSONScan.isValid(texts[$0]) }
            call.fail(invalid, .badCast, "is no JSON", argument: 0)
            let rows = call.present
            call.present = Bitmap(count: call.count) { rows[$0] && JSONScan.find(path, in: texts[$0]) != nil }
        }
    }

    private static func extract(_ call: inout Call, _ path: [JSONScan.Step]) -> ColumnValues {
        find(&call, path)
        return call.slices { _, text in JSONScan.find(path, in: text) ?? 0..<0 }
    }

    private static func extractText(_ call: inout Call, _ path: [JSONScan.Step]) -> ColumnValues {
        find(&call, path)
        return call.cells(0).withView { texts in
            let rows = call.present
            call.present = Bitmap(count: call.count) { row in
                guard rows[row], let range = JSONScan.find(path, in: texts[row]) else { return false }
                return texts[row][range.lowerBound] != UInt8(ascii: "n")
            }
            return call.texts(capacity: 24 * call.count) { row, builder in
                guard let range = JSONScan.find(path, in: texts[row]) else { return }
                let value = UnsafeRawBufferPointer(rebasing: texts[row][range])
                if value[0] == 0x22 { JSONScan.unescape(value, into: &builder) } else { builder.append(value) }
            }
        }
    }

    private static func count(_ call: inout Call, _ path: [JSONScan.Step]) -> ColumnValues {
        find(&call, path)
        return call.cells(0).withView { texts in
            let rows = call.present
            call.present = Bitmap(count: call.count) { row in
                guard rows[row], let range = JSONScan.find(path, in: texts[row]) else { return false }
                return texts[row][range.lowerBound] == UInt8(ascii: "[")
            }
            return .int64(
                Rows.attempt(call.present, filler: Int64(0)) { row in
                    guard let range = JSONScan.find(path, in: texts[row]) else { return nil }
                    return Int64(JSONScan.itemCount(UnsafeRawBufferPointer(rebasing: texts[row][range])))
                }.values)
        }
    }
}
