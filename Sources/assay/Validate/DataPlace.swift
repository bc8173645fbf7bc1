import Delta
import Formats
import Foundation
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

    /// Why a process that has others waiting must not open the data: one of its files is none that ends.
    ///
    /// `nil` where all are regular files, and where they can't be found, which opening tells. Costs a look at each.
    var irregularity: SourceError? {
        guard case .files(let patterns, let format) = self,
            let paths = try? FilePattern.files(patterns, format: format)
        else { return nil }
        return paths.first { path in
            var status = stat()
            return path == "-" || stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
        }.map { path in
            SourceError(
                code: "not-regular", message: "a service reads regular files only", place: path,
                hint: "what comes through a pipe, a device or a socket is judged once, by assay validate")
        }
    }

    /// Opens the data as a table; `options` are for files of text, but for the time zone, and `columns` those that somebody will ask for.
    func open(_ options: CSVOptions, expecting columns: Set<ColumnName>) throws(SourceError) -> any BatchSource {
        switch self {
        case .files(let patterns, let format):
            let paths = try FilePattern.files(patterns, format: format)
            var json = JSONOptions(options)
            json.expectedColumns = columns
            return try DataFiles.open(paths, format: format, csv: options, json: json)
        case .delta(let folder, let version):
            let snapshot: Snapshot
            do throws(DeltaError) { snapshot = try DeltaTable(folder).snapshot(version) } catch {
                throw SourceError(error)
            }
            var source = try DeltaSource(deferring: snapshot)
            source.timeZone = options.timeZone
            return source
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
