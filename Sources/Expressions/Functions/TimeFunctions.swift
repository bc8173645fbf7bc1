import Tables

/// Functions of dates and timestamps, whose parts are those of UTC's clock.
enum TimeFunctions {
    static let all: [Function] = [
        Function("now", aliases: ["current_timestamp"], [], .timestamp, "the batch's time, which is given from outside")
        { call in
            .timestamp([Int64](repeating: call.clock, count: call.count))
        },
        Function("current_date", aliases: ["today"], [], .date, "the day of the batch's time") { call in
            .date([Int32](repeating: Int32(truncatingIfNeeded: Clock.day(of: call.clock)), count: call.count))
        },
        Function(
            "date_trunc", [.text("unit"), .calendar("time")],
            "the beginning of the unit that the time is in; weeks begin on Mondays", bind: truncate),
        Function(
            "date_part", [.text("part"), .calendar("time")],
            "year, quarter, month, week (of ISO 8601), day, hour, minute, second, millisecond, microsecond, dow (Sunday is 0), isodow (Monday is 1, Sunday 7), doy, isoyear as an int64, or epoch as a decimal(19,6); also `extract(part from time)`",
            bind: part),
        partOf("year"), partOf("quarter"), partOf("month"), partOf("week"), partOf("day", aliases: ["dayofmonth"]),
        partOf("hour"), partOf("minute"), partOf("second"),
        Function(
            "date_add", [.calendar("time"), .integer("count"), .text("unit").optional],
            "so many units later, days where none is named; months end with their last day",
            bind: { site throws(ExpressionError) in try add(&site, sign: 1) }),
        Function(
            "date_sub", [.calendar("time"), .integer("count"), .text("unit").optional], "so many units earlier",
            bind: { site throws(ExpressionError) in try add(&site, sign: -1) }),
        Function(
            "date_diff", aliases: ["datediff"], [.text("unit"), .timestamp("start"), .timestamp("end")],
            "how many beginnings of the unit lie between the two"
        ) { site throws(ExpressionError) in
            let unit = try unit(&site, 0)
            return site.call(.int64) { call in
                .int64(
                    Rows.map(call.arguments[1].int64s, call.arguments[2].int64s) { start, end in
                        number(end, unit) &- number(start, unit)
                    })
            }
        },
        Function("last_day", [Function.Parameter(name: "date", kind: .date)], .date, "the last day of the month") {
            call in
            .date(
                Rows.map(call.arguments[0].days) { day in
                    let first = TimeUnit.month.firstDay(Int(day))
                    return Int32(truncatingIfNeeded: TimeUnit.month.firstDay(first + 31) - 1)
                })
        },
        Function(
            "make_date", [.integer("year"), .integer("month"), .integer("day")], .date,
            "the date of year, month and day"
        ) { call in
            let parts = call.arguments.map(\.int64s)
            let (values, failed) = Rows.attempt(call.present, filler: Int32(0)) { row in
                guard parts[0][row].magnitude <= 5_000_000, (1...12).contains(parts[1][row]),
                    (1...31).contains(parts[2][row])
                else { return nil }
                return CivilTime.days(year: Int(parts[0][row]), month: Int(parts[1][row]), day: Int(parts[2][row]))
                    .flatMap { Int32(exactly: $0) }
            }
            call.fail(failed, .badArgument, "there is no such day")
            return .date(values)
        },
        Function(
            "from_unixtime", aliases: ["to_timestamp_unix"], [.integer("count"), .text("unit").optional],
            "the timestamp so many seconds, or milliseconds (`ms`) or microseconds (`us`), after 1970 began"
        ) { site throws(ExpressionError) in
            let length = try unixUnit(&site)
            return site.call(.timestamp) { call in
                let (values, failed) = Rows.attempt(call.present, call.arguments[0].int64s, filler: Int64(0)) { count in
                    let (ticks, isBeyond) = count.multipliedReportingOverflow(by: length)
                    return isBeyond ? nil : ticks
                }
                call.fail(failed, .overflow, "doesn't fit in timestamp", argument: 0)
                return .timestamp(values)
            }
        },
        Function(
            "to_unix", aliases: ["unix_timestamp"], [.timestamp("time"), .text("unit").optional],
            "seconds, or `ms` or `us`, since 1970 began, rounded down"
        ) { site throws(ExpressionError) in
            let length = try unixUnit(&site)
            return site.call(.int64) { call in .int64(Rows.map(call.arguments[0].int64s) { floored($0, length) }) }
        },
        Function(
            "from_utc_timestamp", [.timestamp("time"), .text("zone")],
            "what a zone's clock shows then; also `time at time zone 'zone'`"
        ) { site throws(ExpressionError) in
            try zoned(&site) { $0.local($1) }
        },
        Function(
            "to_utc_timestamp", [.timestamp("time"), .text("zone")],
            "the instant at which a zone's clock shows the time, the first of two"
        ) { site throws(ExpressionError) in
            try zoned(&site) { $0.instant($1) }
        },
    ]

