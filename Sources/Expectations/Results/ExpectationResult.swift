public import Tables

/// A failing row in a result.
public struct UnexpectedRow: Sendable, Equatable {
    /// The offending value, or the values of the columns that are judged together, by name.
    public let values: [Cell]
    /// The values of `unexpected_index_column_names`.
    public let index: [Cell]
    public let partition: String
    /// Within its file, from 1, the header not counted.
    public let row: Int
    public let byteOffset: Int64?

    public struct Cell: Sendable, Equatable {
        public let column: String
        /// Of a long text the beginning.
        public let value: Value
        /// Unicode scalars of the whole text, where `value` is only its beginning.
        public let wholeLength: Int?

        public init(column: String, value: Value) { self.init(column: column, ShownValue(value)) }

        public init(column: String, _ shown: ShownValue) {
            self.column = column
            value = shown.value
            wholeLength = shown.wholeLength
        }

        /// The value, and of a text that was cut how long it is.
        public var json: JSON {
            guard let wholeLength, case .text(let beginning) = value else { return value.json }
            return .string("\(beginning)… (\(Wording.count(wholeLength)) characters in all)")
        }
    }

    public init(values: [Cell], index: [Cell], partition: String, row: Int, byteOffset: Int64?) {
        self.values = values
        self.index = index
        self.partition = partition
        self.row = row
        self.byteOffset = byteOffset
    }
}

/// How often an unexpected value occurs.
public struct UnexpectedCount: Sendable, Equatable {
    public let values: [UnexpectedRow.Cell]
    public let count: Int

    public init(values: [UnexpectedRow.Cell], count: Int) {
        self.values = values
        self.count = count
    }
}

/// The counts of a judgement of rows.
///
/// Percentages are 0 through 100; `nil` where there is nothing to divide by.
public struct RowCounts: Sendable, Equatable {
    /// Rows the row condition selects.
    public let elementCount: Int
    /// Rows that are not judged, their value being missing (or `ignore_row_if` says so).
    public let missingCount: Int
    public let unexpectedCount: Int
    /// Null kinds judge every row: they have no `missing_count` in a result.
    public let reportsMissing: Bool

    public init(elementCount: Int, missingCount: Int, unexpectedCount: Int, reportsMissing: Bool = true) {
        self.elementCount = elementCount
        self.missingCount = missingCount
        self.unexpectedCount = unexpectedCount
        self.reportsMissing = reportsMissing
    }

    public var consideredCount: Int { elementCount - missingCount }
    public var missingPercent: Double? { Self.percent(missingCount, of: elementCount) }
    public var unexpectedPercent: Double? { Self.percent(unexpectedCount, of: consideredCount) }
    public var unexpectedPercentTotal: Double? { Self.percent(unexpectedCount, of: elementCount) }

    static func percent(_ part: Int, of whole: Int) -> Double? {
        whole == 0 ? nil : Double(part) / Double(whole) * 100
    }
}

/// What an expectation came to.
public struct ExpectationResult: Sendable {
    public let expectation: ExpectationSummary
    public let outcome: Outcome
    /// GX's Boolean: passed, or vacuous where `on_empty` lets it.
    public let success: Bool
    /// How loud a failure is here: the expectation's severity, less for a vacuous one that only warns.
    public let severity: Severity
    public let rows: RowCounts?
    /// The aggregate that was compared with bounds, as JSON; `nil` for judgements of rows.
    public var observedValue: JSON?
    /// The first failing rows.
    public var unexpectedRows: UnexpectedRows
    /// The most frequent unexpected values, over all rows; `nil` where there were too many different ones to count, or no memory for it.
    public var unexpectedCounts: [UnexpectedCount]?
    /// More that a kind has to say, as in a schema's difference.
    public var details: [JSON.Member]
    /// The verdict in words that a non-programmer reads.
    public var sentence: String
    /// The same without the column's own value that it tells, for personal columns; `nil` where it tells none.
    public let discreetSentence: String?
    /// The stable code of the error behind an errored outcome; `nil` for the others.
    public let errorCode: String?

    /// Of how many rows the files' own statistics were enough, so that no value of them was read; `nil` for none.
    public var rowsFromStatistics: Int? {
        details.first { $0.name == Self.statisticsDetail }?.value.integer.map { Int($0) }
    }

    public static let statisticsDetail = "rows_from_statistics"

    /// Names of details, and of members of observed values, that tell no value of a column: what the author wrote, verdicts, and
    /// counts.
    public static let memberNamesWithoutValues: Set<String> = [
        "quantiles", "success_details", "max_age_seconds", "future_count", "uncomparable_count", statisticsDetail,
    ]

    public init(
        expectation: ExpectationSummary, outcome: Outcome, success: Bool, severity: Severity, errorCode: String? = nil,
        rows: RowCounts? = nil,
        observedValue: JSON? = nil, unexpectedRows: UnexpectedRows = [], unexpectedCounts: [UnexpectedCount]? = [],
        details: [JSON.Member] = [], sentence: String, discreetSentence: String? = nil
    ) {
        self.expectation = expectation
        self.outcome = outcome
        self.success = success
        self.severity = severity
        self.rows = rows
        self.observedValue = observedValue
        self.unexpectedRows = unexpectedRows
        self.unexpectedCounts = unexpectedCounts
        self.details = details
        self.sentence = sentence
        self.discreetSentence = discreetSentence
        self.errorCode = errorCode
    }
}

/// An expectation as results, the ledger and reports show it.
public struct ExpectationSummary: Sendable, Equatable {
    /// The kind's name.
    public let type: String
    /// The arguments as they were written, `column` and `mostly` among them.
    public let arguments: [JSON.Member]
    /// Columns that it judges, in order.
    public let columns: [String]
    public let severity: Severity
    public let resultFormat: ResultFormat
    /// The author's own name for it.
    public let id: String?
    public let location: SourceMark?
    /// The same for equal kinds and arguments, whatever the spelling: what joins results over time.
    public let fingerprint: String
    /// What the author wrote about it.
    public let description: String?
    /// `notes` and `meta`, where the author wrote any.
    public let notes: [JSON.Member]

    public init(
        type: String, arguments: [JSON.Member], columns: [String], severity: Severity,
        resultFormat: ResultFormat = ResultFormat(), id: String? = nil, location: SourceMark? = nil,
        fingerprint: String,
        description: String? = nil, notes: [JSON.Member] = []
    ) {
        self.type = type
        self.arguments = arguments
        self.columns = columns
        self.severity = severity
        self.resultFormat = resultFormat
        self.id = id
        self.location = location
        self.fingerprint = fingerprint
        self.description = description
        self.notes = notes
    }
}
