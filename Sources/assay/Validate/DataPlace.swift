import Delta
import Formats
import Suites
import Tables

/// Where data is, and what kind it is of: the one place that knows all kinds.
enum DataPlace {
    /// Files by their patterns; without a format, to be told by the files.
    case files([String], FileFormat?)
    /// A Delta table by its folder.
    case delta(String, DeltaTable.VersionChoice)

    init(_ asset: Asset) {
        switch asset.format {
        case .csv: self = .files(asset.patterns, .csv)
        case .json: self = .files(asset.patterns, .json)
        case .parquet: self = .files(asset.patterns, .parquet)
        case .delta: self = .delta(asset.patterns.first ?? "", DeltaTable.VersionChoice(asset.version))
        }
    }

    /// Data that is named on the command line: the folder of a Delta table is one, whatever else lies in it.
    init(named paths: [String]) {
        if let path = paths.first, paths.count == 1, DeltaTable.isTable(path) {
            self = .delta(path, .latest)
        } else {
            self = .files(paths, nil)
        }
    }

    /// Opens the data as a table; `options` are for files of text.
    func open(_ options: CSVOptions) throws(SourceError) -> any BatchSource {
        switch self {
        case .files(let patterns, let format):
            let paths = try FilePattern.files(patterns, format: format)
            return try DataFiles.open(paths, format: format, csv: options, json: JSONOptions(options))
        case .delta(let folder, let version):
            let snapshot: Snapshot
            do throws(DeltaError) { snapshot = try DeltaTable(folder).snapshot(version) } catch {
                throw SourceError(error)
            }
            return try DeltaSource(deferring: snapshot)
        }
    }
}

extension DeltaTable.VersionChoice {
    init(_ version: Asset.Version) {
        switch version {
        case .latest: self = .latest
        case .number(let number): self = .version(number)
        case .timestamp(let microseconds): self = .timestamp(microseconds: microseconds)
        }
    }
}