    @inline(__always)
    static func floored(_ value: Int64, _ length: Int64) -> Int64 {
        let (quotient, rest) = value.quotientAndRemainder(dividingBy: length)
        return rest < 0 ? quotient &- 1 : quotient
    }

    // MARK: Units

    private static func unit(_ site: inout CallSite, _ index: Int) throws(ExpressionError) -> TimeUnit {
        guard let name = try site.literalText(index) else { return .day }
        guard let unit = TimeUnit(named: name) else {
            let nearest = Suggestion.nearest(to: name, among: TimeUnit.allCases.map(\.rawValue))
            throw site.error(
                "there is no unit \(name.excerpt)", at: index,
                hint: nearest.map { "did you mean \($0)?" }
                    ?? "as in \(TimeUnit.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return unit
    }

    private static func unixUnit(_ site: inout CallSite) throws(ExpressionError) -> Int64 {
        guard site.arguments.count > 1 else { return 1_000_000 }
        let unit = try unit(&site, 1)
        guard let length = unit.length, length <= 1_000_000 else {
            throw site.error("the unit is s, ms or us", at: 1)
        }
        return length
    }

    private static func truncate(_ site: inout CallSite) throws(ExpressionError) -> BoundNode {
        let unit = try unit(&site, 0)
        if site.type(1) == .date {
            return site.call(.date) { call in
                .date(Rows.map(call.arguments[1].days) { Int32(truncatingIfNeeded: unit.firstDay(Int($0))) })
            }
        }
        return site.call(.timestamp) { call in
            let (values, failed) = Rows.attempt(call.present, call.arguments[1].int64s, filler: Int64(0)) {
                ticks -> Int64? in
                var length = CivilTime.microsecondsPerDay
                if let own = unit.length, own <= length { length = own }
                let start = floored(ticks, length)
                guard length == CivilTime.microsecondsPerDay else {
                    let (value, isBeyond) = start.multipliedReportingOverflow(by: length)
                    return isBeyond ? nil : value
                }
                let (value, isBeyond) = Int64(unit.firstDay(Int(start))).multipliedReportingOverflow(by: length)
                return isBeyond ? nil : value
            }
            call.fail(failed, .overflow, "the result doesn't fit in timestamp")
            return .timestamp(values)
        }
    }

    private static func number(_ ticks: Int64, _ unit: TimeUnit) -> Int64 {
        if let length = unit.length, length <= CivilTime.microsecondsPerDay { return floored(ticks, length) }
        return Int64(unit.number(Int(Clock.day(of: ticks))))
    }

    private static func add(_ site: inout CallSite, sign: Int64) throws(ExpressionError) -> BoundNode {
        let unit = try unit(&site, 2)
        let isWhole = unit.length.map { $0 >= CivilTime.microsecondsPerDay } ?? true
        let isDate = site.type(0) == .date && isWhole
        if site.type(0) == .date, !isWhole {
            let node = site.arguments[0]
            site.arguments[0] = try Cast.node(node, to: .timestamp, isTry: false, text: node.text, at: node.offset)
        }
        return site.call(isDate ? .date : .timestamp) { call in
            let counts = call.arguments[1].int64s
            let days = isDate ? call.arguments[0].days : []
            let ticks = isDate ? [] : call.arguments[0].int64s
            let (values, failed) = Rows.attempt(call.present, filler: Int64(0)) { row -> Int64? in
                let (count, isBeyond) = counts[row].multipliedReportingOverflow(by: sign)
                guard !isBeyond else { return nil }
                if isDate {
                    return later(Int64(days[row]), count, unit).flatMap { Int32(exactly: $0).map { Int64($0) } }
                }
                guard unit.months == nil, let length = unit.length else {
                    guard let day = later(Clock.day(of: ticks[row]), count, unit) else { return nil }
                    let (start, isOver) = day.multipliedReportingOverflow(by: CivilTime.microsecondsPerDay)
                    let (sum, isOverToo) = start.addingReportingOverflow(Clock.timeOfDay(ticks[row]))
                    return isOver || isOverToo ? nil : sum
                }
                let (distance, isOver) = count.multipliedReportingOverflow(by: length)
                let (sum, isOverToo) = ticks[row].addingReportingOverflow(distance)
                return isOver || isOverToo ? nil : sum
            }
            call.fail(failed, .overflow, "the result doesn't fit in \(isDate ? "date" : "timestamp")")
            return isDate ? .date(Rows.map(values) { Int32(truncatingIfNeeded: $0) }) : .timestamp(values)
        }
    }

    /// A day some days, weeks or months after another.
    private static func later(_ day: Int64, _ count: Int64, _ unit: TimeUnit) -> Int64? {
        if let months = unit.months {
            let (total, isBeyond) = count.multipliedReportingOverflow(by: Int64(months))
            return isBeyond ? nil : TimeUnit.adding(months: total, to: Int(day)).map { Int64($0) }
        }
        let (distance, isBeyond) = count.multipliedReportingOverflow(by: unit == .week ? 7 : 1)
        let (sum, isBeyondToo) = day.addingReportingOverflow(distance)
        return isBeyond || isBeyondToo ? nil : sum
    }

    // MARK: Parts

    private static func partOf(_ name: String, aliases: [String] = []) -> Function {
        Function(name, aliases: aliases, [.calendar("time")], "the \(name), as date_part has it") {
            site throws(ExpressionError) in
            try part(&site, name, 0)
        }
    }

    private static func part(_ site: inout CallSite) throws(ExpressionError) -> BoundNode {
        try part(&site, try site.literalText(0) ?? "", 1)
    }

    private static let dayParts: [String: @Sendable (Int) -> Int] = [
        "year": { CivilTime.civil(days: $0).year }, "month": { CivilTime.civil(days: $0).month },
        "day": { CivilTime.civil(days: $0).day }, "quarter": { (CivilTime.civil(days: $0).month - 1) / 3 + 1 },
        "week": { Weekday.week(of: $0).week }, "isoyear": { Weekday.week(of: $0).year },
        "dow": { Weekday.fromSunday($0) }, "isodow": { Weekday.fromMonday($0) + 1 },
        "doy": { Weekday.dayOfYear($0) },
    ]

    private static let clockParts: [String: @Sendable (Int64) -> Int64] = [
        "hour": { $0 / 3_600_000_000 }, "minute": { $0 / 60_000_000 % 60 }, "second": { $0 / 1_000_000 % 60 },
        "millisecond": { $0 / 1_000 % 60_000 }, "microsecond": { $0 % 60_000_000 },
    ]

    private static func part(_ site: inout CallSite, _ name: String, _ index: Int) throws(ExpressionError) -> BoundNode
    {
        let isDate = site.type(index) == .date
        let name = TimeUnit(named: name)?.rawValue ?? name.lowercased()
        if let body = dayParts[name] {
            return site.call(.int64) { call in
                if isDate { return .int64(Rows.map(call.arguments[index].days) { Int64(body(Int($0))) }) }
                return .int64(Rows.map(call.arguments[index].int64s) { Int64(body(Int(Clock.day(of: $0)))) })
            }
        }
        let node = site.arguments[index]
        site.arguments[index] = try Cast.node(node, to: .timestamp, isTry: false, text: node.text, at: node.offset)
        if let body = clockParts[name] {
            return site.call(.int64) { call in
                .int64(Rows.map(call.arguments[index].int64s) { body(Clock.timeOfDay($0)) })
            }
        }
        if name == "epoch" {
            return site.call(.decimal(precision: 19, scale: 6)) { call in
                .wideDecimal(Rows.map(call.arguments[index].int64s) { Int128($0) }, scale: 6)
            }
        }
        let known = dayParts.keys.sorted() + clockParts.keys.sorted() + ["epoch"]
        let nearest = Suggestion.nearest(to: name, among: known)
        throw site.error(
            "a time has no part \(name.excerpt)", at: index == 0 ? nil : 0,
            hint: nearest.map { "did you mean \($0)?" } ?? "as in \(known.joined(separator: ", "))")
    }

    // MARK: Zones

    private static func zoned(
        _ site: inout CallSite, _ body: @escaping @Sendable (inout ZoneClock, Int64) -> Int64?
    ) throws(ExpressionError) -> BoundNode {
        guard let name = try site.literalText(1), let zone = Zone(name) else {
            throw site.error(
                "there is no such time zone", at: 1, hint: "as in 'Europe/Berlin', 'UTC' or '+02:00'")
        }
        return site.call(.timestamp) { call in
            var clock = ZoneClock(zone)
            let (values, failed) = Rows.attempt(call.present, call.arguments[0].int64s, filler: Int64(0)) {
                body(&clock, $0)
            }
            call.fail(failed, .overflow, "the result doesn't fit in timestamp")
            return .timestamp(values)
        }
    }
}
