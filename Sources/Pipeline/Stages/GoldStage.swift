import Expectations
import Expressions
public import Suites
import Tables

/// A gold table tied to silver's columns.
struct GoldStage: Sendable {
    /// As in `gold.revenue_hourly`.
    let name: String
    let place: LayerPlace
    let plan: WindowPlan
    private let mark: SourceMark

    /// - Throws: what doesn't fit silver's columns, at its place.
    init(_ definition: GoldDefinition, silver: Schema, seed: UInt64, zone: ZoneRule) throws(SuiteProblems) {
        place = definition.place
        mark = definition.mark
        name = Self.name(of: definition.place)
        let shape: WindowDefinition.Shape =
            switch definition.window {
            case .tumbling(let size): .tumbling(size: size)
            case .sliding(let size, let slide): .sliding(size: size, slide: slide)
            case .session(let gap): .session(gap: gap)
            }
        do throws(WindowDefinition.Mistake) {
            let windows = try WindowDefinition(
                column: definition.timeColumn, shape: shape, lateness: definition.lateness,
                futureTolerance: definition.futureTolerance, groupBy: definition.groupBy,
                aggregates: definition.aggregates.map { WindowDefinition.Aggregate($0.name, $0.value) })
            plan = try WindowPlan(windows, schema: silver, seed: seed, zone: zone)
        } catch {
            throw SuiteProblems([
                SuiteError(
                    code: error.code, message: "\(Self.name(of: definition.place)): \(error.message)",
                    location: Self.mark(error, definition), hint: error.hint)
            ])
        }
    }

    /// Sees that windows which are stored were begun by this definition; `nil` where none are.
    ///
    /// Error: `schema-mismatch`.
    func check(begunAs fingerprint: String?) throws(PipelineError) {
        guard let fingerprint, fingerprint != plan.fingerprint else { return }
        throw PipelineError(
            .schemaMismatch, "the table's definition has changed since it was begun", place: name,
            hint: "close its windows with the old definition (assay run --once --close-windows), "
                + "then name another table for the new one", at: mark)
    }

    /// The layer's name: that of its asset, which says that it is gold.
    static func name(of place: LayerPlace) -> String {
        isName(place.name) ? place.name : "gold.\(place.name)"
    }

    /// Whether a layer's name is that of a gold table.
    static func isName(_ layer: String) -> Bool { layer.hasPrefix("gold.") }

    private static func mark(_ mistake: WindowDefinition.Mistake, _ definition: GoldDefinition) -> SourceMark {
        guard case .aggregate(let index) = mistake.place, definition.aggregates.indices.contains(index) else {
            return definition.mark
        }
        let mark = definition.aggregates[index].mark
        return SourceMark(file: mark.file, line: mark.line, column: mark.column + (mistake.offset ?? 0))
    }
}

extension GoldDefinition {
    /// By what counts of records name it, as in `gold.revenue_hourly`.
    public var hop: String { GoldStage.name(of: place) }
}
