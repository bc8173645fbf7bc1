import Alerts
import ArgumentParser
import Foundation
import Suites
import Tables

struct AlertsTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Sends a message to every channel of a route, now, and tells what the receivers said.",
        discussion: "Exit status 3 where one of them didn't take it. Nothing is stored, and nothing is tried again.")

    @ArgumentParser.Argument(help: "The route's name.")
    var route: String

    @OptionGroup var clock: ClockOptions

    @OptionGroup var project: ProjectOptions

    func run() async throws {
        let project = try project.load()
        guard let route = project.alertRoute(named: route) else { throw Self.noSuchRoute(self.route, project) }
        let now = clock.microseconds
        let message = AlertMessage(testOf: route.name, id: "test-\(UUID().uuidString.lowercased())", at: now)
        let receivers = try Mistakes.shown { try route.receivers }
        let mail = try Mistakes.shown { receivers.contains { $0.recipient != nil } ? try project.mail : nil }
        let courier = Courier(senders: .network(version: Version.current), mail: mail)
        var hasFailed = false
        for receiver in receivers {
            do {
                let receipt = try await courier.take(
                    message, key: "\(message.id)/\(receiver.key)", to: receiver, links: route.links, at: now)
                Console.standardOutput(Diagnostics.neutral("\(receiver.title): taken: \(receipt.words)"))
            } catch {
                hasFailed = true
                Console.standardOutput(
                    Diagnostics.neutral("\(receiver.title): not taken: \(error.message) [\(error.code)]"))
            }
        }
        if hasFailed { throw ExitStatus.undecided.code }
    }

    private static func noSuchRoute(_ name: String, _ project: Project) -> UserMistake {
        let names = project.alertRoutes.map(\.name)
        let hint = names.isEmpty ? "the project has no alerts:" : "it has \(names.joined(separator: ", "))"
        return UserMistake("the project has no route \"\(name)\" [unknown-route]", hint: hint)
    }
}
