import Expectations
import Tables

/// How many records of a batch break which rule, by the words in which people are told of it and by what becomes of records for its sake.
///
/// A record counts that goes on, is dropped, or is kept apart, for whatever reason, and whatever else is wrong with it; not one that
/// was filtered or is malformed: no rule is asked of those. Rules that are told of in the same words, such as two that differ in
/// `mostly` alone, are one: what breaks both counts once.
struct BrokenRules {
    private struct Name: Hashable {
        let rule: String
        let action: OnFail
    }

    private let names: [Name]
    /// The names' places, by the gate's order.
    private let places: [Int]
    private var records: [Int]

    /// - releases: whether records go on although they break rules.
    init(_ rules: [GateRule], releases: Bool) {
        var known: [Name: Int] = [:]
        var names: [Name] = []
        places = rules.map { rule in
            let name = Name(rule: rule.expectation.rule, action: releases ? .warn : rule.action)
            if let place = known[name] { return place }
            known[name] = names.count
            names.append(name)
            return names.count - 1
        }
        self.names = names
        records = [Int](repeating: 0, count: names.count)
    }

    /// Takes in what rules say of rows, each rule at most once.
    mutating func add(_ failures: [(rule: Int, rows: Bitmap)]) {
        var rows: [Int: Bitmap] = [:]
        for failure in failures {
            let place = places[failure.rule]
            rows[place] = rows[place].map { $0.union(failure.rows) } ?? failure.rows
        }
        for (place, rows) in rows { records[place] += rows.population }
    }

    var counts: [BatchManifest.RuleCount] {
        zip(names, records).filter { $0.1 > 0 }.map { name, count in
            BatchManifest.RuleCount(rule: name.rule, action: name.action, count: count)
        }
    }
}
