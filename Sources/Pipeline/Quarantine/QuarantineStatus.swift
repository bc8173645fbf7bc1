/// What may have become of quarantined records that somebody asks for.
public enum QuarantineStatus: String, Sendable, Hashable, CaseIterable {
    /// Nothing yet.
    case quarantined
    case released, replayed, discarded
    /// Anything, or nothing.
    case all

    /// Whether a record with this resolution is of this status.
    public func fits(_ resolution: Resolution?) -> Bool {
        switch self {
        case .all: true
        case .quarantined: resolution == nil
        case .released: resolution?.status == .released
        case .replayed: resolution?.status == .replayed
        case .discarded: resolution?.status == .discarded
        }
    }
}
