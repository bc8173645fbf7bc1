/// What becomes of the times at which something was due while nobody was there to do it.
public enum CatchUp: String, Sendable, Hashable, CaseIterable {
    /// The latest of them is done, once.
    case latest
    /// Each of them is done, oldest first.
    case all
    /// None is.
    case none
}
