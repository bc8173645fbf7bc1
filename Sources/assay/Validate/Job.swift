import Expectations
import Files
import Formats
import Suites
import Tables

/// A suite, and the data that it is to be run against.
struct Job {
    let suite: Suite
    let asset: String
    let data: DataPlace
    let options: CSVOptions
    let personalColumns: Set<String>

    /// A job of a project.
    ///
    /// An asset has one schema, whichever of its suites is run: types that the asset declares come first, then those that any
    /// of its suites does. Two suites that declare different types are a mistake.
    init(suite: Suite, asset: Asset, of project: Project) throws(SuiteProblems) {
        self.suite = suite
        self.asset = asset.name
        data = DataPlace(asset)
        let names = Set(project.validations.filter { $0.asset == asset.name }.map(\.suite))
        let suites = project.suites.filter { names.contains($0.name) }
        personalColumns = project.personalColumns(of: asset)
        options = try CSVOptions(asset.text, at: asset.mark, declaredTypes: Self.types(of: asset, suites))
    }

    private static func types(of asset: Asset, _ suites: [Suite]) throws(SuiteProblems) -> [ColumnName: LogicalType] {
        var types = asset.text.declaredTypes.mapValues(\.type)
        var declaring: [ColumnName: Suite] = [:]
        for suite in suites {
            for (column, type) in suite.declaredTypes where asset.text.declaredTypes[column] == nil {
                guard let known = types[column], known != type.type, let other = declaring[column] else {
                    types[column] = types[column] ?? type.type
                    declaring[column] = declaring[column] ?? suite
                    continue
                }
                throw SuiteProblems([
                    SuiteError(
                        code: "conflicting-types",
                        message: "\(suite.name) says that \(column) is \(type.text), but \(other.name) says \(known)",
                        location: SourceMark(file: suite.file, line: 1, column: 1),
                        hint: "declare the type once, in the asset \(asset.name): columns: {\(column): \(known)}")
                ])
            }
        }
        return types
    }

    /// A job for files that no project knows.
    init(suite: Suite, data: [String], options: CSVOptions) {
        self.suite = suite
        asset = suite.asset ?? data.joined(separator: ", ")
        self.data = DataPlace(named: data)
        personalColumns = suite.personalColumns
        var options = options
        options.declaredTypes = suite.declaredTypes.mapValues(\.type)
        self.options = options
    }

    /// The same job for other files.
    init(_ job: Job, data: [String], options: CSVOptions) {
        suite = job.suite
        asset = job.asset
        self.data = DataPlace(named: data)
        self.options = options
        personalColumns = job.personalColumns
    }

    /// Opens the data and reads its beginnings.
    func open() throws(SourceError) -> any BatchSource {
        try data.open(options, expecting: Set(named: suite.expectations.flatMap(\.columnsRead)))
    }
}

extension CSVOptions {
    init(_ form: TextForm, at mark: SourceMark, declaredTypes: [ColumnName: LogicalType]) throws(SuiteProblems) {
        self.init()
        delimiter = form.delimiter
        quote = form.quote
        switch form.header {
        case .automatic: header = .sniffed
        case .firstRow: header = .present
        case .absent: header = .absent
        case .names(let names): header = .names(names)
        }
        missingValues = Set(form.missingValues)
        if let name = form.timezone {
            guard let zone = ZoneRule(name) else {
                throw SuiteProblems([
                    SuiteError(
                        code: "bad-argument", message: "timezone: there is no time zone \"\(name)\"",
                        location: form.timezoneMark ?? mark,
                        hint: "write a name such as Europe/Berlin, or an offset such as +02:00")
                ])
            }
            timeZone = zone
        }
        self.declaredTypes = declaredTypes
        if let maximum = form.maximumRowBytes { maximumRowBytes = maximum }
        switch form.compression {
        case .automatic: compression = nil
        case .none: compression = Compression.none
        case .gzip: compression = .gzip
        case .zstd: compression = .zstd
        }
    }
}
