extension ZoneRule {
    /// What a value that a person wrote means beside values of a type.
    ///
    /// Beside timestamps a date, or a text that names no zone, is a clock time here. Anything else is the value itself.
    public func meaning(of value: Value, as type: LogicalType) -> Value {
        guard type == .timestamp, !isUTC else { return value }
        switch value {
        case .date(let days): return timestamp(Int64(days) * CivilTime.microsecondsPerDay)
        case .text(var text):
            let reading = text.withUTF8 { CivilTime.parseTimestamp(UnsafeRawBufferPointer($0)) }
            guard let reading, reading.offset == nil else { return value }
            return timestamp(reading.local)
        default: return value
        }
    }

    /// When days begin here, in microseconds since 1970-01-01T00:00:00Z; the first or last instant there is for days beyond it.
    public func midnights(ofDays days: [Int32]) -> [Int64] {
        var converter = makeConverter()
        // Of clock times at the ends of all time no instant can be reckoned.
        let reckonable = Int64.min / 2...Int64.max / 2
        return days.map { day in
            let midnight = CivilTime.midnight(ofDay: Int(day))
            return reckonable.contains(midnight) ? converter.instant(midnight) : midnight
        }
    }

    private func timestamp(_ local: Int64) -> Value {
        var converter = makeConverter()
        return .timestamp(microseconds: converter.instant(local))
    }
}
