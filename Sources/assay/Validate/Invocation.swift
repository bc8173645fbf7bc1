import ArgumentParser
import Expectations
import Formats
import Foundation
import Reports
import Suites

/// What a call of `validate` or `plan` is about, made out of flags, suites and the project.
struct Invocation {
    let jobs: [Job]
    /// The project's store and folder of reports; `nil` without a project.
    let store: String?
    let reports: String?
    let values: ValueDisplay

    init(suites: [String], project options: ProjectOptions, data: String?, fileOptions: FileOptions) throws {
        let environment = ProcessInfo.processInfo.environment
        if let data {
            let csv = try fileOptions.options()
            let project = try Self.optionalProject(options.file)
            jobs = try suites.map { name in
                Job(suite: try Self.suite(name, project, environment), data: data, options: csv)
            }
            (store, reports) = (nil, nil)
            values = ValueDisplay(rawValue: project?.reportedValues.rawValue ?? "") ?? .masked
            return
        }
        let project = try options.load()
        jobs = try Self.validations(suites, project).map { validation in
            guard let suite = project.suite(named: validation.suite), let asset = project.asset(named: validation.asset)
            else { preconditionFailure("a project's validations have their suites and assets") }
            return try Mistakes.shown { () throws(SuiteProblems) in try Job(suite: suite, asset: asset, of: project) }
        }
        guard !jobs.isEmpty else {
            throw ValidationError(
                "there is nothing to validate: \(project.file) has no validation, and no suite names an asset")
        }
        (store, reports) = (project.store, project.reports)
        values = ValueDisplay(rawValue: project.reportedValues.rawValue) ?? .masked
    }

    /// Without a project file beside, suites are files.
    private static func optionalProject(_ file: String) throws -> Project? {
        guard FileManager.default.fileExists(atPath: file) else { return nil }
        return try? Project.load(path: file, environment: ProcessInfo.processInfo.environment)
    }

    /// A suite by its name in the project, or by its file.
    private static func suite(_ name: String, _ project: Project?, _ environment: [String: String]) throws -> Suite {
        if let suite = project?.suite(named: name) { return suite }
        guard FileManager.default.fileExists(atPath: name) else {
            let near = Suggestion.nearest(to: name, among: project?.suites.map(\.name) ?? [])
            throw ValidationError(
                "there is no suite or file \"\(name)\"" + (near.map { "; did you mean \($0)?" } ?? ""))
        }
        return try Mistakes.shown { () throws(SuiteProblems) in try Suite.load(path: name, environment: environment) }
    }

    private static func validations(_ names: [String], _ project: Project) throws -> [Project.Validation] {
        guard !names.isEmpty else { return project.validations }
        return try names.flatMap { name in
            let known = project.suites.first { $0.name == name || $0.file == name }
            let found = project.validations.filter { $0.suite == known?.name }
            guard !found.isEmpty else {
                let near = Suggestion.nearest(to: name, among: project.validations.map(\.suite))
                throw ValidationError(
                    known == nil
                        ? "there is no suite \"\(name)\" in \(project.file)"
                            + (near.map { "; did you mean \($0)?" } ?? "")
                        : "the suite \"\(name)\" has no asset in \(project.file)")
            }
            return found
        }
    }
}
