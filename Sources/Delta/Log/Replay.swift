import Tables

/// A commit that removes files which an earlier one had removed already, and adds others.
///
/// Who rewrites files and doesn't notice that somebody else did so meanwhile commits this: the rows of those files are in the
/// table twice. Writers that keep to the protocol check for it; a removal without additions is harmless.
public struct RepeatedRemoval: Sendable, Equatable {
    public let version: Int
    /// Files that had been removed before.
    public let fileCount: Int
}

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
    /// Of the commits that were applied, oldest first, as far as removals are remembered: checkpoints forget them in time.
    private(set) var repeatedRemovals: [RepeatedRemoval] = []

    /// Applies the actions of a commit.
    mutating func apply(_ actions: [Action], of version: Int) {
        let adds = actions.contains { if case .add = $0 { true } else { false } }
        let repeated = actions.count { if case .remove(let file) = $0 { removed[FileKey(file)] != nil } else { false } }
        if adds, repeated > 0 { repeatedRemovals.append(RepeatedRemoval(version: version, fileCount: repeated)) }
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
