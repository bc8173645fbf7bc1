public import Expectations
public import Tables

/// A run as the stable JSON of `--format json`: the field's names, so that what reads Great Expectations' results reads these.
///
/// `version` grows when a member changes its meaning or goes; new members may come at any time.
public enum RunJSON {
    public static let version = 1

    /// Writes a run.
    ///
    /// Values of personal columns are masked, whatever `values` says; a text of more than `ShownValue.textLimit` is cut.
    public static func write(_ run: RunResult, values: ValueDisplay = .shown, to stream: inout JSONStream) {
        stream.object { stream in
            stream.members([JSON.Member("format", .string("assay-run")), JSON.Member("version", .integer(version))])
            stream.members(verdict(run))
            stream.member("results") { stream in
                stream.array(of: run.results) { result, stream in
                    let shown = values.apply(to: result, personal: run.personalColumns)
                    stream.value(ResultJSON(result: shown, hasValues: values != .absent).document)
                }
            }
            stream.members([JSON.Member("meta", meta(run))])
        }
    }

    /// Writes several runs of one invocation: `runs` has a document each, and `success` is that of all.
    public static func write(_ runs: [RunResult], values: ValueDisplay = .shown, to stream: inout JSONStream) {
        stream.object { stream in
            stream.members([
                JSON.Member("format", .string("assay-runs")), JSON.Member("version", .integer(version)),
                JSON.Member("success", .boolean(runs.allSatisfy(\.success))),
            ])
            stream.member("runs") { stream in
                stream.array(of: runs) { run, stream in write(run, values: values, to: &stream) }
            }
        }
    }

    private static func verdict(_ run: RunResult) -> [JSON.Member] {
        var members = [
            JSON.Member("success", .boolean(run.success)), JSON.Member("outcome", .string(run.outcomeName)),
            JSON.Member("suite_name", .string(run.suite)), JSON.Member("asset", .string(run.asset)),
            JSON.Member("statistics", statistics(run.statistics)),
        ]
        if let failure = run.failure {
            members.append(
                JSON.Member(
                    "failure",
                    .object([
                        JSON.Member("code", .string(failure.code)), JSON.Member("message", .string(failure.message)),
                        JSON.Member("hint", failure.hint.map { .string($0) } ?? .null),
                    ])))
        }
        return members
    }

    private static func statistics(_ statistics: RunStatistics) -> JSON {
        .object([
            JSON.Member("evaluated_expectations", .integer(statistics.evaluated)),
            JSON.Member("successful_expectations", .integer(statistics.successful)),
            JSON.Member("unsuccessful_expectations", .integer(statistics.unsuccessful)),
            JSON.Member("success_percent", number(statistics.successPercent)),
            JSON.Member("passed", .integer(statistics.passed)), JSON.Member("failed", .integer(statistics.failed)),
            JSON.Member("vacuous", .integer(statistics.vacuous)), JSON.Member("errored", .integer(statistics.errored)),
        ])
    }

    private static func meta(_ run: RunResult) -> JSON {
        .object(origin(run) + version(run))
    }

    /// Which version of a table was judged; nothing for what has none.
    private static func version(_ run: RunResult) -> [JSON.Member] {
        guard let version = run.tableVersion else { return [] }
        return [
            JSON.Member("table_version", .integer(version.number)),
            JSON.Member("table_committed_at", .string(CivilTime.format(microseconds: version.committed))),
        ]
    }

    private static func origin(_ run: RunResult) -> [JSON.Member] {
        [
            JSON.Member("run_id", .string(run.id)),
            JSON.Member("run_time", .string(CivilTime.format(microseconds: run.startedAt))),
            JSON.Member("duration_seconds", number(run.durationSeconds)),
            JSON.Member("assay_version", .string(run.engineVersion)),
            JSON.Member("suite_fingerprint", .string(run.suiteFingerprint)),
            JSON.Member("data_fingerprint", .string(run.dataFingerprint)),
            JSON.Member("row_count", .integer(run.rowCount)),
            JSON.Member("byte_count", .integer(run.byteCount)),
            JSON.Member(
                "files",
                .array(
                    run.files.map { file in
                        .object([
                            JSON.Member("name", .string(file.name)),
                            JSON.Member("byte_count", file.byteCount.map { .integer($0) } ?? .null),
                            JSON.Member(
                                "modified",
                                file.modified.map { .string(CivilTime.format(microseconds: $0)) } ?? .null),
                            JSON.Member("row_count", .integer(file.rowCount)),
                        ])
                    })),
        ]
    }

    /// The shortest digits that read back as the same double; `null` for what JSON can't say.
    static func number(_ value: Double?) -> JSON {
        guard let value, value.isFinite else { return .null }
        return .number(value.description)
    }
}
