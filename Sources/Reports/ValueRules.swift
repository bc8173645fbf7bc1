import Expectations
public import Ledger

/// How values are shown of a project's assets, by what the project says now.
///
/// What was stored before a column became personal is masked as well.
public struct ValueRules: Sendable, Equatable {
    public let display: ValueDisplay
    /// Columns whose values nobody may see, by asset.
    public let personalColumns: [String: Set<String>]

    public init(_ display: ValueDisplay = .masked, personalColumns: [String: Set<String>] = [:]) {
        self.display = display
        self.personalColumns = personalColumns
    }

    func personal(of asset: String) -> Set<String> { personalColumns[asset] ?? [] }

    func apply(to stored: StoredResult, ofAsset asset: String) -> ExpectationResult {
        display.apply(to: ExpectationResult(stored), personal: personal(of: asset))
    }

    /// The numbers of an asset that may be shown.
    public func shown(_ series: [MetricSeries], ofAsset asset: String) -> [MetricSeries] {
        let personal = personal(of: asset)
        return series.filter { !$0.tellsValues(in: personal) }
    }
}
