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
            ValidateCommand.self, PlanCommand.self, InspectCommand.self, CheckCommand.self, HistoryCommand.self,
            KindsCommand.self, InitCommand.self, GateCommand.self, RunCommand.self, ServeCommand.self,
            TriggerCommand.self,
            QuarantineCommand.self, PipelinesCommand.self, OptimizeCommand.self, VacuumCommand.self, AlertsCommand.self,
            BackupCommand.self, PruneCommand.self, DoctorCommand.self, HealthCommand.self,
        ])

    static func main() async {
        do {
            var command = try parseAsRoot()
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

enum Version {
    static let current = "0.1.0"
}
