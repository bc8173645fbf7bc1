import Statistics
import Tables

/// By what records are known again.
extension RecordStage {
    /// A key, and whose it is.
    struct Key: Hashable, Sendable {
        enum Memory: Hashable, Sendable {
            case deduplication
            /// By the gate's order.
            case rule(Int)
        }

        let memory: Memory
        let hash: Hash128
    }

    /// A key for each row, of which those of some rows count.
    typealias RowKeys = (memory: Key.Memory, rows: Bitmap, hashes: [Hash128])

    /// The columns of silver that keys are made of.
    var keyProjection: Projection {
        var projection = Projection()
        for column in deduplication?.columns ?? [] { projection.add([.values, .text], of: column) }
        for rule in gate.rules where rule.hasMemory { projection.formUnion(rule.projection) }
        return projection
    }

    /// The keys of rows that silver has.
    func keys(of silver: Batch) -> [RowKeys] {
        let own = deduplication.map { $0.hashes(of: silver, seed: keySeed) }
        var rules = gate.keys(of: silver)
        if let own {
            for place in rules.indices where keptRules.contains(rules[place].rule) {
                rules[place].considered.subtract(own.rows)
            }
        }
        return Self.keys(own, rules)
    }

    /// The keys that memories are asked for.
    func keys(of judged: Judged) -> [RowKeys] { Self.keys(judged.keys, judged.verdicts.open) }

    private static func keys(
        _ own: (rows: Bitmap, hashes: [Hash128])?, _ rules: [GateVerdicts.OpenRule]
    ) -> [RowKeys] {
        (own.map { [(.deduplication, $0.rows, $0.hashes)] } ?? [])
            + rules.map { (.rule($0.rule), $0.considered, $0.hashes) }
    }
}
