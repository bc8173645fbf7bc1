public import Expressions
public import Tables

/// Values that columns get before records are judged again.
public struct RecordPatch: Sendable {
    /// One column's, in the expression language.
    public struct Assignment: Sendable, Hashable {
        public let column: String
        /// As it was written.
        public let text: String
        let value: ValueExpression

        /// - Throws: as ``ValueExpression/parse(_:)``.
        public init(column: String, text: String) throws(ExpressionError) {
            self.column = column
            self.text = text
            value = try ValueExpression.parse(text)
        }

        var json: JSON {
            .object([
                JSON.Member("column", .string(column)), JSON.Member("value", .string(text)),
            ])
        }

        init?(json: JSON) {
            guard let column = json["column"]?.string, let text = json["value"]?.string else { return nil }
            try? self.init(column: column, text: text)
        }
    }

    private let projector: Projector

    /// Ties assignments to the source's columns.
    ///
    /// Errors: `bad-argument` for a column that the source hasn't, or an expression that doesn't fit.
    public init(_ assignments: [Assignment], of source: Schema, pipeline: String, zone: ZoneRule = .utc)
        throws(PipelineError)
    {
        for assignment in assignments where source.index(of: assignment.column) == nil {
            throw PipelineError(
                .badArgument, "--set: the source has no column \"\(assignment.column)\"", place: pipeline,
                hint: Suggestion.nearest(to: assignment.column, among: source.names).map { "did you mean \($0)?" })
        }
        do throws(Projector.Mistake) {
            projector = try Projector(assignments.map { ($0.column, $0.value) }, of: source, zone: zone)
        } catch {
            throw PipelineError(
                .badArgument, "--set \(assignments[error.index].column): \(error.error.message)", place: pipeline,
                hint: error.error.hint)
        }
    }

    /// By row, the columns' new values; `nil` for a row for which one of them can't be made.
    func values(of batch: Batch, clock: Int64) -> [[JSON.Member]?] {
        let made = projector.columns(of: batch, clock: clock)
        return (0..<batch.rowCount).map { row in
            guard made.allSatisfy({ !$0.problems.rows[row] }) else { return nil }
            return zip(projector.schema.fields, made).map { field, made in
                JSON.Member(field.name, made.column.value(at: row).json)
            }
        }
    }
}

extension JSON {
    /// The object with another value at the end of a path of names; names that aren't there are added.
    func setting(_ path: ArraySlice<String>, to value: JSON) -> JSON {
        guard let name = path.first else { return value }
        var members = self.members ?? []
        let place = members.lastIndex { $0.name.utf8.elementsEqual(name.utf8) }
        let inner = (place.map { members[$0].value } ?? .object([])).setting(path.dropFirst(), to: value)
        if let place { members[place] = Member(name, inner) } else { members.append(Member(name, inner)) }
        return .object(members)
    }
}
