import Expectations
import Formats
import Suites
import Tables

/// A suite, and the files that it is to be run against.
struct Job {
    let suite: Suite
    let asset: String
    let patterns: [String]
    let options: CSVOptions
    let personalColumns: Set<String>

    /// A job of a project: types that the asset declares win over those of the suite.
    init(suite: Suite, asset: Asset) throws(SuiteProblems) {
        self.suite = suite
        self.asset = asset.name
        patterns = asset.patterns
        personalColumns = suite.personalColumns.union(asset.personalColumns)
        options = try CSVOptions(asset, suite)
    }

    /// A job for files that no project knows.
    init(suite: Suite, data: String, options: CSVOptions) {
        self.suite = suite
        asset = suite.asset ?? data
        patterns = [data]
        personalColumns = suite.personalColumns
        var options = options
        options.declaredTypes = suite.declaredTypes.mapValues(\.type)
        self.options = options
    }

    /// Opens the files and reads their beginnings.
    func open() throws(SourceError) -> CSVSource {
        try CSVSource(try FilePattern.files(patterns), options: options)
    }
}

extension CSVOptions {
    init(_ asset: Asset, _ suite: Suite) throws(SuiteProblems) {
        self.init()
        delimiter = asset.delimiter
        quote = asset.quote
        switch asset.header {
        case .firstRow: header = .present
        case .absent: header = .absent
        case .names(let names): header = .names(names)
        }
        missingValues = Set(asset.missingValues)
        if let name = asset.timezone {
            guard let zone = ZoneRule(name) else {
                throw SuiteProblems([
                    SuiteError(
                        code: "bad-argument", message: "timezone: there is no time zone \"\(name)\"",
                        location: asset.mark, hint: "write a name such as Europe/Berlin, or an offset such as +02:00")
                ])
            }
            timeZone = zone
        }
        declaredTypes = suite.declaredTypes.merging(asset.declaredTypes) { $1 }.mapValues(\.type)
        if let maximum = asset.maximumRowBytes { maximumRowBytes = maximum }
        switch asset.compression {
        case .automatic: compression = nil
        case .none: compression = Compression.none
        case .gzip: compression = .gzip
        case .zstd: compression = .zstd
        }
    }
}
