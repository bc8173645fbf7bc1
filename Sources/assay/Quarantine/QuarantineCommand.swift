import ArgumentParser

struct QuarantineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quarantine",
        abstract: "Lists what pipelines kept apart, and says what becomes of it.",
        discussion: """
            A record that breaks a rule is kept apart whole, with every rule that it broke. After a fix it can be judged again \
            (replay), let through as it is (release), or given up (discard): once each, by whom and why is kept. A batch that is held \
            can be let pass (pass). What was asked for and isn't done can be taken back (withdraw).

            Where a process runs the pipeline it carries the request out as its next batch; else this command does.
            """,
        subcommands: [
            QuarantineListCommand.self, QuarantineShowCommand.self, QuarantineReplayCommand.self,
            QuarantineReleaseCommand.self, QuarantineDiscardCommand.self, QuarantinePassCommand.self,
            QuarantineWithdrawCommand.self,
        ])
}
