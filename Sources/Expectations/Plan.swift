public import Statistics
public import Tables

/// An expectation whose arguments are sound, not yet bound to a table.
public struct Plan: Sendable {
    /// Types that the expectation declares for columns of files without types of their own.
    public var declaredTypes: [ColumnName: TypeName] = [:]
    /// Columns that it judges, in order.
    public let columns: [String]
    let claim: Claim
    let bind: @Sendable (TableContext) throws(PlanError) -> BoundPlan

    init(
        columns: [String], claim: Claim, bind: @escaping @Sendable (TableContext) throws(PlanError) -> BoundPlan
    ) {
        self.columns = columns
        self.claim = claim
        self.bind = bind
    }
}

/// The asset's schema at its last run.
public enum PreviousSchema: Sendable {
    /// This is the first run.
    case none
    case known(Schema)
    /// It can't be read; the reason says why.
    case unavailable(String)
}

/// What is known of a table when a plan is bound to it.
public struct TableContext: Sendable {
    public let schema: Schema
    public let partitions: [Partition]
    /// Microseconds since 1970-01-01T00:00:00Z.
    public let now: Int64
    /// Where timestamps are meant that name no zone.
    public let timeZone: ZoneRule
    /// How each column came by its type, by the schema's index.
    public let typeOrigins: [TypeOrigin]
    public let previousSchema: PreviousSchema
    /// Columns that can't be read, by the schema's index, and why.
    public let refusals: [Int: SourceError]
    /// The table's commits; `nil` where its format keeps none.
    public let history: (any VersionedSource)?
    /// What metrics that grow with the data share.
    public let memory: MemoryBudget
    /// The row condition of the expectation at hand.
    public internal(set) var condition: BoundCondition?
    public internal(set) var resultFormat = ResultFormat()

    public init(
        schema: Schema, partitions: [Partition], now: Int64, timeZone: ZoneRule = .utc,
        typeOrigins: [TypeOrigin]? = nil,
        previousSchema: PreviousSchema = .none, history: (any VersionedSource)? = nil,
        refusals: [Int: SourceError] = [:], memory: MemoryBudget = .unlimited
    ) {
        self.schema = schema
        self.partitions = partitions
        self.now = now
        self.timeZone = timeZone
        self.typeOrigins = typeOrigins ?? schema.fields.map { _ in .stored }
        self.previousSchema = previousSchema
        self.history = history
        self.refusals = refusals
        self.memory = memory
    }

    /// Where a column stands; an error where there is none, or none that can be read.
    ///
    /// Names match exactly, or without regard to case where only one does, as in GX.
    func index(of column: String) throws(PlanError) -> Int {
        let index = try place(of: column)
        try check(index)
        return index
    }

    private func place(of column: String) throws(PlanError) -> Int {
        if let index = schema.index(of: column) { return index }
        if let index = schema.index(inAnyCase: column) { return index }
        throw PlanError(
            code: "unknown-column", message: "there is no column \"\(column)\"",
            hint: Suggestion.nearest(to: column, among: schema.names).map { "did you mean \"\($0)\"?" }
                ?? (schema.fields.isEmpty ? "the table has none" : "columns: \(firstNames)"))
    }

    /// Refuses a column that can't be read.
    func check(_ column: Int) throws(PlanError) {
        guard let refusal = refusals[column] else { return }
        throw PlanError(code: refusal.code, message: "\(refusal.place): \(refusal.message)", hint: refusal.hint)
    }

    /// Names of columns for a message: 20 of them, each of 40 characters at most.
    private var firstNames: String {
        let names = schema.fields.prefix(20).map { field in
            field.name.unicodeScalars.count <= 40
                ? field.name : String(String.UnicodeScalarView(field.name.unicodeScalars.prefix(40))) + "…"
        }
        return names.joined(separator: ", ") + (schema.fields.count > 20 ? ", …" : "")
    }

    func field(_ column: String) throws(PlanError) -> (index: Int, type: LogicalType) {
        let index = try index(of: column)
        return (index, schema.fields[index].type)
    }
}

/// An expectation that fits a table: what it wants gathered, and how the numbers become a verdict.
public struct BoundPlan: Sendable {
    public let metrics: [Metric]
    /// For kinds that judge rows: the test itself, for splitting a stream by it.
    public let rowTest: (any RowTest)?
    /// For kinds that want rows to differ: in what.
    public let uniqueKey: UniqueKey?
    /// Rows to be looked at once more after the first pass.
    let followUp: @Sendable (Measurements) -> RowRequest?
    let judge: @Sendable (Measurements) -> Judgement
    /// What is worth a sentence in `assay plan`: a second pass and when.
    public let note: String?

    init(
        metrics: [Metric], rowTest: (any RowTest)? = nil, uniqueKey: UniqueKey? = nil, note: String? = nil,
        followUp: @escaping @Sendable (Measurements) -> RowRequest? = { _ in nil },
        judge: @escaping @Sendable (Measurements) -> Judgement
    ) {
        self.metrics = metrics
        self.rowTest = rowTest
        self.uniqueKey = uniqueKey
        self.note = note
        self.followUp = followUp
        self.judge = judge
    }

    /// Rows that the verdict wants to see again, given what the first pass gathered.
    public func followUp(after measurements: Measurements) -> RowRequest? { followUp(measurements) }
}

/// A verdict, and what is shown beside it.
public struct Judgement: Sendable {
    public var outcome: Outcome
    public var rows: RowCounts?
    public var observedValue: JSON?
    /// The observed value as a sentence shows it.
    public var observedText: String?
    public var unexpectedRows: UnexpectedRows = []
    public var unexpectedCounts: [UnexpectedCount]? = []
    public var details: [JSON.Member] = []
    /// Kinds with reactions set to `warn` lower the severity of a failure.
    public var severityCap: Severity?
    /// The share of unexpected rows that `mostly` allows, as in `5 %`; `nil` where it allows none.
    public var allowed: String?
    /// The verdict in words, where the claim alone doesn't make it.
    public var statement: String?
    /// Whether the observed value is one of the column's own values, as a maximum is: not to be shown of personal columns.
    public var tellsValue = false
    /// The statement without the value that it tells.
    public var discreetStatement: String?

    public init(_ outcome: Outcome) { self.outcome = outcome }
}
