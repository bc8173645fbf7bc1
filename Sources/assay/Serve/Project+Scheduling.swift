import Foundation
import Schedules
import Service
import Suites

extension ScheduledValidation {
    init(_ validation: Project.Validation) {
        let rules = validation.rules
        self.init(
            suite: validation.suite, asset: validation.asset, schedule: rules.schedule, catchUp: rules.catchUp,
            timeout: rules.timeout, retries: RetryPolicy(retries: rules.retries), after: rules.after,
            watch: rules.watch)
    }
}

extension Project {
    /// What comes before what, where both are due at once.
    var edges: [AssetEdge] {
        lineage.sorted { $0.key < $1.key }.flatMap { asset, upstream in
            upstream.map { AssetEdge(upstream: $0, downstream: asset) }
        }
    }
}

extension Asset {
    /// As catalogues know it.
    var datasets: [LineageDataset] {
        patterns.map { LineageDataset(path: $0, workingFolder: FileManager.default.currentDirectoryPath) }
    }
}
