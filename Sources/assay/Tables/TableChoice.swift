import Delta
import Expectations
import Foundation
import Suites
import Tables

/// The Delta tables that a command is about: a folder, an asset of the project, or all that a pipeline writes.
struct TableChoice {
    struct Table {
        /// As people are told of it.
        let name: String
        let folder: String
    }

    let tables: [Table]

    /// Errors: a name that nothing has, or an asset that is no Delta table.
    init(_ name: String, _ options: ProjectOptions) throws {
        if DeltaTable.isTable(name) {
            tables = [Table(name: name, folder: name)]
            return
        }
        guard FileManager.default.fileExists(atPath: options.file) || !FileManager.default.fileExists(atPath: name)
        else {
            throw UserMistake(noTable: name)
        }
        let project = try options.load()
        if let pipeline = project.pipeline(named: name) {
            // Tables that nothing was written to yet aren't there.
            tables = pipeline.places.filter { DeltaTable.hasVersion($0.folder) }
                .map { Table(name: $0.name, folder: $0.folder) }
        } else if let asset = project.asset(named: name) {
            guard asset.format == .delta, let folder = asset.patterns.first else {
                throw UserMistake("the asset \"\(name)\" is no Delta table")
            }
            tables = [Table(name: name, folder: folder)]
        } else if FileManager.default.fileExists(atPath: name) {
            throw UserMistake(noTable: name)
        } else {
            let known = project.pipelines.map(\.name) + project.assets.filter { $0.format == .delta }.map(\.name)
            let near = Suggestion.nearest(to: name, among: known)
            throw UserMistake(
                "there is no pipeline, asset or table \"\(name)\"" + (near.map { "; did you mean \($0)?" } ?? ""))
        }
    }

    /// Does something to each table, all of them whatever becomes of one; ends with 3 where one failed.
    ///
    /// What `body` returns could not be done besides, which leaves the rest as it is.
    func forEach(_ body: (Table) throws(DeltaError) -> [DeltaError]) throws {
        var hasFailed = false
        for table in tables {
            var failures: [DeltaError] = []
            do throws(DeltaError) { failures = try body(table) } catch { failures = [error] }
            for failure in failures {
                hasFailed = true
                Console.complain(failure.summary, hint: failure.hint)
            }
        }
        if hasFailed { throw ExitStatus.undecided.code }
    }
}

extension UserMistake {
    /// A file or folder that is there and has no log.
    fileprivate init(noTable path: String) {
        self.init("\"\(path)\" is no Delta table: there is no folder _delta_log in it")
    }
}
