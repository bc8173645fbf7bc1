import Foundation

/// A file system of some kilobytes in memory; only where the tests may mount one, as root on Linux.
public struct SmallDisk {
    /// Where it is mounted.
    public let path: String

    /// Whether the tests may mount one.
    public static var isPossible: Bool {
        guard geteuid() == 0, let scratch = try? Scratch() else { return false }
        guard let disk = try? SmallDisk(scratch.path("probe"), kilobytes: 64) else { return false }
        disk.unmount()
        return true
    }

    public init(_ path: String, kilobytes: Int) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try Self.run("mount", ["-t", "tmpfs", "-o", "size=\(kilobytes)k", "none", path])
    }

    /// Makes it read-only.
    public func seal() throws { try Self.run("mount", ["-o", "remount,ro", path]) }

    /// Takes it away, as soon as nobody uses it any more.
    public func unmount() { try? Self.run("umount", ["-l", path]) }

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
