import Foundation

/// A table or a group of files as OpenLineage names them (its specification, "Naming").
public struct LineageDataset: Sendable, Hashable {
    public let namespace: String
    public let name: String

    public init(namespace: String, name: String) {
        self.namespace = namespace
        self.name = name
    }

    /// Data on this machine: the namespace is `file`, the name the absolute path.
    ///
    /// Of a pattern it is the folder that all its files are below, so that new files make no new dataset.
    public init(path: String, workingFolder: String) {
        let steps = path.split(separator: "/", omittingEmptySubsequences: false)
        let fixed = steps.prefix { !$0.contains { "*?[".contains($0) } }
        let plain = fixed.count < steps.count ? fixed.joined(separator: "/") : path
        let absolute = path.hasPrefix("/") ? plain : workingFolder + "/" + plain
        self.init(
            namespace: "file", name: URL(fileURLWithPath: absolute.isEmpty ? "/" : absolute).standardizedFileURL.path)
    }
}
