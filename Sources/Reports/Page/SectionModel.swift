import Expectations
import Ledger
import Tables

/// A suite over an asset on the page: its headline, its changes, its expectations in groups.
struct SectionModel {
    let section: RunReport.Section
    let number: Int
    let display: ValueDisplay

    private var run: RunResult { section.run }

    var model: [String: Any] {
        let shown = run.results.map { display.apply(to: $0, personal: run.personalColumns) }
        let changes = RunChanges(run, since: section.history)
        let moves = (changes?.moves ?? []).filter { isShown($0) }
        let statistics = run.statistics
        let status = run.outcomeName
        var model: [String: Any] = [
            "sectionID": "s\(number)", "suite": HTMLText.clean(run.suite), "asset": HTMLText.clean(run.asset),
            "status": status, "statusSign": Headline.sign(status), "statusWord": Headline.word(status),
            "headline": HTMLText.clean(Headline.sentence(of: run), limit: 600),
            "startedISO": PageWording.iso(run.startedAt), "started": PageWording.time(run.startedAt),
            "took": PageWording.duration(run.durationSeconds), "rows": Wording.count(run.rowCount),
            "bytes": PageWording.bytes(run.byteCount), "fileTitle": Wording.count(run.files.count, "file"),
            "hasFiles": !run.files.isEmpty, "files": fileModels, "runID": HTMLText.clean(run.id),
            "version": HTMLText.clean(run.engineVersion), "suiteFingerprint": HTMLText.clean(run.suiteFingerprint),
            "dataFingerprint": HTMLText.clean(run.dataFingerprint), "tally": Self.tally(statistics),
            "groups": groups(shown, changes: changes, moves: moves),
        ]
        if run.files.count > Self.mostFiles {
            model["filesMore"] = "and \(Wording.count(run.files.count - Self.mostFiles)) more"
        }
        if let version = run.tableVersion {
            model["tableVersion"] = "\(version.number)"
            model["tableCommittedISO"] = PageWording.iso(version.committed)
            model["tableCommitted"] = PageWording.time(version.committed)
        }
        if let hint = run.failure?.hint { model["failureHint"] = HTMLText.clean(hint, limit: 600) }
        if let failure = run.failure { model["failureCode"] = HTMLText.clean(failure.code) }
        let spark = Sparkline.model(section.history.recent)
        if !spark.isEmpty { model["spark"] = spark }
        if let changes {
            model["since"] =
                ChangesModel(run: run, changes: changes, results: shown, moves: moves, anchor: anchor).model
        }
        return model
    }

    /// A value that may not be shown is not told as what it was in the run before, either.
    private func isShown(_ move: RunChanges.Move) -> Bool {
        guard move.what == "observed" else { return true }
        let result = run.results[move.position]
        let before = section.history.previous?.verdicts[result.expectation.fingerprint]
        func shows(_ observed: JSON, _ tellsValue: Bool) -> Bool {
            display.shows(
                observed, tellsValue: tellsValue, of: result.expectation, personal: run.personalColumns)
        }
        return shows(move.now, result.discreetSentence != nil) && shows(move.before, before?.tellsValue ?? true)
    }

    private static let mostFiles = 50

    private func anchor(_ position: Int) -> String { "s\(number)e\(position + 1)" }

    private var fileModels: [[String: Any]] {
        run.files.prefix(Self.mostFiles).map { file in
            [
                "fileName": HTMLText.clean(file.name), "fileRows": Wording.count(file.rowCount),
                "fileBytes": file.byteCount.map { PageWording.bytes(Int($0)) } ?? "–",
                "fileTime": file.modified.map { PageWording.time($0) } ?? "–",
            ]
        }
    }

    /// How many ended how: as widths of a bar of 100, and in words.
    private static func tally(_ statistics: RunStatistics) -> [String: Any] {
        let counts = [
            ("failed", statistics.failed), ("errored", statistics.errored), ("vacuous", statistics.vacuous),
            ("passed", statistics.passed),
        ]
        var x = 0.0
        let total = Double(max(1, statistics.evaluated))
        let parts = counts.filter { $0.1 > 0 }.map { outcome, count -> [String: Any] in
            let width = Double(count) / total * 400
            defer { x += width }
            return [
                "partOutcome": outcome, "partSign": Headline.sign(outcome), "partCount": Wording.count(count),
                "partWord": Headline.word(outcome).lowercased(), "partX": "\(Int(x.rounded()))",
                "partWidth": "\(max(2, Int(width.rounded())))",
            ]
        }
        return ["parts": parts]
    }

    private func groups(
        _ shown: [ExpectationResult], changes: RunChanges?, moves: [RunChanges.Move]
    ) -> [[String: Any]] {
        let titles = [
            ("failed", "Failed"), ("errored", "Could not be decided"), ("vacuous", "Nothing to check"),
            ("passed", "Passed"),
        ]
        let detailed = shown.count { $0.outcome != .passed }
        let movesByPosition = Dictionary(grouping: moves, by: \.position)
        return titles.compactMap { outcome, title in
            let positions = shown.indices.filter { shown[$0].outcome.name == outcome }
            guard !positions.isEmpty else { return nil }
            let sorted = positions.sorted { left, right in
                shown[left].severity == shown[right].severity || outcome == "passed"
                    ? left < right : shown[left].severity > shown[right].severity
            }
            let cards = sorted.map { position in
                CardModel(
                    result: shown[position], position: position, anchor: anchor(position),
                    standing: changes?.standings[position], moves: movesByPosition[position] ?? [], display: display,
                    sampleLimit: Self.sampleLimit(detailed)
                ).model
            }
            let isFolded = outcome == "passed"
            return [
                "groupOutcome": outcome, "groupTitle": title, "groupSign": Headline.sign(outcome),
                "groupCount": Wording.count(positions.count), "isFolded": isFolded, "isOpen": !isFolded, "cards": cards,
            ]
        }
    }

    /// Failing rows of each expectation, fewer the more expectations there are: the page stays small, the ledger has more.
    private static func sampleLimit(_ detailed: Int) -> Int {
        switch detailed {
        case ...10: 20
        case ...30: 10
        case ...100: 5
        default: 1
        }
    }
}
