import Expectations
import Expressions
import Statistics
import Tables

/// One accumulator's work in a pass: a metric's, or that of several which share most of it.
struct Gathering: Sendable {
    /// Rows that count; `nil` for all.
    let condition: RowSelection?
    let empty: any Accumulator
    /// The metrics that it is for, by their place in the plan.
    let metrics: [Int]
    /// What it reads, its condition's columns included.
    let projection: Projection
    private let isPanel: Bool

    /// Of metrics with one condition, or none.
    private init(_ group: [Int], of metrics: [Metric], empty: any Accumulator, isPanel: Bool) {
        self.empty = empty
        self.isPanel = isPanel
        self.metrics = group
        condition = metrics[group[0]].condition
        var projection = condition?.projection ?? Projection()
        for index in group { projection.formUnion(metrics[index].projection) }
        self.projection = projection
    }

    /// All metrics' gatherings: tests of the values of one column in the same rows come together.
    static func all(_ metrics: [Metric]) -> [Gathering] {
        var groups: [PanelKey: [Int]] = [:]
        var gatherings: [Gathering] = []
        for (index, metric) in metrics.enumerated() {
            guard let key = PanelKey(metric) else {
                gatherings.append(Gathering([index], of: metrics, empty: metric.empty, isPanel: false))
                continue
            }
            groups[key, default: []].append(index)
        }
        for group in groups.values.sorted(by: { $0[0] < $1[0] }) {
            guard let panel = ValueTestPanel(group.map { metrics[$0] }) else {
                preconditionFailure("tests of one column in the same rows make a panel")
            }
            gatherings.append(Gathering(group, of: metrics, empty: panel, isPanel: true))
        }
        return gatherings
    }

    /// The finished metrics, in the order of `metrics`.
    func results(of total: any Accumulator) -> [any Sendable] {
        guard isPanel else { return [total.result] }
        guard let panel = total as? ValueTestPanel else { preconditionFailure("a panel gathers for a panel") }
        return panel.finish()
    }
}

/// What metrics have in common that make a panel.
private struct PanelKey: Hashable {
    let column: Int
    let condition: MetricKey

    init?(_ metric: Metric) {
        guard let column = metric.valueColumn else { return nil }
        self.column = column
        condition = MetricKey("rows", condition: metric.key.condition)
    }
}

extension Accumulator {
    fileprivate var result: any Sendable { finish() }
}
