import Expressions
import Statistics
public import Tables

/// A window table tied to the columns of the table that it is made of.
public struct WindowPlan: Sendable {
    public let definition: WindowDefinition
    /// The columns that come out: `window_start`, `window_end`, those grouped by, the aggregates.
    public let schema: Schema
    /// The columns that must be in a batch.
    public let projection: Projection
    /// The same for equal definitions over columns of the same types: what was stored by one can be read by the other.
    public let fingerprint: String
    let time: Int
    let groups: [Int]
    let groupTypes: [LogicalType]
    let aggregates: [BoundAggregate]
    /// Of hashes that are kept.
    let seed: UInt64

    /// - seed: a random number that is kept with the state.
    /// - zone: where timestamps without zone are meant that expressions read out of texts.
    /// - Throws: what doesn't fit the table.
    public init(
        _ definition: WindowDefinition, schema source: Schema, seed: UInt64, zone: ZoneRule = .utc
    ) throws(WindowDefinition.Mistake) {
        self.definition = definition
        self.seed = seed
        time = try Self.column(definition.column, in: source, at: .column)
        guard source.fields[time].type == .timestamp || source.fields[time].type == .date else {
            throw WindowDefinition.Mistake(
                .column, "wrong-type",
                "windows are cut by timestamps, and \"\(definition.column)\" is \(source.fields[time].type)",
                hint: "make it one in the select: timestamp(\(definition.column))")
        }
        var fields = [
            Field("window_start", .timestamp, isNullable: false), Field("window_end", .timestamp, isNullable: false),
        ]
        var projection = Projection([time: .values])
        var groups: [Int] = []
        for (index, name) in definition.groupBy.enumerated() {
            let column = try Self.column(name, in: source, at: .group(index))
            let field = source.fields[column]
            guard GroupKey.isKnown(field.type) else {
                throw WindowDefinition.Mistake(
                    .group(index), "wrong-type", "\"\(name)\" is \(field.type), and only single values make groups")
            }
            groups.append(column)
            fields.append(Field(name, field.type))
            projection.add(.values, of: column)
        }
        var aggregates: [BoundAggregate] = []
        for (index, aggregate) in definition.aggregates.enumerated() {
            let bound: BoundAggregate
            do { bound = try aggregate.expression.bound(to: source, zone: zone) } catch {
                throw WindowDefinition.Mistake(.aggregate(index), error)
            }
            aggregates.append(bound)
            fields.append(Field(aggregate.name, bound.type, isNullable: bound.canBeMissing))
            projection.formUnion(bound.projection)
        }
        try Self.checkNames(fields, groupCount: groups.count)
        schema = Schema(fields)
        self.projection = projection
        self.groups = groups
        self.aggregates = aggregates
        groupTypes = groups.map { source.fields[$0].type }
        fingerprint = Self.fingerprint(definition, aggregates, groupTypes)
    }

    private static func column(
        _ name: String, in schema: Schema, at place: WindowDefinition.Mistake.Place
    ) throws(WindowDefinition.Mistake) -> Int {
        if let index = schema.index(of: name) { return index }
        throw WindowDefinition.Mistake(
            place, "unknown-column", "the table has no column \"\(name)\"",
            hint: Suggestion.nearest(to: name, among: schema.names).map { "did you mean \"\($0)\"?" })
    }

    private static func checkNames(_ fields: [Field], groupCount: Int) throws(WindowDefinition.Mistake) {
        var names: Set<ColumnName> = []
        for (index, field) in fields.enumerated() where !names.insert(ColumnName(field.name).folded).inserted {
            let place: WindowDefinition.Mistake.Place =
                index < 2 + groupCount ? .group(index - 2) : .aggregate(index - 2 - groupCount)
            throw WindowDefinition.Mistake(
                place, "duplicate-column", "the table would have two columns \"\(field.name)\"")
        }
    }

    private static func fingerprint(
        _ definition: WindowDefinition, _ aggregates: [BoundAggregate], _ groupTypes: [LogicalType]
    ) -> String {
        let shape =
            switch definition.shape {
            case .tumbling(let size): "tumbling \(size)"
            case .sliding(let size, let slide): "sliding \(size) \(slide)"
            case .session(let gap): "session \(gap)"
            }
        let groups = zip(definition.groupBy, groupTypes).map { JSON.array([.string($0), .string("\($1)")]) }
        let gathered = zip(definition.aggregates, aggregates).map { named, bound in
            JSON.array([
                .string(named.expression.canonicalText), .string(bound.argument.map { "\($0.type)" } ?? "*"),
                .string("\(bound.type)"),
            ])
        }
        // Lateness and names may change without a loss.
        let text = JSON.array([
            .string(definition.column), .string(shape), .array(groups), .array(gathered),
        ]).text()
        return Hash128(text).hexadecimal
    }

    /// `nil` for sessions.
    var panes: Panes? {
        switch definition.shape {
        case .tumbling(let size): Panes(size: size, slide: size)
        case .sliding(let size, let slide): Panes(size: size, slide: slide)
        case .session: nil
        }
    }

    /// Of sessions.
    var gap: Int64 { if case .session(let gap) = definition.shape { gap } else { 0 } }

    /// When the last window ends that a record of that time can be in.
    @inline(__always)
    func lastEnd(of time: Int64) -> Int64 { panes?.lastEnd(of: time) ?? time &+ gap }

    func makeCells() -> [any AggregateCells] { aggregates.map { $0.makeCells(seed: seed) } }
}
