import Tables

/// The state of a table after some of its actions (Delta protocol, Action Reconciliation).
struct Replay: Sendable {
    private(set) var `protocol`: TableProtocol?
    private(set) var metadata: TableMetadata?
    private(set) var files: [FileKey: AddFile] = [:]
    /// Files that older versions have.
    private(set) var removed: [FileKey: RemoveFile] = [:]
    private(set) var transactions: [String: AppTransaction] = [:]
    private(set) var domains: [String: DomainMetadata] = [:]
    /// Of the last commit that had one.
    private(set) var info: CommitInfo?

    mutating func apply(_ actions: some Sequence<Action>) {
        for action in actions { apply(action) }
    }

    mutating func apply(_ action: Action) {
        switch action {
        case .add(let file):
            let key = FileKey(file)
            files[key] = file
            removed[key] = nil
        case .remove(let file):
            let key = FileKey(file)
            files[key] = nil
            removed[key] = file
        case .metadata(let metadata): self.metadata = metadata
        case .protocol(let version): self.protocol = version
        case .transaction(let transaction): transactions[transaction.appID] = transaction
        case .domain(let domain): domains[domain.domain] = domain.isRemoved ? nil : domain
        case .commitInfo(let info): self.info = info
        case .sidecar, .other: break
        }
    }
}
