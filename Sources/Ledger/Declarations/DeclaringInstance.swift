/// Who declares what a project has: a process that works with it, or whoever did last.
public struct DeclaringInstance: Sendable, Hashable {
    /// The project's file, by which others know that they have the same one.
    public let project: String
    /// Tells a process that goes on working from others; `nil` for one that ends at once.
    public let process: String?

    /// Microseconds after which a process that has declared nothing is taken to have ended.
    public static let patience: Int64 = 10 * 60_000_000

    public init(project: String, process: String? = nil) {
        self.project = project
        self.process = process
    }

    var text: String { process.map { prefix + $0 } ?? project }

    /// What the texts of all processes of the project begin with.
    var prefix: String { project + "\u{1F}" }

    /// What a process that ended has left is its project's.
    var heir: DeclaringInstance { DeclaringInstance(project: project) }
}
