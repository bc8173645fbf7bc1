import Delta
import Expectations
import Expressions
import Statistics
import Suites
import Tables

/// The memories of keys that the rules of a stage need, each named by all that decides what it holds.
///
/// A rule that is changed in other ways keeps its memory, and rules that remember the same share one. One that is named otherwise than
/// before is another memory, and begins with the keys that silver has.
struct KeyMemories: Equatable {
    /// `nil` without deduplication.
    let deduplication: String?
    /// By the gate's order; `nil` for rules without memory.
    let rules: [String?]
    /// What each remembers for, for people, in the order of the definition.
    private let purposes: [Purpose]

    private struct Purpose: Equatable {
        let name: String
        let words: String
    }

    init(_ stage: RecordStage, _ definition: SilverDefinition) {
        let fields = stage.columns.silver.fields
        func names(_ columns: [Int]) -> JSON { .array(columns.map { .string(fields[$0].name) }) }
        let same = definition.deduplicate
        let time = [same?.within.map { .integer(Int($0)) } ?? JSON.null, same?.timeColumn.map { .string($0) } ?? .null]
        func name(_ kind: String, _ parts: [JSON]) -> String {
            "\(kind)-\(Hash128(JSON.array(parts + time).text()).hexadecimal)"
        }
        deduplication = stage.deduplication.map { name("deduplicate", [names($0.columns)]) }
        rules = stage.gate.rules.enumerated().map { index, rule in
            guard case .unique(let key) = rule.question else { return nil }
            // Records that have the key of deduplication are none of its own.
            let others = stage.keptRules.contains(index) ? names(stage.deduplication?.columns ?? []) : .null
            let condition = rule.condition.map { condition in
                // Times that it writes out without a zone are other instants in another one.
                stage.zone.isUTC
                    ? JSON.string(condition.canonicalText)
                    : JSON.array([.string(condition.canonicalText), .string(stage.zone.name)])
            }
            return name("taken", [names(key.columns), .string(key.ignoring.rawValue), condition ?? .null, others])
        }
        purposes =
            (deduplication.map { [Purpose(name: $0, words: "deduplicate")] } ?? [])
            + zip(rules, stage.gate.rules).compactMap { name, rule in
                name.map { Purpose(name: $0, words: rule.expectation.rule) }
            }
    }

    var names: Set<String> { Set(purposes.map(\.name)) }

    /// The name of the memory that a key is for.
    func name(of memory: RecordStage.Key.Memory) -> String? {
        switch memory {
        case .deduplication: deduplication
        case .rule(let rule): rules[rule]
        }
    }

    /// What to tell of memories that the state doesn't know yet, where silver has records to fill them with; `nil` for nothing.
    func note(_ state: PipelineState, _ silver: LayerPlace) throws(PipelineError) -> String? {
        let known = try state.keyMemories()
        let new = purposes.filter { !known.contains($0.name) }
        guard !new.isEmpty, DeltaTable.hasVersion(silver.folder) else { return nil }
        return "keys are remembered otherwise than before, beginning with those of silver's records: "
            + new.map(\.words).joined(separator: "; ")
    }
}
