import Tables

/// Dates and times read from texts and written as texts by a format.
enum TimeTextFunctions {
    static let all: [Function] = [
        Function(
            "to_timestamp", aliases: ["strptime"], [.text("text"), .text("format")],
            "the timestamp that a text gives in the [format](#formats-of-dates-and-times)"
        ) { site throws(ExpressionError) in
            let format = try TimeFormat(site: &site, at: 1)
            return site.call(.timestamp) { call in
                let (values, failed) = Rows.attempt(call.present, call.cells(0), filler: Int64(0)) { format.read($0) }
                call.fail(failed, .badCast, "is no timestamp in the format \(format.text)", argument: 0)
                return .timestamp(values)
            }
        },
        Function("to_date", [.text("text"), .text("format")], "the date that a text gives in the format") {
            site throws(ExpressionError) in
            let format = try TimeFormat(site: &site, at: 1)
            return site.call(.date) { call in
                let (values, failed) = Rows.attempt(call.present, call.cells(0), filler: Int32(0)) { text in
                    format.read(text).flatMap { Int32(exactly: Clock.day(of: $0)) }
                }
                call.fail(failed, .badCast, "is no date in the format \(format.text)", argument: 0)
                return .date(values)
            }
        },
        Function(
            "strftime", aliases: ["date_format"], [.timestamp("time"), .text("format")],
            "the time as a text in the format"
        ) { site throws(ExpressionError) in
            let format = try TimeFormat(site: &site, at: 1)
            return site.call(.string) { call in
                let ticks = call.arguments[0].int64s
                return call.texts(capacity: 20 * call.count) { row, builder in format.write(ticks[row], to: &builder) }
            }
        },
    ]
}
