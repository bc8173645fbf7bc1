public import Schedules

/// Where the service of a project is found: what is known of it also where the rest of the project has mistakes.
public struct ServicePlace: Sendable, Hashable {
    /// The path of the results' store.
    public let store: String
    /// As the project has it; `nil` where that can't be read.
    public let listen: String?
    /// As the project has them, without those that can't be read.
    public let maintenance: [MaintenanceWindow]

    /// Reads these of a project file; `nil` where it can't be read, or is no project at all.
    public init?(ofProject path: String, environment: [String: String]) {
        guard let source = try? SourceFile.read(path) else { return nil }
        var problems = Problems()
        guard let root = YAMLDocument(source, environment: environment, problems: &problems).root else { return nil }
        var reader = ProjectReader(file: path, environment: environment, problems: problems)
        guard let place = reader.servicePlace(root) else { return nil }
        self = place
    }

    public init(store: String, listen: String?, maintenance: [MaintenanceWindow] = []) {
        self.store = store
        self.listen = listen
        self.maintenance = maintenance
    }
}
