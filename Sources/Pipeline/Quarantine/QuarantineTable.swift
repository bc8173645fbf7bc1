import Delta
public import Suites
import Tables

/// A version of a pipeline's quarantine, to be read from its beginning to its end, or from a place on.
///
/// A batch of rows is in memory at a time, whatever the table's size.
public struct QuarantineTable: Sendable {
    private let source: DeltaSource
    /// By the quarantine's columns, those of the table.
    private let places: [Int]

    /// A row's place in the version, in the order of reading.
    public struct Place: Sendable, Hashable, Comparable {
        let ordinal: Int
        let row: Int

        public static let beginning = Place(ordinal: 0, row: 0)

        public static func < (left: Place, right: Place) -> Bool {
            (left.ordinal, left.row) < (right.ordinal, right.row)
        }
    }

    /// All that a version has, by which a later one can tell what it has besides.
    public struct Extent: Sendable {
        fileprivate let files: [AddFile]
        fileprivate let end: Place
    }

    /// How much of each record is read.
    public enum Detail: Sendable {
        /// What says which record it is, and which rules it broke.
        case key
        /// Its errors besides.
        case errors
        case whole

        fileprivate var columns: [String] {
            let key = [
                "id", "attempt", "quarantined_at", "batch", "source_file", "source_row", "source_offset", "rules",
            ]
            return switch self {
            case .key: key
            case .errors: key + ["errors"]
            case .whole: QuarantineRows.schema.names
            }
        }
    }

    /// Opens a version, the newest when absent; `nil` where nothing was ever kept apart.
    public init?(_ place: LayerPlace, version: Int? = nil) throws(PipelineError) {
        guard DeltaTable.isTable(place.folder) else { return nil }
        do throws(SourceError) {
            source = try DeltaSource(table: place.folder, version.map { .version($0) } ?? .latest)
        } catch { throw PipelineError(error) }
        var places: [Int] = []
        for field in QuarantineRows.schema.fields {
            guard let index = source.schema.index(of: field.name), source.schema.fields[index].type == field.type else {
                throw PipelineError(
                    .schemaMismatch, "the table has no column \"\(field.name)\" as a quarantine has it",
                    place: place.folder, hint: "name the pipeline's own table as its quarantine")
            }
            places.append(index)
        }
        self.places = places
    }

    public var version: Int { source.snapshot.version }

    public var extent: Extent {
        Extent(files: source.snapshot.files, end: Place(ordinal: source.batchCount, row: 0))
    }

    /// Where begins what an earlier version hadn't; `nil` where its files were rewritten, so that all has to be read.
    public func beginning(after earlier: Extent) -> Place? {
        source.snapshot.files.starts(with: earlier.files) {
            $0.path == $1.path && $0.deletionVector == $1.deletionVector
        }
            ? earlier.end : nil
    }

    /// Begins to read the records that a selector means, in the table's order, from a place on.
    ///
    /// Where a selector leaves out records, a first look at what it asks for finds the batches that are worth reading whole.
    public func reading(
        _ selector: QuarantineSelector, _ detail: Detail, from: Place = .beginning
    ) throws(PipelineError) -> QuarantineReading {
        var ordinals = Set(min(from.ordinal, source.batchCount)..<source.batchCount)
        if detail != .key, selector != QuarantineSelector() {
            let look = try QuarantineReading(source, projection(.key), places, selector, ordinals, from)
            var found: Set<Int> = []
            while let records = try look.next() {
                if let first = records.first { found.insert(first.place.ordinal) }
            }
            ordinals = found
        }
        return try QuarantineReading(source, projection(detail), places, selector, ordinals, from)
    }

    private func projection(_ detail: Detail) -> Projection {
        let names = Set(detail.columns)
        var projection = Projection()
        for (field, place) in zip(QuarantineRows.schema.fields, places) where names.contains(field.name) {
            projection.add([.values, .text], of: place)
        }
        return projection
    }
}
