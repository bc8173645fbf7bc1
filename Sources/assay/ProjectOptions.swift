import ArgumentParser
import Expectations
import Foundation
import Schedules
import Suites

/// Which project a command is about.
struct ProjectOptions: ParsableArguments {
    @Option(name: [.customLong("project"), .short], help: "The project file.")
    var file = "assay.yaml"

    /// Reads the project with all its suites; mistakes are shown and end the process.
    func load() throws -> Project { try Mistakes.shown { try read() } }

    /// The same where there is a project file; one that is there must be sound.
    func loadIfPresent() throws -> Project? {
        FileManager.default.fileExists(atPath: file) ? try load() : nil
    }

    /// The same for commands that are about all suites: one that nothing uses is a mistake to them.
    func loadWhole() throws -> Project { try Mistakes.shown { try readWhole() } }

    /// The path of the project's results' store, for commands that need no more.
    ///
    /// Mistakes elsewhere don't matter to them, as a secret that is set for the service alone.
    func store() throws -> String {
        let place = ServicePlace(ofProject: file, environment: ProcessInfo.processInfo.environment)
        return try place?.store ?? load().store
    }

    /// The maintenance windows of the project file, for commands that need no more of it than its store.
    func maintenance() -> [MaintenanceWindow] {
        ServicePlace(ofProject: file, environment: ProcessInfo.processInfo.environment)?.maintenance ?? []
    }

    /// Reads the project with all its suites; throws `SuiteProblems`, and a `UserMistake` where there is none.
    func read() throws -> Project {
        guard FileManager.default.fileExists(atPath: file) else {
            throw UserMistake(
                "there is no project file \"\(file)\" here",
                hint: "'assay init' begins a project; 'assay validate SUITE.yaml --data FILE' needs none")
        }
        return try Project.load(path: file, environment: ProcessInfo.processInfo.environment)
    }
}

extension ProjectOptions {
    /// Reads the project, and refuses suites that nothing uses.
    func readWhole() throws -> Project {
        let project = try read()
        try project.checkSuites()
        return project
    }
}

/// Shows what is wrong with files that people write.
enum Mistakes {
    /// The value, or the end of the process with every mistake shown.
    static func shown<Value>(_ body: () throws -> Value) throws -> Value {
        do { return try body() } catch let problems as SuiteProblems {
            show(problems)
            throw ExitStatus.mistake.code
        }
    }

    static func show(_ problems: SuiteProblems) {
        Console.standardError(
            Diagnostics.render(
                problems, sources: Diagnostics.source(of:),
                colors: Console.usesColors(isTerminal: Console.errorIsTerminal)))
    }
}
