import Alerts
import Suites

extension DoctorCheck {
    /// Sends a message to every receiver of every route, where that was asked for.
    static let routes = DoctorCheck(name: "routes") { subject in
        guard let project = subject.project, subject.sends else { return [] }
        let courier = Courier(senders: .network(version: Version.current), mail: (try? project.mail) ?? nil)
        var findings: [DoctorFinding] = []
        for route in project.alertRoutes {
            let message = AlertMessage(
                testOf: route.name, id: "test-\(RunID.make())", at: RunClock.system.microseconds)
            for receiver in (try? route.receivers) ?? [] {
                let name = "\(route.name), \(receiver.title)"
                do throws(DeliveryFailure) {
                    let receipt = try await courier.take(
                        message, key: "\(message.id)/\(receiver.key)", to: receiver, links: route.links, at: message.at)
                    findings.append(.ok(name, "sent: \(receipt.words)"))
                } catch {
                    findings.append(.problem(name, "\(error.message) [\(error.code)]", nil))
                }
            }
        }
        return findings
    }
}
