/// A C library that the program uses, as it is on this machine.
public struct LinkedLibrary: Sendable, Hashable {
    public let name: String
    public let version: String
    /// What it was built without that something here needs; `nil` where it has everything.
    public let lacks: String?

    public init(name: String, version: String, lacks: String? = nil) {
        self.name = name
        self.version = version
        self.lacks = lacks
    }
}
