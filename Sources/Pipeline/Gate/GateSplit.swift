import Expectations
public import Tables

/// Where the rows of a batch go: each to exactly one place.
public struct GateSplit: Sendable {
    /// Rows that were looked at: all of them, or those through the first that stops the stream.
    public let rowCount: Int
    public let passed: Bitmap
    public let quarantined: Bitmap
    public let dropped: Bitmap
    /// Rows that break a rule which only warns, wherever they go.
    let warned: Bitmap
    /// The rule that the last row that was looked at breaks, where it stops the stream.
    let stoppedBy: Int?

    /// A row that breaks several rules goes where the sternest of them says.
    ///
    /// What stops the stream or is to be kept apart is never dropped. Rows behind one that stops the stream go nowhere.
    public init(_ verdicts: GateVerdicts, _ rules: [GateRule]) {
        let stops = verdicts.failures.filter { rules[$0.rule].action == .stop }
        let last = stops.compactMap { $0.rows.first(1).first }.min()
        rowCount = last.map { $0 + 1 } ?? verdicts.rowCount
        stoppedBy = last.flatMap { last in stops.first { $0.rows[last] }?.rule }
        let seen = Bitmap(count: verdicts.rowCount) { [rowCount] in $0 < rowCount }
        quarantined = verdicts.rows([.quarantine, .stop], rules).intersection(seen)
        dropped = verdicts.rows([.drop], rules).intersection(seen).subtracting(quarantined)
        passed = seen.subtracting(quarantined).subtracting(dropped)
        warned = verdicts.rows([.warn], rules).intersection(seen)
    }

    /// How many of some rows were looked at.
    func count(_ rows: Bitmap) -> Int {
        rowCount == rows.count ? rows.population : rows.first(rows.population).count { $0 < rowCount }
    }
}
