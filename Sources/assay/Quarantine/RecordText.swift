import Pipeline
import Tables

/// Quarantined records and their resolutions as JSON.
enum RecordText {
    static func key(_ record: QuarantinedRecord) -> [JSON.Member] {
        [
            JSON.Member("id", .string(record.id)), JSON.Member("attempt", .integer(record.attempt)),
            JSON.Member("quarantined_at", .string(CivilTime.format(microseconds: record.quarantinedAt))),
            JSON.Member("batch", .integer(record.batch)), JSON.Member("file", .string(record.file)),
            JSON.Member("row", .integer(record.row)),
            JSON.Member("offset", record.offset.map { .integer($0) } ?? .null),
            JSON.Member("rules", .array(record.rules.map { .string($0) })),
        ]
    }

    static func json(_ resolution: Resolution) -> JSON {
        .object([
            JSON.Member("status", .string(resolution.status.rawValue)),
            JSON.Member("fate", .string(resolution.fate.rawValue)), JSON.Member("actor", .string(resolution.actor)),
            JSON.Member("reason", .string(resolution.reason)),
            JSON.Member("time", .string(CivilTime.format(microseconds: resolution.time))),
        ])
    }
}
