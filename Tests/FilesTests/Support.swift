import Foundation

/// A folder of the test's own, gone with it.
final class Scratch: Sendable {
    let directory: String

    init() throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("assay-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    func path(_ name: String) -> String { directory + "/" + name }

    var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []).sorted() }
}

/// A file system of a few kilobytes in memory.
struct SmallDisk {
    let path: String

    static var isPossible: Bool {
        guard geteuid() == 0, let scratch = try? Scratch() else { return false }
        guard let disk = try? SmallDisk(scratch.path("probe"), kilobytes: 64) else { return false }
        disk.unmount()
        return true
    }

    init(_ path: String, kilobytes: Int) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try Self.run("mount", ["-t", "tmpfs", "-o", "size=\(kilobytes)k", "none", path])
    }

    func seal() throws { try Self.run("mount", ["-o", "remount,ro", path]) }
    func unmount() { try? Self.run("umount", ["-l", path]) }

    private static func run(_ tool: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [tool] + arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.featureUnsupported) }
    }
}
