extension Transaction {
    /// Compares the changes with a commit that came first; an error where they don't go together.
    ///
    /// The order of versions is the order of effects: whatever a transaction replaces, nobody added to meanwhile, and
    /// whatever it removes was there until then.
    func checkConflict(with winner: [Action], version: Int) throws(DeltaError) {
        let mine = Set(removed.map { FileKey($0) })
        for action in winner {
            switch action {
            case .protocol: throw conflict(.concurrentChange, "the table's protocol was changed", version)
            case .metadata: throw conflict(.concurrentChange, "the table's schema or properties were changed", version)
            case .remove(let file):
                guard !mine.contains(FileKey(file)) else {
                    throw conflict(.concurrentDelete, "a file that is to be removed was removed already", version)
                }
            case .add(let file):
                guard !replaces(file) else {
                    throw conflict(.concurrentAppend, "rows were added to what is to be replaced", version)
                }
            case .transaction(let other):
                guard other.appID != application?.appID else {
                    throw conflict(
                        .concurrentTransaction,
                        "the application \"\(other.appID)\" committed its batch \(other.version)",
                        version)
                }
            case .commitInfo, .domain, .sidecar, .other: break
            }
        }
    }

    private func replaces(_ file: AddFile) -> Bool {
        switch scope {
        case .nothing: false
        case .table: true
        case .partitions(let partitions): partitions.contains(PartitionKey(file.partitionValues))
        }
    }

    private func conflict(_ code: DeltaError.Code, _ message: String, _ version: Int) -> DeltaError {
        DeltaError(
            code, "\(message) by version \(version), after version \(base.version) was read", place: table.folder,
            hint: "nothing was committed; begin again with the newest version")
    }
}
