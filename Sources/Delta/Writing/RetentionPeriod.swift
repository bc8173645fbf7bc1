import Tables

/// How long something is kept, as a table's property says it: `interval 1 week`, `interval 12 hours`.
enum RetentionPeriod {
    /// Milliseconds; `nil` for what is no interval.
    static func milliseconds(_ text: String) -> Int64? {
        var words = text.lowercased().split(separator: " ")[...]
        if words.first == "interval" { words = words.dropFirst() }
        guard !words.isEmpty, words.count % 2 == 0 else { return nil }
        var total: Int64 = 0
        while let number = words.popFirst(), let unit = words.popFirst() {
            guard let count = Int64(number), count >= 0,
                let length = lengths[unit.hasSuffix("s") ? String(unit.dropLast()) : String(unit)]
            else { return nil }
            let (part, isOverflow) = count.multipliedReportingOverflow(by: length)
            total = isOverflow ? .max : total.addingClamped(part)
        }
        return total
    }

    /// A week, unless the table says otherwise; `nil` where it says what can't be read.
    static func deletedFiles(_ metadata: TableMetadata) -> Int64? {
        guard let text = metadata.configuration["delta.deletedFileRetentionDuration"] else { return week }
        return milliseconds(text)
    }

    /// How long versions can be read: 30 days, unless the table says otherwise; `nil` where it says what can't be read.
    static func log(_ metadata: TableMetadata) -> Int64? {
        guard let text = metadata.configuration["delta.logRetentionDuration"] else { return 30 * 86_400_000 }
        return milliseconds(text)
    }

    static let week: Int64 = 7 * 86_400_000

    private static let lengths: [String: Int64] = [
        "week": week, "day": 86_400_000, "hour": 3_600_000, "minute": 60_000, "second": 1_000, "millisecond": 1,
    ]
}
