public import Expectations

/// A part of a project that has secrets in it: whoever uses it needs their variables, and nobody else does.
public struct SecretPart<Value: Sendable>: Sendable {
    private let value: Value
    /// What the environment lacks for it, in the order of the file; nothing where it can be used.
    public let lacking: [SuiteError]

    init(_ value: Value, lacking: [SuiteError] = []) {
        self.value = value
        self.lacking = lacking
    }

    /// The part as the environment fills it in; throws what that lacks.
    public func get() throws(SuiteProblems) -> Value {
        guard lacking.isEmpty else { throw SuiteProblems(lacking) }
        return value
    }
}

extension SecretPart: Equatable where Value: Equatable {}

extension SecretPart: Hashable where Value: Hashable {
    public func hash(into hasher: inout Hasher) { hasher.combine(value) }
}

extension Problems {
    /// Reads a part with secrets in it; mistakes are mistakes all the same.
    mutating func secretPart<Value>(_ node: YAMLNode, _ read: (inout Problems) -> Value) -> SecretPart<Value> {
        let value = read(&self)
        return SecretPart(value, lacking: setAside(node))
    }
}
