import Expectations
import Tables

/// One result in GX's shape, with as much of it as its `result_format` asks for.
struct ResultJSON {
    let result: ExpectationResult
    let hasValues: Bool

    private var format: ResultFormat { result.expectation.resultFormat }
    /// Whether values, and not only row numbers, may be listed.
    private var listsValues: Bool { hasValues && !format.excludeUnexpectedValues }

    var document: JSON {
        let expectation = result.expectation
        var meta: [JSON.Member] = [JSON.Member("fingerprint", .string(expectation.fingerprint))]
        if let location = expectation.location {
            meta.append(JSON.Member("location", .string(location.description)))
        }
        if let description = expectation.description {
            meta.append(JSON.Member("description", .string(description)))
        }
        meta += expectation.notes
        return .object([
            JSON.Member("success", .boolean(result.success)), JSON.Member("outcome", .string(result.outcome.name)),
            JSON.Member("reason", result.outcome.reason.map { .string($0) } ?? .null),
            JSON.Member("error_code", result.errorCode.map { .string($0) } ?? .null),
            JSON.Member("severity", .string(result.severity.rawValue)),
            JSON.Member(
                "expectation_config",
                .object([
                    JSON.Member("type", .string(expectation.type)),
                    JSON.Member("kwargs", .object(expectation.arguments)),
                    JSON.Member("severity", .string(expectation.severity.rawValue)),
                    JSON.Member("id", expectation.id.map { .string($0) } ?? .null), JSON.Member("meta", .object(meta)),
                ])),
            JSON.Member("result", .object(observed + counts)), JSON.Member("sentence", .string(result.sentence)),
        ])
    }

    /// At every level: an aggregate without its number says nothing.
    private var observed: [JSON.Member] {
        var members: [JSON.Member] = []
        if let observed = result.observedValue { members.append(JSON.Member("observed_value", observed)) }
        if !result.details.isEmpty { members.append(JSON.Member("details", .object(result.details))) }
        return members
    }

    private var counts: [JSON.Member] {
        guard let rows = result.rows, format.level != .booleanOnly else { return [] }
        var members = [
            JSON.Member("element_count", .integer(rows.elementCount)),
            JSON.Member("unexpected_count", .integer(rows.unexpectedCount)),
            JSON.Member("unexpected_percent", RunJSON.number(rows.unexpectedPercent)),
        ]
        if rows.reportsMissing {
            members += [
                JSON.Member("missing_count", .integer(rows.missingCount)),
                JSON.Member("missing_percent", RunJSON.number(rows.missingPercent)),
                JSON.Member("unexpected_percent_total", RunJSON.number(rows.unexpectedPercentTotal)),
                JSON.Member("unexpected_percent_nonmissing", RunJSON.number(rows.unexpectedPercent)),
            ]
        }
        return members + lists
    }

    private var lists: [JSON.Member] {
        let (rows, failure) = result.unexpectedRows.all()
        let partial = rows.prefix(format.partialUnexpectedCount)
        var members: [JSON.Member] = []
        if listsValues {
            members.append(JSON.Member("partial_unexpected_list", .array(partial.map { Self.value($0.values) })))
        }
        if !format.unexpectedIndexColumnNames.isEmpty {
            let names = format.unexpectedIndexColumnNames.map { JSON.string($0) }
            members.append(JSON.Member("unexpected_index_column_names", .array(names)))
        }
        if let failure { members.append(JSON.Member("unexpected_list_failure", .string(failure))) }
        guard format.level != .basic else { return members }
        members.append(JSON.Member("partial_unexpected_index_list", .array(partial.map { index($0) })))
        if listsValues { members.append(JSON.Member("partial_unexpected_counts", frequent)) }
        guard format.level == .complete else { return members }
        if listsValues {
            members.append(
                JSON.Member("unexpected_list", .array(rows.map { Self.value($0.values) })))
        }
        members.append(JSON.Member("unexpected_index_list", .array(rows.map { index($0) })))
        return members
    }

    /// `null` where there were too many different values to count.
    private var frequent: JSON {
        guard let counts = result.unexpectedCounts else { return .null }
        return .array(
            counts.prefix(format.partialUnexpectedCount).map { item in
                .object([JSON.Member("value", Self.value(item.values)), JSON.Member("count", .integer(item.count))])
            })
    }

    private func index(_ row: UnexpectedRow) -> JSON {
        var members = [JSON.Member("file", .string(row.partition)), JSON.Member("row", .integer(row.row))]
        if let offset = row.byteOffset { members.append(JSON.Member("byte_offset", .integer(offset))) }
        if !row.index.isEmpty {
            members.append(
                JSON.Member("index", .object(row.index.map { JSON.Member($0.column, $0.json) })))
        }
        return .object(members)
    }

    /// The value itself where one column is judged, an object by column where several are.
    private static func value(_ cells: [UnexpectedRow.Cell]) -> JSON {
        cells.count == 1
            ? cells[0].json : .object(cells.map { JSON.Member($0.column, $0.json) })
    }
}
