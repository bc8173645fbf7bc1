/// What follows from how an expectation ends, which its verdict doesn't depend on: how loud a failure is, and what becomes of what fails.
public struct Consequences: Sendable, Hashable {
    public private(set) var severity: Severity
    public private(set) var onEmpty: OnEmpty
    public private(set) var onMissingColumn: OnMissingColumn
    /// The sternest `on_fail` that is said; `nil` where none is.
    private var onFail: OnFail?
    /// The highest severity of those that say no `on_fail`; `nil` where all do.
    private var severityWithoutOnFail: Severity?

    init(severity: Severity, onEmpty: OnEmpty, onMissingColumn: OnMissingColumn, onFail: OnFail?) {
        self.severity = severity
        self.onEmpty = onEmpty
        self.onMissingColumn = onMissingColumn
        self.onFail = onFail
        severityWithoutOnFail = onFail == nil ? severity : nil
    }

    /// What a gate does with what breaks the rule: what is said, or else what is usual there, or else what the severity says.
    ///
    /// `stop` also holds a batch, and so does everything but `warn` where the expectation is about the batch as a whole.
    public func action(orElse usual: OnFail? = nil) -> OnFail {
        let unsaid = severityWithoutOnFail.map { usual ?? ($0 == .critical ? .quarantine : .warn) }
        return max(onFail ?? .warn, unsaid ?? .warn)
    }

    /// Those of two expectations that are one: of each the sterner.
    func united(with other: Consequences) -> Consequences {
        var united = self
        united.severity = max(severity, other.severity)
        united.onEmpty = max(onEmpty, other.onEmpty)
        united.onMissingColumn = max(onMissingColumn, other.onMissingColumn)
        united.onFail = [onFail, other.onFail].compactMap(\.self).max()
        united.severityWithoutOnFail = [severityWithoutOnFail, other.severityWithoutOnFail].compactMap(\.self).max()
        return united
    }

    /// The same for equal ones, in every version.
    public var canonicalText: String {
        [
            severity.rawValue, onEmpty.rawValue, onMissingColumn.rawValue, onFail?.rawValue ?? "",
            severityWithoutOnFail?.rawValue ?? "",
        ].joined(separator: " ")
    }
}
