import Expectations
import Pipeline
import Service
import Suites

/// What a quarantine holds of the records that somebody asks about: how many by rule, and the newest.
///
/// It goes on from version to version: only what has come since is read, unless something became of records or files were rewritten.
struct QuarantineCount {
    private(set) var tally = QuarantineTally()
    private(set) var newest: NewestRecords
    private let filter: QuarantineFilter
    private var extent: QuarantineTable.Extent?
    private var resolutionCount = 0

    /// Records that are kept of the newest.
    static let mostRecords = 1_000

    init(_ filter: QuarantineFilter) {
        self.filter = filter
        newest = NewestRecords(limit: Self.mostRecords)
    }

    /// Takes in all that the newest version has; throws `CancellationError` as soon as nobody wants it any more.
    mutating func advance(in definition: PipelineDefinition, isUnwanted: () -> Bool) throws {
        guard let (state, table) = try StreamBook.opened(definition) else { return self = QuarantineCount(filter) }
        defer { try? state.close() }
        let resolved = try state.resolutionCount()
        let beginning = resolved == resolutionCount ? extent.flatMap { table.beginning(after: $0) } : nil
        if beginning == nil { self = QuarantineCount(filter) }
        let status = QuarantineStatus(filter.status)
        let reading = try table.reading(QuarantineSelector(filter), .errors, from: beginning ?? .beginning)
        while let found = try reading.next() {
            guard !isUnwanted() else { throw CancellationError() }
            let records = found.map(\.record)
            let resolutions = resolved == 0 ? [:] : try state.resolutions(of: records)
            for record in records where status.fits(resolutions[record.key]) {
                tally.add(record)
                newest.add(record, resolutions[record.key])
            }
        }
        extent = table.extent
        resolutionCount = resolved
    }
}

extension QuarantineStatus {
    fileprivate init(_ status: QuarantineFilter.Status) {
        self =
            switch status {
            case .quarantined: .quarantined
            case .released: .released
            case .replayed: .replayed
            case .discarded: .discarded
            case .all: .all
            }
    }
}

extension QuarantineSelector {
    init(_ filter: QuarantineFilter) {
        self.init()
        rule = filter.rule
        file = filter.file
        since = filter.since
        until = filter.until
        if !filter.ids.isEmpty { ids = filter.ids }
    }
}
