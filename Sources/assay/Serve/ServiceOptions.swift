import Service

/// What the command line says of a service, besides its project.
struct ServiceOptions: Sendable {
    /// Where it listens; the project's when `nil`.
    let listen: BindAddress?
    /// Of all validations together.
    let threads: Int
    /// Of all validations together.
    let memory: MemorySize
    let runsPipelines: Bool
}
