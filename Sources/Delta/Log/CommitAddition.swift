import Tables

/// What a commit brought to the table, by its actions and by what its writer says of them.
///
/// Files that are only rearranged (`dataChange` false, as of OPTIMIZE) bring nothing, nor does a commit that deletes rows or
/// goes back to an older version: the files that it adds hold rows that were there before.
struct CommitAddition {
    /// Whether rows came in, or came in a new state.
    let bringsData: Bool
    /// Rows that weren't in the table before; `nil` where the commit doesn't tell.
    let rowCount: Int?

    init(_ actions: [Action], _ info: CommitInfo?) {
        var added: [AddFile] = []
        var replaced: Set<[UInt8]> = []
        var removesData = false
        for action in actions {
            switch action {
            case .add(let file) where file.dataChange && file.numRecords != 0: added.append(file)
            case .remove(let file) where file.dataChange:
                replaced.insert(FileKey(file).path)
                removesData = true
            default: break
            }
        }
        // A file that stays with another deletion vector has fewer rows, not new ones.
        added.removeAll { replaced.contains(FileKey($0).path) }
        let operation = info?.operation?.uppercased()
        bringsData = !added.isEmpty && operation != "DELETE" && operation != "RESTORE"
        guard bringsData else {
            rowCount = 0
            return
        }
        let stored = added.reduce(Optional(Int64(0))) { total, file in
            guard let total, let rows = file.numRecords else { return nil }
            return total.addingClamped(max(0, Int64(rows) - (file.deletionVector?.cardinality ?? 0)))
        }
        func told(_ metric: String) -> Int64? {
            info?.metrics[metric].flatMap { Int64($0) }.flatMap { $0 < 0 ? nil : $0 }
        }
        let rows: Int64? =
            switch operation {
            case "UPDATE": 0
            case "MERGE": told("numTargetRowsInserted") ?? (removesData ? nil : stored)
            // Who doesn't say what it does may have written old rows anew.
            case nil where removesData: nil
            default: stored ?? told("numOutputRows")
            }
        rowCount = rows.map { Int($0) }
    }
}
