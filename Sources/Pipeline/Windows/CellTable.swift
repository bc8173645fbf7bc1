import Statistics
import Tables

/// Cells of partial aggregates, one a pane or session and group.
///
/// Memory: some 150 bytes a cell and the aggregates' own.
struct CellTable: Sendable {
    struct Span: Sendable, Equatable {
        /// The pane's beginning, or the time of the session's first record.
        var start: Int64
        /// The pane's beginning, or the time of the session's last record.
        var last: Int64
    }

    private(set) var spans: [Span] = []
    /// The group's values, as `GroupKey` has them.
    private(set) var keys: [[UInt8]] = []
    /// How each cell is stored.
    var stored: [StoredCell] = []
    var aggregates: [any AggregateCells]
    /// Cells that are in use; of sessions, by group.
    private var places: [Hash128: Int] = [:]
    private var sessions: [Hash128: [Int]] = [:]
    private var free: [Int] = []
    private let isOfSessions: Bool

    init(_ plan: WindowPlan) {
        aggregates = plan.makeCells()
        isOfSessions = plan.panes == nil
    }

    var count: Int { spans.count - free.count }
    /// Including cells that aren't in use.
    var capacity: Int { spans.count }

    // MARK: Finding cells

    static func group(_ key: [UInt8]) -> Hash128 {
        key.withUnsafeBytes { Hash128($0, seed: RowHasher.processSeed) }
    }

    @inline(__always)
    private static func place(_ group: Hash128, _ start: Int64) -> Hash128 {
        group.combined(with: Hash128(high: UInt64(bitPattern: start), low: 0))
    }

    /// The cell of a pane; `nil` where there is none yet.
    @inline(__always)
    func cell(_ group: Hash128, pane: Int64) -> Int? { places[Self.place(group, pane)] }

    /// The sessions of a group.
    func sessions(of group: Hash128) -> [Int] { sessions[group] ?? [] }

    /// Whether a record of that time would be in a session that the group has.
    func hasSession(of group: Hash128, near time: Int64, gap: Int64) -> Bool {
        sessions(of: group).contains { time - spans[$0].last < gap && spans[$0].start - time < gap }
    }

    /// All cells in use, in no order that means anything.
    var cells: [Int] { isOfSessions ? sessions.values.flatMap { $0 } : Array(places.values) }

    // MARK: Changing cells

    /// A new, empty cell.
    mutating func insert(_ group: Hash128, _ key: [UInt8], _ span: Span) -> Int {
        let cell: Int
        if let reused = free.popLast() {
            cell = reused
            spans[cell] = span
            keys[cell] = key
            stored[cell] = StoredCell()
        } else {
            cell = spans.count
            spans.append(span)
            keys.append(key)
            stored.append(StoredCell())
            for index in aggregates.indices { aggregates[index].grow(by: 1) }
        }
        if isOfSessions {
            sessions[group, default: []].append(cell)
        } else {
            places[Self.place(group, span.start)] = cell
        }
        return cell
    }

    /// Moves a session's ends.
    mutating func stretch(_ cell: Int, to span: Span) { spans[cell] = span }

    mutating func remove(_ cell: Int) {
        let group = Self.group(keys[cell])
        if isOfSessions {
            sessions[group]?.removeAll { $0 == cell }
            if sessions[group]?.isEmpty ?? false { sessions[group] = nil }
        } else {
            places[Self.place(group, spans[cell].start)] = nil
        }
        keys[cell] = []
        for index in aggregates.indices { aggregates[index].clear(cell) }
        free.append(cell)
    }

    mutating func merge(_ pairs: [CellPair], of other: CellTable) {
        guard !pairs.isEmpty else { return }
        for index in aggregates.indices { aggregates[index].merge(pairs, of: other.aggregates[index]) }
    }

    // MARK: Joining tables

    /// Takes in all cells of a table of the same plan; sessions stay as they are, though they may overlap now.
    mutating func join(_ other: CellTable) {
        let pairs = other.cells.sorted().map { cell in
            let group = Self.group(other.keys[cell])
            let span = other.spans[cell]
            let own = isOfSessions ? nil : self.cell(group, pane: span.start)
            return CellPair(cell: own ?? insert(group, other.keys[cell], span), other: cell)
        }
        merge(pairs, of: other)
    }

    /// Makes one of each chain of sessions of a group that are less than `gap` apart.
    mutating func chainSessions(gap: Int64) {
        var pairs: [CellPair] = []
        for (_, cells) in sessions where cells.count > 1 {
            for chain in SessionChain.chains(cells.map { SessionChain.Link($0, spans[$0]) }, gap: gap) {
                guard let first = chain.links.first else { continue }
                spans[first.cell] = chain.span
                pairs += chain.links.dropFirst().map { CellPair(cell: first.cell, other: $0.cell) }
            }
        }
        guard !pairs.isEmpty else { return }
        merge(pairs, of: self)
        for pair in pairs { remove(pair.other) }
    }
}

/// How a cell is stored: a first part, and parts that were added to it since.
struct StoredCell: Sendable {
    var parts = 0
    var baseSize = 0
    var addedSize = 0
}

/// Sessions of a group that touch, one after the other.
struct SessionChain {
    struct Link {
        let cell: Int
        let span: CellTable.Span
        /// Which of several tables the cell is of.
        let table: Int

        init(_ cell: Int, _ span: CellTable.Span, table: Int = 0) {
            (self.cell, self.span, self.table) = (cell, span, table)
        }
    }

    private(set) var links: [Link]
    private(set) var span: CellTable.Span

    static func chains(_ links: [Link], gap: Int64) -> [SessionChain] {
        let ordered = links.sorted {
            ($0.span.start, $0.span.last, $0.table, $0.cell) < ($1.span.start, $1.span.last, $1.table, $1.cell)
        }
        var chains: [SessionChain] = []
        for link in ordered {
            if var chain = chains.last, link.span.start - chain.span.last < gap {
                chain.links.append(link)
                chain.span.last = max(chain.span.last, link.span.last)
                chains[chains.count - 1] = chain
            } else {
                chains.append(SessionChain(links: [link], span: link.span))
            }
        }
        return chains
    }
}
