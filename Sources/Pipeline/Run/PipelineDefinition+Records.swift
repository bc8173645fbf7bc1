import Expectations
import Expressions
import Formats
import Intake
import Suites
import Tables

/// What a definition means for the records that come.
extension PipelineDefinition {
    /// The same for pipelines that do the same to records of silver, and hold the same batches back.
    var fingerprint: String {
        let parts =
            [
                silver.gate?.suite.fingerprint ?? "", silver.filter?.value.canonicalText ?? "",
                source.records.timezone ?? "", source.evolution.rawValue,
                silver.gate?.onFail?.rawValue ?? "",
                silver.gate?.stopAbove.map { "\($0.share) \($0.minimumRows)" } ?? "",
            ]
            + silver.select.map { "\($0.name)=\($0.value.canonicalText)" } + silver.drop
            + (silver.deduplicate?.columns ?? [])
            + [silver.deduplicate?.timeColumn ?? "", silver.deduplicate?.within.map { String($0) } ?? ""]
        return Hash128(parts.joined(separator: "\u{1F}")).hexadecimal
    }

    /// Columns of the source that stages name: those of expressions, and those that silver has as they are.
    func columnsRead(notMadeBy kept: KeptSchema) -> [String] {
        let made = Set(silver.select.map(\.name))
        let lineage = Set(RecordLineage.allCases.map(\.field.name))
        let named =
            (silver.select.map(\.value) + [silver.filter?.value].compactMap(\.self)).flatMap { $0.columns() }
            + ((silver.deduplicate?.columns ?? []) + [silver.deduplicate?.timeColumn].compactMap(\.self)
            + (silver.gate?.suite.expectations.flatMap(\.columnsRead) ?? [])).filter { !made.contains($0) }
        var seen: Set<String> = []
        return named.filter { !lineage.contains($0) && kept.schema.index(of: $0) == nil && seen.insert($0).inserted }
    }

    /// The columns by which quarantined records are read again, of those that were kept so far.
    func columnsJudgedAgain(_ kept: KeptSchema, _ intake: IntakeOptions) -> KeptSchema {
        settlesUnknownColumns(intake, []) ? kept.settling(columnsRead(notMadeBy: kept)) : kept
    }

    /// Whether a column that nobody has seen yet may come still: keys of JSON may be absent, columns of a header may not.
    func settlesUnknownColumns(_ intake: IntakeOptions, _ files: [IntakeFile]) -> Bool {
        intake.format == .json
            || intake.format == nil && !files.isEmpty && files.allSatisfy { FileFormat(fileName: $0.name) == .json }
    }
}

extension StreamSource {
    /// Whether files land in a folder; else they are segments of a spool.
    var isLanding: Bool { if case .files = kind { true } else { false } }
}

extension IntakeOptions {
    /// Whether a file has no byte, and no record for that: where the format says more than records do, it is damaged.
    func holdsNothing(_ file: IntakeFile) -> Bool {
        file.byteCount == 0 && (format ?? FileFormat(fileName: file.name)) != .parquet
    }
}
