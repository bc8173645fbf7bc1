import Tables

/// Where batches lie, for who knows rows by their numbers in a file.
extension ParquetSource {
    /// Batches in all; their ordinals are those below.
    public var batchCount: Int { plan.count }

    /// Columns that are fields of the root, by the schema's index; the others are leaves inside of them.
    public var topLevelColumns: [Int] {
        schema.fields.indices.filter { column in
            origins.contains { file in
                switch file[column]?.place {
                case .leaf(let leaf): leaf.path.count == 1
                case .nested: true
                case nil: false
                }
            }
        }
    }

    /// The number in its file, from 0, of a batch's first row; rows of empty row groups aside, batches follow each other.
    public func firstRow(ofBatch ordinal: Int) -> Int64 {
        let place = plan.place(ordinal)
        return files[place.file].metadata.rowGroups[..<place.rowGroup].reduce(place.firstRow) { $0 + $1.rowCount }
    }
}
