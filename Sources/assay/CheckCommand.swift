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
            _ = try Mistakes.shown { try ServiceEntrance(of: project, listen: nil) }
            // What only shows when a suite meets its asset.
            for validation in project.validations {
                guard let suite = project.suite(named: validation.suite),
                    let asset = project.asset(named: validation.asset)
                else { continue }
                _ = try Mistakes.shown { () throws(SuiteProblems) in
                    try Job(suite: suite, asset: asset, of: project)
                }
            }
            warnOfPast(project.maintenance)
            warnOfUnreadable(project.authoritiesFiles)
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

    /// A file that isn't there is no mistake in the project, which may be checked on another machine than it runs on.
    private func warnOfUnreadable(_ files: [AuthoritiesFile]) {
        for file in files {
            guard let complaint = file.complaint else { continue }
            Console.standardError("warning: " + Diagnostics.neutral("\(file.subject): \(complaint)"))
        }
    }

    /// A window that is over is no mistake, as time alone has made it one that mutes nothing: or somebody wrote another year.
    private func warnOfPast(_ windows: [MaintenanceWindow]) {
        for window in windows {
            guard let end = window.lastEnd(before: RunClock.system.microseconds) else { continue }
            Console.standardError(
                "warning: the maintenance window of \(Diagnostics.neutral(window.assets.joined(separator: ", "))) "
                    + "ended at \(CivilTime.format(microseconds: end)), and mutes nothing any more")
        }
    }
}
