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

    private func timestamp(_ local: Int64) -> Value {
        var converter = makeConverter()
        return .timestamp(microseconds: converter.instant(local))
    }
}
