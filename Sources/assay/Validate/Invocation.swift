import ArgumentParser
import Expectations
import Formats
import Foundation
import Reports
import Suites
import Tables

/// What a call of `validate` or `plan` is about, made out of flags, suites and the project.
struct Invocation {
    let jobs: [Job]
    /// The project's store and folder of reports; `nil` without a project.
    let store: String?
    let reports: String?
    let values: ValueDisplay

    init(suites: [String], project options: ProjectOptions, data: [String], fileOptions: FileOptions) throws {
        let environment = ProcessInfo.processInfo.environment
        if !data.isEmpty {
            let project = try options.loadIfPresent()
            jobs = try Self.distinct(suites).map { name in
                let job = try Self.job(name, project, data: data, environment)
                var csv = job.options
                try fileOptions.change(&csv)
                return Job(job, data: data, options: csv)
            }
            for path in data where path != "-" && !path.contains(where: { "*?[".contains($0) }) {
                guard FileManager.default.fileExists(atPath: path) else {
                    throw UserMistake(noFile: path)
                }
            }
            (store, reports) = (nil, nil)
            values = ValueDisplay(rawValue: project?.reportedValues.rawValue ?? "") ?? .masked
            return
        }
        if let flag = fileOptions.given {
            throw UserMistake("\(flag) goes with --data; for an asset, say it in \(options.file)")
        }
        let project = try suites.isEmpty ? options.loadWhole() : options.load()
        jobs = try Self.validations(suites, project).map { validation in
            guard let suite = project.suite(named: validation.suite), let asset = project.asset(named: validation.asset)
            else { preconditionFailure("a project's validations have their suites and assets") }
            return try Mistakes.shown { () throws(SuiteProblems) in try Job(suite: suite, asset: asset, of: project) }
        }
        guard !jobs.isEmpty else {
            throw UserMistake(
                "there is nothing to validate: \(project.file) has no validation, and no suite names an asset")
        }
        (store, reports) = (project.store, project.reports)
        values = ValueDisplay(rawValue: project.reportedValues.rawValue) ?? .masked
    }

    /// Each name once.
    private static func distinct(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }

    /// A suite for records that come through standard input: by its name in the project, where there is one, or by its file.
    static func job(ofStream suite: String, _ project: ProjectOptions) throws -> Job {
        try job(suite, try project.loadIfPresent(), data: ["-"], ProcessInfo.processInfo.environment)
    }

    /// A suite for other data than that of its asset: how the asset is written, and what is personal in it, stays.
    private static func job(
        _ name: String, _ project: Project?, data: [String], _ environment: [String: String]
    ) throws -> Job {
        let suite = try suite(name, project, environment)
        guard let project, let asset = suite.asset.flatMap({ project.asset(named: $0) }),
            project.suites.contains(where: { $0.name == suite.name })
        else { return Job(suite: suite, data: data, options: CSVOptions()) }
        let job = try Mistakes.shown { () throws(SuiteProblems) in
            try Job(suite: suite, asset: asset, of: project)
        }
        return Job(job, data: data, options: job.options)
    }

    /// A suite by its name in the project, or by its file.
    private static func suite(_ name: String, _ project: Project?, _ environment: [String: String]) throws -> Suite {
        if let suite = project?.suite(named: name) { return suite }
        guard FileManager.default.fileExists(atPath: name) else {
            let near = Suggestion.nearest(to: name, among: project?.suites.map(\.name) ?? [])
            throw UserMistake(
                "there is no suite or file \"\(name)\"" + (near.map { "; did you mean \($0)?" } ?? ""))
        }
        return try Mistakes.shown { () throws(SuiteProblems) in try Suite.load(path: name, environment: environment) }
    }

    private static func validations(_ names: [String], _ project: Project) throws -> [Project.Validation] {
        guard !names.isEmpty else { return project.validations }
        return try distinct(names).flatMap { name in
            let path = URL(fileURLWithPath: name).standardizedFileURL.path
            let known = project.suites.first {
                $0.name == name || URL(fileURLWithPath: $0.file).standardizedFileURL.path == path
            }
            let found = project.validations.filter { $0.suite == known?.name }
            guard !found.isEmpty else {
                let near = Suggestion.nearest(to: name, among: project.validations.map(\.suite))
                throw UserMistake(
                    known == nil
                        ? "there is no suite \"\(name)\" in \(project.file)"
                            + (near.map { "; did you mean \($0)?" } ?? "")
                        : "the suite \"\(name)\" is in no validation of \(project.file), or names no asset")
            }
            return found
        }
    }
}
