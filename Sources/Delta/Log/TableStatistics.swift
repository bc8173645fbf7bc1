public import Tables

/// What the log says of the values of a version, over all of its files.
public struct TableStatistics: Sendable {
    /// By the column's name; what isn't told of each file isn't told of the table.
    public private(set) var columns: [ColumnName: FileStatistics.Column] = [:]

    /// Costs the reading of each file's statistics.
    init(_ snapshot: Snapshot) {
        var sums: [ColumnName: Sum] = [:]
        for file in snapshot.files {
            let statistics = snapshot.statistics(of: file)
            if statistics?.rowCount == 0 { continue }
            for field in snapshot.schema.fields {
                let name = ColumnName(field.name)
                sums[name, default: Sum()].add(statistics?.columns[name], rowCount: statistics?.rowCount)
            }
        }
        columns = sums.compactMapValues(\.column)
    }

    /// What the files that were seen say of a column.
    private struct Sum {
        private var missing: Int? = 0
        private var bounds: (least: Value, greatest: Value)?
        private var isBounded = true
        private var isExact = true

        mutating func add(_ file: FileStatistics.Column?, rowCount: Int?) {
            missing = missing.flatMap { sum in file?.missing.map { Int(Int64(sum).addingClamped(Int64($0))) } }
            // A file without a value has no bounds to add.
            if let missing = file?.missing, missing == rowCount { return }
            guard isBounded, let file, let least = file.least, let greatest = file.greatest else {
                isBounded = false
                return
            }
            isExact = isExact && file.isExact
            guard let known = bounds else {
                bounds = (least, greatest)
                return
            }
            bounds = (
                known.least.isAbove(least) ? least : known.least,
                greatest.isAbove(known.greatest) ? greatest : known.greatest
            )
        }

        /// `nil` where nothing is known.
        var column: FileStatistics.Column? {
            let bounds = isBounded ? bounds : nil
            guard missing != nil || bounds != nil else { return nil }
            return FileStatistics.Column(
                missing: missing, least: bounds?.least, greatest: bounds?.greatest, isExact: isExact)
        }
    }
}

extension Snapshot {
    /// What the log says of the values of all files together.
    public var statistics: TableStatistics { TableStatistics(self) }

    /// The partitions that files are of, in the order of their values' texts, missing ones first.
    public var partitions: [TablePartition] {
        var places: [PartitionKey: Int] = [:]
        var partitions: [TablePartition] = []
        for file in files {
            let key = PartitionKey(file.partitionValues.mapValues { $0.flatMap { $0.isEmpty ? nil : $0 } })
            if let place = places[key] {
                partitions[place].add(file)
            } else {
                places[key] = partitions.count
                partitions.append(TablePartition(file, of: self))
            }
        }
        return partitions.sorted { left, right in
            for (left, right) in zip(left.values, right.values) where left.text != right.text {
                return (left.text ?? "") < (right.text ?? "")
            }
            return false
        }
    }
}

/// What a version has of one partition.
public struct TablePartition: Sendable {
    /// The partition columns, and the texts that the log has for them; `nil` for a missing value.
    public let values: [(column: String, text: String?)]
    public private(set) var fileCount = 0
    public private(set) var byteCount: Int64 = 0
    /// By the files' statistics, deleted rows left out; `nil` where a file has none.
    public private(set) var rowCount: Int? = 0

    fileprivate init(_ file: AddFile, of snapshot: Snapshot) {
        values = snapshot.partitionValues(of: file)
        add(file)
    }

    fileprivate mutating func add(_ file: AddFile) {
        fileCount += 1
        byteCount = byteCount.addingClamped(file.size)
        rowCount = rowCount.flatMap { sum in file.rowCount.map { Int(Int64(sum).addingClamped(Int64($0))) } }
    }
}

extension Snapshot {
    /// The partition columns, and the texts that the log has for a file; an empty text is a missing value, too.
    public func partitionValues(of file: AddFile) -> [(column: String, text: String?)] {
        let mapping = ColumnMapping(metadata)
        return metadata.partitionColumns.map { name in
            let key = mapping == .none ? name : schema[name]?.physicalName ?? name
            let text = file.partitionValues[key] ?? nil
            return (name, text.flatMap { $0.isEmpty ? nil : $0 })
        }
    }
}

extension AddFile {
    /// Rows that belong to the table, deleted ones left out; `nil` where the log doesn't tell.
    public var rowCount: Int? { numRecords.map { max(0, $0 - Int(clamping: deletionVector?.cardinality ?? 0)) } }
}
