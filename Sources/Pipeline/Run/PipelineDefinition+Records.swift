import Expectations
import Expressions
import Formats
import Intake
import Suites
import Tables

/// What a definition means for the records that come.
extension PipelineDefinition {
    /// How long a held batch waits at first, in microseconds.
    var retryAfter: Int64 { silver.gate?.retryAfter ?? GateDefinition.usualRetryAfter }

    /// Columns of the source that something reads, be it a stage, a rule, a window, a key or the layout of a table, and that have shown no
    /// value yet, with the types that they are awaited as.
    ///
    /// - mayBeNew: whether one that the source never had may come still; else it is a mistake.
    func columnsAwaited(of kept: KeptSchema, mayBeNew: Bool, _ options: PipelineOptions) -> [Field] {
        let lineage = Set(RecordLineage.allCases.map(\.field.name))
        let untyped = Set(named: kept.untyped)
        let known = Set(named: kept.columns.map(\.name))
        var seen: Set<ColumnName> = []
        let names = columnsRead.filter { name in
            !lineage.contains(name) && (untyped.contains(column: name) || mayBeNew && !known.contains(column: name))
                && seen.insert(ColumnName(name)).inserted
        }
        return AwaitedTypes(names, self, kept, options).fields
    }

    /// Those of the source that anything reads, as they are first named.
    var columnsRead: [String] { readers.flatMap(\.columns) }

    /// What reads columns, under its key in the definition, and which.
    typealias Reader = (name: String, columns: [String])

    /// What reads columns of the source.
    var readers: [Reader] {
        let made = Set(named: silver.select.map(\.name))
        var ofSource: [Reader] = silver.select.map { ("select.\($0.name)", $0.value.columns()) }
        ofSource += [("drop", silver.drop), ("bronze", bronze?.partitionColumns ?? [])]
        let keys = (silver.deduplicate?.columns ?? []) + [silver.deduplicate?.timeColumn].compactMap(\.self)
        var ofSilver: [Reader] = [
            ("filter", silver.filter?.value.columns() ?? []), ("deduplicate", keys),
            ("gate", silver.gate?.suite.expectations.flatMap(\.columnsRead) ?? []),
        ]
        for table in gold {
            let columns = [table.timeColumn] + table.groupBy + table.aggregates.flatMap { $0.value.columns() }
            ofSilver.append((GoldStage.name(of: table.place), columns))
        }
        ofSilver.append(("silver", silver.place.partitionColumns))
        return ofSource + ofSilver.map { ($0.name, $0.columns.filter { !made.contains(column: $0) }) }
    }

    /// The columns by which quarantined records are read again, of those that were kept so far.
    func columnsJudgedAgain(_ kept: KeptSchema, _ options: PipelineOptions) -> KeptSchema {
        kept.awaiting(columnsAwaited(of: kept, mayBeNew: options.intake.mayHaveKeys([]), options))
    }
}

extension IntakeOptions {
    /// Whether a column that nobody has seen yet may come still: keys of JSON may be absent, columns of a header may not.
    func mayHaveKeys(_ files: [IntakeFile]) -> Bool {
        if let format { return format == .json }
        return files.isEmpty || files.contains { FileFormat(fileName: $0.name) == .json }
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
