import ArgumentParser
import Expectations
import Foundation

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Begins a project: a project file, a suite, and the folders.",
        discussion: "Never replaces a file that is there.")

    @ArgumentParser.Argument(help: "The folder; this one when absent.")
    var folder = "."

    func run() throws {
        let files = [
            ("assay.yaml", Self.project), ("expectations/events.yaml", Self.suite),
            ("data/landing/events.csv", Self.data), ("reports/.gitkeep", ""),
        ]
        for (name, text) in files {
            let path = folder == "." ? name : "\(folder)/\(name)"
            guard !FileManager.default.fileExists(atPath: path) else {
                Console.standardOutput("is there already: \(path)")
                continue
            }
            do {
                let parent = URL(fileURLWithPath: path).deletingLastPathComponent()
                try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
                try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            } catch {
                Console.complain("\(path) can't be written: \(error.localizedDescription)")
                throw ExitStatus.undecided.code
            }
            Console.standardOutput("made: \(path)")
        }
        Console.standardOutput("next: \(folder == "." ? "" : "cd \(folder) && ")assay validate")
    }

    private static let project = """
        store: data/assay.db
        reports: reports
        assets:
          landing.events: {csv: "data/landing/*.csv"}

        """

    private static let suite = """
        suite: events
        asset: landing.events
        columns:
          event_id: {required: true, unique: true}
          event_type: {in: [page_view, click, purchase]}
          amount: {type: decimal(12,2), between: [0, 10000]}
          event_time: {type: timestamp, required: true}
        schema: {on_added: warn, on_removed: fail, on_type_change: fail}
        row_count: [1, null]

        """

    private static let data = """
        event_id,event_type,amount,event_time
        e-1,page_view,,2026-11-01T10:00:00Z
        e-2,click,,2026-11-01T10:00:05Z
        e-3,purchase,49.90,2026-11-01T10:01:00Z

        """
}
