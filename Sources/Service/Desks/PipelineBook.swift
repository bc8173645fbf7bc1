public import Ledger
public import Reports

/// What the server asks of whoever runs pipelines; calls may block.
public protocol PipelineBook: Sendable {
    /// By name.
    func pipelines() throws -> [PipelineEntry]
    /// `nil` where there is none of the name.
    func pipeline(_ name: String) throws -> PipelineEntry?
    /// `nil` where there is none of the name; throws `CancellationError` as soon as nobody wants it any more.
    func quarantine(
        _ name: String, _ filter: QuarantineFilter, limit: Int, isUnwanted: () -> Bool
    ) throws -> QuarantineListing?
    /// Takes a request down, to be carried out by the pipeline; `nil` where there is none of the name.
    func request(_ request: QuarantineRequest, of name: String, at now: Int64) throws -> RequestReceipt?
}

/// Which records of a quarantine are wanted.
public struct QuarantineFilter: Sendable, Hashable {
    public enum Status: String, Sendable, CaseIterable { case quarantined, released, replayed, discarded, all }

    public var status = Status.quarantined
    public var rule: String?
    public var file: String?
    public var ids: Set<String> = []
    /// Microseconds since 1970-01-01T00:00:00Z.
    public var since: Int64?
    public var until: Int64?

    public init() {}
}

/// What is to become of records in quarantine.
public struct QuarantineRequest: Sendable, Equatable {
    public enum Kind: String, Sendable, CaseIterable {
        /// They are judged again.
        case replay
        /// They are let through as they are.
        case release
        /// They are given up.
        case discard
    }

    public let kind: Kind
    public let filter: QuarantineFilter
    public let actor: String
    public let reason: String

    public init(kind: Kind, filter: QuarantineFilter, actor: String, reason: String) {
        self.kind = kind
        self.filter = filter
        self.actor = actor
        self.reason = reason
    }
}

/// That a request was taken down.
public struct RequestReceipt: Sendable, Equatable {
    public let id: String
    /// Records that it is for, where that is known already.
    public let recordCount: Int?

    public init(id: String, recordCount: Int?) {
        self.id = id
        self.recordCount = recordCount
    }
}

/// What the server asks of whoever runs validations; calls may block.
public protocol TriggerDesk: Sendable {
    /// Has a validation run as soon as it may; `nil` where the project has none such.
    func trigger(_ validation: Validation, by actor: String, at now: Int64) throws -> RequestReceipt?
}
