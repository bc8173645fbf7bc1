import Expectations
import Expressions
import Suites
import Tables

/// What tells a definition from others that would make something else of a batch.
extension PipelineDefinition {
    /// The same for pipelines that read the same records of a batch's files, make the same of them, and hold the same batches back.
    ///
    /// A batch that was planned and not decided is planned anew by another one, and a held one is tried at once. What only says when and
    /// where (`trigger`, `batch`, folders, `retry_after`, upkeep) isn't part of it.
    var fingerprint: String {
        Hash128(
            JSON.array([source.json, silver.json, .array(gold.map(\.json)), .names(bronze?.partitionColumns)]).text()
        )
        .hexadecimal
    }
}

extension StreamSource {
    fileprivate var json: JSON {
        let header: JSON =
            switch records.header {
            case .automatic: .string("automatic")
            case .firstRow: .string("first row")
            case .absent: .string("absent")
            case .names(let names): .names(names)
            }
        return .array([
            .text(format?.rawValue), .string(evolution.rawValue), .number(records.delimiter), header,
            .number(records.quote), .names(records.missingValues.sorted()), .text(records.timezone),
            .types(records.declaredTypes), .number(records.maximumRowBytes), .string(records.compression.rawValue),
        ])
    }
}

extension SilverDefinition {
    fileprivate var json: JSON {
        let rules = (gate?.suite.expectations ?? []).map { "\($0.fingerprint) \($0.consequences.canonicalText)" }
        return .array([
            .array(select.map { .names([$0.name, $0.value.canonicalText]) }), .names(drop),
            .text(filter?.value.canonicalText), .names(place.partitionColumns),
            .names(rules.sorted()), .types(gate?.suite.declaredTypes ?? [:]), .text(gate?.onFail?.rawValue),
            .text(gate?.stopAbove.map { "\($0.share) \($0.minimumRows)" }),
            .names(deduplicate?.columns), .text(deduplicate?.timeColumn), .number(deduplicate?.within),
            .number(deduplicate?.lateness), .number(deduplicate?.futureTolerance),
        ])
    }
}

extension GoldDefinition {
    fileprivate var json: JSON {
        let shape: [JSON] =
            switch window {
            case .tumbling(let size): [.string("tumbling"), .number(size)]
            case .sliding(let size, let slide): [.string("sliding"), .number(size), .number(slide)]
            case .session(let gap): [.string("session"), .number(gap)]
            }
        return .array([
            .string(place.name), .names(place.partitionColumns), .string(timeColumn), .array(shape), .number(lateness),
            .number(futureTolerance), .names(groupBy),
            .array(aggregates.map { .names([$0.name, $0.value.canonicalText]) }),
        ])
    }
}

extension JSON {
    fileprivate static func text(_ text: String?) -> JSON { text.map { .string($0) } ?? .null }

    fileprivate static func number(_ number: (some BinaryInteger)?) -> JSON {
        number.map { .integer(Int($0)) } ?? .null
    }

    fileprivate static func names(_ names: [String]?) -> JSON { names.map { .array($0.map { .string($0) }) } ?? .null }

    fileprivate static func types(_ types: [ColumnName: TypeName]) -> JSON {
        .array(types.sorted { $0.key < $1.key }.map { .names([$0.key.text, $0.value.type.description]) })
    }
}
