public import Expectations
import Expressions
public import Statistics
public import Tables

/// What a scan will do: the metrics that the expectations ask for, each once, and the columns to read for them.
public struct ScanPlan: Sendable {
    public let source: any BatchSource
    /// In the suite's order: bound to the table, or why they can't be.
    public let expectations: [PlannedExpectation]
    /// Without repetitions.
    public let metrics: [Metric]
    /// The metrics again, those together that share work.
    let gatherings: [Gathering]
    /// All columns that are read, those of row conditions included.
    public let projection: Projection
    let previousSchema: PreviousSchema

    /// The table, as expectations are tied to it.
    private let table: TableContext

    /// Which version of the table is read, where its format keeps versions.
    var tableVersion: TableVersion? { (source as? any VersionedSource)?.version }

    /// The table's schema, guessed types made those of the last run where they say nothing else.
    var settledSchema: Schema {
        guard case .known(let previous) = previousSchema else { return source.schema }
        return source.schema.settled(by: previous, source.typeOrigins)
    }

    /// The same table with other types for columns of which nobody knows better than the expectations; `nil` where there are none.
    public func retypedSource() -> (any BatchSource)? { hopingForNumbers() ?? meaningTimes() }

    /// The same table with timestamps in columns that passed for text, where expectations compare them with times; `nil` where none do.
    ///
    /// A value that is no time made text of the column. To compare it as such would let it pass: it is uncomparable.
    private func meaningTimes() -> (any BatchSource)? {
        let schema = source.schema
        let open = schema.fields.indices.filter {
            source.typeOrigins[$0] == .inferred && schema.fields[$0].type == .string
        }
        guard !open.isEmpty else { return nil }
        var asked: [Int: [PlannedExpectation]] = [:]
        for planned in expectations {
            for column in Set(planned.expectation.columnsRead.compactMap { schema.index(of: $0) })
            where open.contains(column) {
                asked[column, default: []].append(planned)
            }
        }
        let types = open.reduce(into: [Int: LogicalType]()) { types, column in
            let asked = asked[column] ?? []
            let times = table.retyping([column: .timestamp])
            let areAboutTimes =
                asked.contains { $0.expectation.comparesTimes(in: column, of: table) }
                && asked.allSatisfy { $0.mistake != nil || (try? $0.expectation.bound(to: times)) != nil }
            if areAboutTimes { types[column] = .timestamp }
        }
        return types.isEmpty ? nil : source.retyping(types, origin: .inferred)
    }

    /// The same table with numbers in columns that show no value, where expectations want numbers there; `nil` where none do.
    ///
    /// Such a column passes for text, and a bound that is a number would seem to be a mistake. It is a hope and no more: the
    /// first values tell the column's type, whatever the expectations are.
    private func hopingForNumbers() -> (any BatchSource)? {
        var types: [Int: LogicalType] = [:]
        let origins = source.typeOrigins
        for planned in expectations {
            guard case .failure(let error) = planned.binding, ["wrong-type", "bad-bound"].contains(error.code) else {
                continue
            }
            for column in planned.expectation.columns {
                guard let index = source.schema.index(of: column), origins[index] == .unknown,
                    source.schema.fields[index].type == .string
                else { continue }
                types[index] = .float64
            }
        }
        return types.isEmpty ? nil : source.retyping(types, origin: .unknown)
    }

    /// This plan with the metrics of another, which were gathered; `nil` where they don't answer all that it asks.
    ///
    /// Both are of the same expectations and rows, with other columns.
    func answered(by other: ScanPlan) -> ScanPlan? {
        let gathered = Dictionary(uniqueKeysWithValues: other.metrics.map { ($0.key, other.columnsRead(by: $0)) })
        guard retypedSource() == nil, metrics.allSatisfy({ gathered[$0.key] == columnsRead(by: $0) }) else {
            return nil
        }
        return ScanPlan(
            source: source, expectations: expectations, metrics: other.metrics, gatherings: other.gatherings,
            projection: projection, previousSchema: previousSchema, table: table)
    }

    private func columnsRead(by metric: Metric) -> Set<String> {
        var projection = metric.projection
        if let condition = metric.condition { projection.formUnion(condition.projection) }
        return Set(projection.needs.keys.map { source.schema.fields[$0].name })
    }

    /// Expectations that may want a second pass, and when.
    public var notes: [(expectation: Expectation, note: String)] {
        expectations.compactMap { planned in
            guard case .success(let bound) = planned.binding, let note = bound.plan.note else { return nil }
            return (planned.expectation, note)
        }
    }
}

/// An expectation, and how it fits a table.
///
/// A class, as thousands of them are handed on several times, and a copy of all that one holds costs a count for each part.
public final class PlannedExpectation: Sendable {
    public let expectation: Expectation
    public let binding: Result<BoundExpectation, PlanError>
    /// Not written in the suite: it shows only when it is no success.
    public let isImplied: Bool

    fileprivate init(_ expectation: Expectation, _ context: TableContext, isImplied: Bool) {
        self.expectation = expectation
        self.isImplied = isImplied
        do throws(PlanError) {
            binding = .success(try expectation.bound(to: context))
        } catch {
            binding = .failure(error)
        }
    }

    /// Why it can't be decided about the table; `nil` where it fits.
    public var mistake: PlanError? {
        guard case .failure(let error) = binding, !expectation.hasNothingToCheck(for: error) else { return nil }
        return error
    }

    /// Why there is nothing to check, where it lets a column be absent.
    public var emptyReason: String? {
        guard case .failure(let error) = binding, expectation.hasNothingToCheck(for: error) else { return nil }
        return error.message
    }
}

extension ScanPlan {
    /// Plans to judge a table.
    ///
    /// `now` is the run's clock, `previousSchema` what the asset looked like at its last run, `memory` what the metrics
    /// of one pass may take together.
    ///
    /// Every table is also expected to have well-formed rows, whether or not the suite says so.
    public init(
        _ expectations: [Expectation], source: any BatchSource, now: Int64, previousSchema: PreviousSchema = .none,
        memory: MemoryBudget = .unlimited
    ) {
        let context = TableContext(
            schema: source.schema, partitions: source.partitions, now: now, timeZone: source.timeZone,
            typeOrigins: source.typeOrigins,
            previousSchema: previousSchema, history: source as? any VersionedSource,
            refusals: Dictionary(
                uniqueKeysWithValues: source.schema.fields.indices.compactMap { index in
                    source.refusal(ofColumn: index).map { (index, $0) }
                }), memory: memory)
        var planned = expectations.map { PlannedExpectation($0, context, isImplied: false) }
        if let implied = Self.wellFormed, !expectations.contains(where: { $0.kind.name == implied.kind.name }) {
            planned.append(PlannedExpectation(implied, context, isImplied: true))
        }
        var metrics: [Metric] = []
        var known: Set<MetricKey> = []
        var projection = Projection()
        for planned in planned {
            guard case .success(let bound) = planned.binding else { continue }
            for metric in bound.plan.metrics {
                projection.formUnion(metric.projection)
                if let condition = metric.condition { projection.formUnion(condition.projection) }
                if known.insert(metric.key).inserted { metrics.append(metric) }
            }
        }
        self.init(
            source: source, expectations: planned, metrics: metrics, gatherings: Gathering.all(metrics),
            projection: projection, previousSchema: previousSchema, table: context)
    }

    private static let wellFormed: Expectation? = {
        let name = "expect_table_rows_to_be_well_formed"
        guard let kind = Catalogue.kind(named: name) else { return nil }
        return try? Expectation(kind: kind, arguments: Arguments(kind: name, []))
    }()
}
