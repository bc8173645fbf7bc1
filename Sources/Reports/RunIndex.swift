import Expectations
public import Ledger
import Tables

/// The page that lists runs: suites with their latest status, then the latest runs, newest first.
public struct RunIndex: Sendable {
    public static let defaultLimit = 500

    /// A suite over an asset with its latest runs, newest first.
    public struct Entry: Sendable {
        public let validation: Validation
        public let recent: [StoredRun]

        public init(_ validation: Validation, recent: [StoredRun]) {
            self.validation = validation
            self.recent = recent
        }
    }

    public let entries: [Entry]
    /// Newest first.
    public let runs: [StoredRun]
    /// Whether the ledger has more runs than are listed.
    public let isCut: Bool

    public init(entries: [Entry], runs: [StoredRun], isCut: Bool = false) {
        self.entries = entries
        self.runs = runs
        self.isCut = isCut
    }

    /// Reads the latest `limit` runs of a ledger, and the latest 30 of each suite; what is dated ahead of `now` comes in only where there is nothing else.
    public init(of ledger: Ledger, limit: Int = defaultLimit, now: Int64 = .max) throws(LedgerError) {
        let entries = try ledger.standings(recent: 30, now: now).map { Entry($0.validation, recent: $0.recent) }
        let runs = try ledger.latestRuns(limit: limit + 1, now: now)
        self.init(entries: entries, runs: Array(runs.prefix(limit)), isCut: runs.count > limit)
    }

    public func html() throws(ReportError) -> String {
        let failing = entries.count { $0.recent.first?.success == false }
        let headline =
            entries.isEmpty
            ? "No runs yet"
            : entries.count == 1
                ? "The only suite is \(failing == 0 ? "fine" : "failing")"
                : failing == 0
                    ? "All \(Wording.count(entries.count)) suites are fine"
                    : "\(Wording.count(failing)) of \(Wording.count(entries.count)) suites are failing"
        return try IndexTemplate.page.render([
            "title": headline, "indexHeadline": headline, "hasRuns": !runs.isEmpty,
            "entries": sorted.map { Self.model($0) }, "runs": runs.map { Self.model($0) },
            "listTitle": isCut
                ? "The latest \(Wording.count(runs.count, "run"))" : "All \(Wording.count(runs.count, "run"))",
        ])
    }

    /// What fails comes first; then by name.
    private var sorted: [Entry] {
        entries.enumerated().sorted { left, right in
            let (isLeft, isRight) = (
                left.element.recent.first?.success ?? true, right.element.recent.first?.success ?? true
            )
            return isLeft == isRight ? left.offset < right.offset : !isLeft
        }.map(\.element)
    }

    private static func model(_ entry: Entry) -> [String: Any] {
        var model: [String: Any] = ["spark": [String: Any](), "hasSpark": false]
        if let latest = entry.recent.first { model = Self.model(latest) }
        let spark = Sparkline.model(entry.recent)
        model["hasSpark"] = !spark.isEmpty
        model["spark"] = spark
        return model
    }

    private static func model(_ run: StoredRun) -> [String: Any] {
        let status = run.outcomeName
        var model: [String: Any] = [
            "suite": HTMLText.clean(run.suite), "asset": HTMLText.clean(run.asset), "status": status,
            "statusSign": Headline.sign(status), "statusWord": Headline.word(status),
            "startedISO": PageWording.iso(run.startedAt), "started": PageWording.time(run.startedAt),
            "took": PageWording.duration(run.durationSeconds), "rows": Wording.count(run.rowCount),
            "verdict": HTMLText.clean(verdict(run)), "hasReport": run.report != nil,
        ]
        if let report = run.report { model["report"] = link(report) }
        return model
    }

    static func verdict(_ run: StoredRun) -> String {
        if let failure = run.failure { return "data not readable: \(failure.message)" }
        let counts = run.counts
        let parts = [
            (counts.failed, "failed"), (counts.errored, "not decided"), (counts.vacuous, "with nothing to check"),
            (counts.passed, "passed"),
        ].filter { $0.0 > 0 }
        return parts.isEmpty
            ? "no expectations" : parts.map { "\(Wording.count($0.0)) \($0.1)" }.joined(separator: ", ")
    }

    /// A file name as a relative link: every byte but the plain ones as `%XX`, so that nothing in it is a scheme or a path.
    static func link(_ name: String) -> String {
        var link = ""
        for byte in name.utf8 {
            let scalar = Unicode.Scalar(byte)
            let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || "0"..."9" ~= scalar)
            if isPlain || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".") {
                link.unicodeScalars.append(scalar)
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                link += "%" + (digits.count < 2 ? "0" : "") + digits
            }
        }
        return link
    }
}
