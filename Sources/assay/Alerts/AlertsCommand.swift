import ArgumentParser

struct AlertsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alerts",
        abstract: "Lists what fails and who was told, and says that somebody is on it.",
        discussion: """
            What breaks together on one asset is an incident; its alerts are its expectations. Acknowledged ones are not reminded of; \
            snoozed ones are silent until a time. Both are undone when all is over.
            """,
        subcommands: [
            AlertsListCommand.self, AlertsShowCommand.self, AlertsAcknowledgeCommand.self, AlertsSnoozeCommand.self,
            AlertsUnsnoozeCommand.self, AlertsDeadCommand.self, AlertsRetryCommand.self, AlertsTestCommand.self,
        ])
}
