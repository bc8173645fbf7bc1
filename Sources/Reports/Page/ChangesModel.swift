import Expectations
import Ledger
import Tables

/// What changed since the run before, as lists of links into the page.
struct ChangesModel {
    let run: RunResult
    let changes: RunChanges
    let results: [ExpectationResult]
    let moves: [RunChanges.Move]
    let anchor: (Int) -> String

    /// Entries of each list; the others are counted.
    private static let most = 12

    var model: [String: Any] {
        var lists: [[String: Any]] = []
        func add(_ title: String, _ outcome: String, _ positions: [Int], aside: (Int) -> String? = { _ in nil }) {
            guard !positions.isEmpty else { return }
            var list: [String: Any] = [
                "listTitle": "\(title) (\(Wording.count(positions.count)))", "listOutcome": outcome,
                "listSign": Headline.sign(outcome),
                "entries": positions.prefix(Self.most).map { position -> [String: Any] in
                    var entry: [String: Any] = [
                        "entryAnchor": anchor(position),
                        "entryText": HTMLText.clean(results[position].sentence, limit: 160),
                    ]
                    if let aside = aside(position) { entry["entryAside"] = aside }
                    return entry
                },
            ]
            if positions.count > Self.most {
                list["entriesMore"] = "and \(Wording.count(positions.count - Self.most)) more"
            }
            lists.append(list)
        }
        add("Newly failing", "failed", changes.positions { $0 == .newlyFailing })
        add("Recovered", "passed", changes.positions { $0 == .recovered })
        add(
            "Still failing", "failed", changes.positions { if case .stillFailing = $0 { true } else { false } },
            aside: { position in
                guard case .stillFailing(let since?) = changes.standings[position] else { return nil }
                return "since \(PageWording.time(since.startedAt))"
            })
        add("New expectations", "vacuous", changes.positions { $0 == .new })
        return [
            "changesTitle": "Since the last run, \(elapsed)",
            "changesTime": PageWording.time(changes.previous.startedAt),
            "changesISO": PageWording.iso(changes.previous.startedAt),
            "remarks": remarks.map { ["remark": $0] as [String: Any] }, "lists": lists, "hasMoves": !moveModels.isEmpty,
            "moves": moveModels,
        ]
    }

    private var elapsed: String {
        let seconds = Double(run.startedAt - changes.previous.startedAt) / 1_000_000
        return seconds < 1 ? "just before" : "\(PageWording.duration(seconds)) earlier"
    }

    private var remarks: [String] {
        var remarks: [String] = []
        if changes.isSameData {
            remarks.append("The data is the same as in the last run: no file was added, removed or modified.")
        } else if changes.previous.rowCount != run.rowCount, run.failure == nil {
            let before = changes.previous.rowCount
            let difference = run.rowCount - before
            remarks.append(
                "Rows: \(Wording.count(before)) → \(Wording.count(run.rowCount)) "
                    + "(\(difference > 0 ? "+" : "−")\(Wording.count(abs(difference)))).")
        }
        if !changes.isSameSuite {
            let gone =
                changes.removedCount > 0
                ? ": \(Wording.count(changes.removedCount, "expectation")) left the suite" : ""
            remarks.append("The suite was edited since the last run\(gone).")
        }
        if changes.standings.allSatisfy({ $0 == .steady }), !changes.standings.isEmpty {
            remarks.append("No verdict changed.")
        }
        return remarks
    }

    private var moveModels: [[String: Any]] {
        moves.prefix(Self.most).map { move in
            let expectation = results[move.position].expectation
            let columns = expectation.columns.joined(separator: ", ")
            return [
                "moveAnchor": anchor(move.position),
                "moveName": HTMLText.clean(columns.isEmpty ? expectation.type : columns, limit: 80),
                "moveWhat": move.what == "observed" ? Self.subject(expectation.type) : move.what,
                "moveBefore": DetailModel.text(move.before, limit: 60),
                "moveNow": DetailModel.text(move.now, limit: 60),
            ]
        }
    }

    /// What is observed, out of the kind's name: `mean` for `expect_column_mean_to_be_between`.
    private static func subject(_ type: String) -> String {
        let name = type.replacing("expect_column_", with: "").replacing("expect_", with: "")
        let subject = name.firstRange(of: "_to_").map { String(name[..<$0.lowerBound]) } ?? "observed"
        return HTMLText.clean(name.contains("_to_") ? subject.replacing("_", with: " ") : "observed", limit: 80)
    }
}
