import Foundation

/// The built binary, run as a user runs it, in a folder of its own.
struct Assay {
    let folder: URL

    struct Run {
        let status: Int32
        let output: String
        let errors: String
    }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("assay-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }

    func write(_ text: String, to name: String) throws { try write(Data(text.utf8), to: name) }

    func write(_ data: Data, to name: String) throws {
        let file = folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: file)
    }

    func read(_ name: String) throws -> String {
        try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    }

    func names(in name: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent(name).path)) ?? [])
            .sorted()
    }

    /// Runs `assay` with the arguments in the folder.
    func callAsFunction(
        _ arguments: String..., input: String? = nil, environment: [String: String] = [:]
    ) throws -> Run {
        try run(arguments, input: input, environment: environment)
    }

    /// The same with the arguments as a list.
    func run(
        _ arguments: [String], input: String? = nil, environment: [String: String] = [:]
    ) throws -> Run {
        let process = Process()
        process.executableURL = Self.binary
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        // Files, not pipes: no output is too large to be read later.
        let paths = ["out", "err", "in"].map { folder.appendingPathComponent(".\($0)-\(UUID().uuidString)") }
        for path in paths { try Data((path == paths[2] ? input ?? "" : "").utf8).write(to: path) }
        let handles = try [FileHandle(forWritingTo: paths[0]), FileHandle(forWritingTo: paths[1])]
        (process.standardOutput, process.standardError) = (handles[0], handles[1])
        process.standardInput = try FileHandle(forReadingFrom: paths[2])
        try process.run()
        process.waitUntilExit()
        defer { for path in paths { try? FileManager.default.removeItem(at: path) } }
        return Run(
            status: process.terminationStatus, output: try String(contentsOf: paths[0], encoding: .utf8),
            errors: try String(contentsOf: paths[1], encoding: .utf8))
    }

    /// Beside the test runner, or where `ASSAY_BINARY` says.
    static let binary: URL = {
        if let path = ProcessInfo.processInfo.environment["ASSAY_BINARY"] { return URL(fileURLWithPath: path) }
        let runner = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        let beside = runner.appendingPathComponent("assay")
        if FileManager.default.isExecutableFile(atPath: beside.path) { return beside }
        return package.appendingPathComponent(".build/debug/assay")
    }()

    static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
}
