import Alerts
import Expectations
import Foundation
import Ledger
import Suites

extension Project {
    /// By what others over the store know whoever works with this project: its file, and the process where it goes on working.
    func instance(_ process: String? = nil) -> DeclaringInstance {
        DeclaringInstance(project: URL(fileURLWithPath: file).standardizedFileURL.path, process: process)
    }

    /// All that it judges, and all whom it tells; throws what the environment lacks for them.
    func declarations() throws(SuiteProblems) -> Set<Declaration> {
        let validations = validations.map { Declaration.subject(AlertSubject(asset: $0.asset, suite: $0.suite)) }
        let pipelines = pipelines.map { Declaration.subject(AlertSubject.pipeline($0.name)) }
        var receivers: [Declaration] = []
        for route in alertRoutes {
            receivers += try route.receivers.map { Declaration.receiver(route: route.name, key: $0.key) }
        }
        return Set(validations + pipelines + receivers)
    }
}
