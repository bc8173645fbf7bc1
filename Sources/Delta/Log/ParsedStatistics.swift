import Parquet
import Tables

/// Statistics that a checkpoint has as columns of their own (Delta protocol, Checkpoint Schema: `stats_parsed`).
///
/// Writers may leave the JSON text out then (`delta.checkpoint.writeStatsAsJson`); the text is made of them, and so it is kept
/// in whatever is written of the action later.
enum ParsedStatistics {
    /// An action with its statistics as text, where it has them in columns only.
    static func spelled(_ action: ParquetValue) -> ParquetValue {
        guard case .structure(var members) = action,
            let parsed = members.first(where: { $0.name == "stats_parsed" })?.value, !parsed.isNull
        else { return action }
        members.removeAll { $0.name == "stats_parsed" }
        let place = members.firstIndex { $0.name == "stats" }
        if let place, !members[place].value.isNull { return .structure(members) }
        guard let json = json(parsed) else { return .structure(members) }
        if let place { members.remove(at: place) }
        members.append(ParquetValue.Member(name: "stats", value: .text(json.text())))
        return .structure(members)
    }

    /// As `stats` has it; `nil` for what is missing, or no JSON text could say.
    private static func json(_ value: ParquetValue) -> JSON? {
        switch value {
        case .boolean(let value): .boolean(value)
        case .int64(let number): .integer(number)
        case .float(let number): number.isFinite ? .number(number.description) : nil
        case .double(let number): number.isFinite ? .number(number.description) : nil
        case .decimal(let unscaled, let scale): .number(DecimalNumber(unscaled: unscaled, scale: scale).description)
        case .text(let text): .string(text)
        case .date(let days): .string(CivilTime.format(days: Int(days)))
        case .timestamp(let ticks, let unit, let isUTC): timestamp(ticks, unit, isUTC)
        case .structure(let members):
            .object(members.compactMap { member in json(member.value).map { JSON.Member(member.name, $0) } })
        default: nil
        }
    }

    private static func timestamp(_ ticks: Int64, _ unit: TimeUnit, _ isUTC: Bool) -> JSON? {
        let microseconds: Int64? =
            switch unit {
            case .milliseconds: Int64(exactly: Int128(ticks) * 1_000)
            case .microseconds: ticks
            case .nanoseconds: ticks % 1_000 == 0 ? ticks / 1_000 : nil
            }
        guard let microseconds else { return nil }
        let text = CivilTime.format(microseconds: microseconds)
        // In nanoseconds there are only those of INT96, which are instants, whatever a file's schema can say of them.
        return .string(isUTC || unit == .nanoseconds ? text : String(text.dropLast()))
    }
}
