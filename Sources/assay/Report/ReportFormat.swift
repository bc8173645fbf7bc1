import ArgumentParser
import Reports

/// A format that results of runs are written in, by `validate` and `report` alike.
struct ReportFormat: Sendable {
    /// The first is the one that help tells.
    let names: [String]
    /// What files of the format end in, in small letters.
    let endings: [String]
    /// Whether values of columns that aren't personal are there as they are, or as the project wants reports to have them.
    ///
    /// What is for the terminal and programs has them.
    let hasValues: Bool
    /// Whether more may be said around it: not in a document.
    var isForPeople = false
    /// `table` is the one for people at a terminal, set up for it.
    let renderer: @Sendable (_ table: ResultTable) -> any RunRenderer
}

extension ReportFormat {
    static let table = ReportFormat(names: ["table", "text"], endings: ["txt"], hasValues: true, isForPeople: true) {
        $0
    }
    static let html = ReportFormat(names: ["html"], endings: ["html", "htm"], hasValues: false) { _ in PageRenderer() }
    static let json = ReportFormat(names: ["json"], endings: ["json"], hasValues: true) { _ in JSONRenderer() }
    static let junit = ReportFormat(names: ["junit"], endings: ["xml"], hasValues: false) { _ in JUnitRenderer() }
    static let markdown = ReportFormat(names: ["markdown"], endings: ["md", "markdown"], hasValues: false) { _ in
        MarkdownRenderer()
    }

    /// The one list of formats.
    static let all = [table, html, json, junit, markdown]

    /// How values are shown in this format, where the project says how in reports.
    func values(inReports values: ValueDisplay) -> ValueDisplay { hasValues ? .shown : values }

    /// The format that a file's name ends in; `nil` where it says of none.
    init?(ofFile path: String) {
        guard let dot = path.lastIndex(of: "."),
            let format = Self.all.first(where: { $0.endings.contains(path[path.index(after: dot)...].lowercased()) })
        else { return nil }
        self = format
    }
}

extension ReportFormat: ExpressibleByArgument {
    init?(argument: String) {
        guard let format = Self.all.first(where: { $0.names.contains(argument) }) else { return nil }
        self = format
    }

    static var allValueStrings: [String] { all.flatMap(\.names) }

    var defaultValueDescription: String { names[0] }
}
