import ArgumentParser
import Expectations
import Foundation
import Schedules
import Suites
import Tables

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Looks for mistakes in suites and the project file, without reading data.",
        discussion: "Shows every mistake at once, with its place. Exit status 2 where there is one.")

    @ArgumentParser.Argument(help: "Suite files. The project with all its suites when absent.")
    var files: [String] = []

    @OptionGroup var project: ProjectOptions

    func run() throws {
        guard !files.isEmpty else {
            let project = try project.loadWhole()
            try Mistakes.shown { if let mistakes = project.mistakes { throw mistakes } }
            for caution in project.cautions + project.authoritiesFiles.compactMap(\.caution) {
                Console.standardError("warning: " + Diagnostics.neutral(caution))
            }
            let expectations = project.suites.reduce(0) { $0 + $1.expectations.count }
            Console.standardOutput(
                "\(project.file): \(Wording.count(project.suites.count, "suite")), \(Wording.count(expectations, "expectation")), "
                    + "\(Wording.count(project.assets.count, "asset")), \(Wording.count(project.validations.count, "validation")): no mistakes"
            )
            return
        }
        var errors: [SuiteError] = []
        for file in files {
            do throws(SuiteProblems) {
                let suite = try Suite.load(path: file, environment: ProcessInfo.processInfo.environment)
                Console.standardOutput(
                    "\(file): suite \(suite.name), \(Wording.count(suite.expectations.count, "expectation")): no mistakes"
                )
            } catch { errors += error.errors }
        }
        guard errors.isEmpty else {
            Mistakes.show(SuiteProblems(errors))
            throw ExitStatus.mistake.code
        }
    }
}
