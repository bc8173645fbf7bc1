import Expectations
import Foundation
import Pipeline
import Service
import Suites
import Tables

extension PipelineDefinition {
    /// A batch as lineage tells of it.
    func lineage(_ batch: RememberedBatch) -> LineageBatch {
        let standing: LineageBatch.Standing =
            switch batch.standing {
            case .open: .open
            case .committed: .complete
            case .held(let reason): .failed(reason: "the batch is held" + (reason.isEmpty ? "" : ": \(reason)"))
            case .abandoned: .abandoned
            }
        return LineageBatch(
            number: batch.number, standing: standing, begin: batch.clock,
            end: batch.clock.addingClamped(Int64(batch.milliseconds) * 1_000), hops: hops(batch))
    }

    private func hops(_ batch: RememberedBatch) -> [LineageBatch.Hop] {
        let isArrival = batch.kind == .normal
        var hops: [LineageBatch.Hop] = []
        if let bronze, isArrival {
            hops.append(
                LineageBatch.Hop(
                    "bronze", input: arrived(batch, at: "bronze"), outputs: [written(bronze, "bronze", batch)]))
        }
        if batch.kind != .flush {
            let input: LineageBatch.Amount =
                if !isArrival {
                    read(quarantine, batch, at: "silver")
                } else if let bronze {
                    read(bronze, batch, at: "silver")
                } else {
                    arrived(batch, at: "silver")
                }
            hops.append(
                LineageBatch.Hop(
                    "silver", input: input,
                    outputs: [written(silver.place, "silver", batch), written(quarantine, "quarantine", batch)],
                    rules: rules(batch)))
        }
        for table in gold {
            hops.append(
                LineageBatch.Hop(
                    table.hop,
                    input: batch.kind == .flush ? nil : read(silver.place, batch, at: table.hop),
                    outputs: [written(table.place, table.hop, batch)]))
        }
        return hops
    }

    /// Where records come from: the folder that they land in, or that keeps them until they are read.
    private func arrived(_ batch: RememberedBatch, at hop: String) -> LineageBatch.Amount {
        let folder = if case .files(let landing) = source.kind { landing.folder } else { spoolFolder }
        return LineageBatch.Amount(
            Self.dataset(folder), rows: counts(batch, hop)?.input, byteCount: batch.byteCount)
    }

    private func read(_ place: LayerPlace, _ batch: RememberedBatch, at hop: String) -> LineageBatch.Amount {
        LineageBatch.Amount(Self.dataset(place.folder), rows: counts(batch, hop)?.input)
    }

    /// A batch that wrote nothing there has written no rows.
    private func written(_ place: LayerPlace, _ layer: String, _ batch: RememberedBatch) -> LineageBatch.Amount {
        let written = batch.written[layer]
        return LineageBatch.Amount(
            Self.dataset(place.folder), rows: written?.rows ?? 0, byteCount: written?.byteCount ?? 0,
            files: written?.files ?? 0)
    }

    private func counts(_ batch: RememberedBatch, _ hop: String) -> HopCounts? {
        batch.counts.first { $0.hop == hop }
    }

    /// The gate's rules, with how many records break each; then what else was broken, by rules of before.
    private func rules(_ batch: RememberedBatch) -> [LineageBatch.Rule] {
        let broken = Dictionary(batch.rules.map { ($0.rule, $0.count) }) { $0 + $1 }
        let asked = (silver.gate?.suite.expectations ?? []).filter(\.kind.isRowLevel)
        let known = Set(asked.map(\.rule))
        return asked.map { expectation in
            LineageBatch.Rule(
                assertion: expectation.kind.name, columns: expectation.columns, severity: expectation.severity,
                id: expectation.id, failed: broken[expectation.rule] ?? 0)
        }
            + broken.filter { !known.contains($0.key) }.sorted { $0.key < $1.key }.map { rule, count in
                LineageBatch.Rule(assertion: rule, columns: [], severity: .critical, id: nil, failed: count)
            }
    }

    private static func dataset(_ folder: String) -> LineageDataset {
        LineageDataset(path: folder, workingFolder: FileManager.default.currentDirectoryPath)
    }
}
