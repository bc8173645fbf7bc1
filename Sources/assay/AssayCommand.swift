import ArgumentParser

@main
struct AssayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "assay",
        abstract: "Judges data against expectation suites, remembers every result, and reports.",
        discussion: """
            Exit status: 0 everything passed; 1 an expectation failed; 2 a mistake in a suite, the project or the command; \
            3 something could not be decided, read or stored. Where several apply, 2 wins over 3, and 3 over 1.
            """,
        version: Version.current,
        subcommands: [
            ValidateCommand.self, ReportCommand.self, PlanCommand.self, InspectCommand.self, CheckCommand.self,
            HistoryCommand.self, KindsCommand.self, InitCommand.self, GateCommand.self, RunCommand.self,
            ServeCommand.self,
            TriggerCommand.self,
            QuarantineCommand.self, PipelinesCommand.self, OptimizeCommand.self, VacuumCommand.self, AlertsCommand.self,
            BackupCommand.self, PruneCommand.self, DoctorCommand.self, HealthCommand.self,
        ])

    static func main() async {
        do {
            var command = try asked(by: CommandLineText.tyingNegativeNumbers(CommandLine.arguments.dropFirst()))
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let mistake as UserMistake {
            Console.standardError("error: \(mistake.message)" + (mistake.hint.map { "\n  hint: \($0)" } ?? ""))
            exit(withError: ExitStatus.mistake.code)
        } catch {
            let status = exitCode(for: error)
            // Help and version are no mistakes; what the parser refuses is the user's.
            if status == .validationFailure || status.rawValue == 64 {
                Console.standardError(fullMessage(for: error))
                exit(withError: ExitStatus.mistake.code)
            }
            exit(withError: error)
        }
    }
}

extension AssayCommand {
    /// The command that `arguments` ask for, ready to run.
    ///
    /// One that is named first is parsed by itself: to set the parser up for all of them costs a good part of what judging
    /// a small file does. Whatever it doesn't take (help, versions, mistakes, commands of commands) is parsed from the
    /// root, whose words are told.
    private static func asked(by arguments: [String]) throws -> any ParsableCommand {
        if let name = arguments.first,
            let type = configuration.subcommands.first(where: { $0.configuration.commandName == name }),
            let command = try? type.parseAsRoot(Array(arguments.dropFirst())), Swift.type(of: command) == type
        {
            return command
        }
        return try parseAsRoot(arguments)
    }
}

enum Version {
    static let current = "0.1.0"
}
