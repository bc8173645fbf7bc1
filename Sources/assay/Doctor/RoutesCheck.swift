import Alerts
import Suites

extension DoctorCheck {
    /// Sends a message to every channel of every route, where that was asked for.
    static let routes = DoctorCheck(name: "routes") { subject in
        guard let project = subject.project, subject.sends else { return [] }
        let courier = Courier(senders: .network(version: Version.current), mail: project.mail)
        var findings: [DoctorFinding] = []
        for route in project.alertRoutes {
            let message = AlertMessage(
                testOf: route.name, id: "test-\(RunID.make())", at: RunClock.system.microseconds)
            for (place, channel) in route.channels.enumerated() {
                let name = "\(route.name), \(channel.name)"
                do throws(DeliveryFailure) {
                    let receipt = try await courier.take(
                        message, key: "\(message.id)/\(place)", to: channel, links: route.links, at: message.at)
                    findings.append(
                        receipt.refusedRecipients.isEmpty
                            ? .ok(name, "sent: \(receipt.words)")
                            : .problem(
                                name, "refused for \(receipt.refusedRecipients.joined(separator: ", "))",
                                "mend the addresses"))
                } catch {
                    findings.append(.problem(name, "\(error.message) [\(error.code)]", nil))
                }
            }
        }
        return findings
    }
}
