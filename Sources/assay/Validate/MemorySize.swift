import ArgumentParser
import Foundation
import Statistics
import Tables

/// How much memory a run may keep values in: `512MB`, `2GB`, `1GiB`, or a number of bytes.
struct MemorySize {
    let bytes: Int

    private init(bytes: Int) { self.bytes = bytes }

    /// A quarter of what the machine has, or of what the container may use.
    static var quarterOfTheMachine: MemorySize { MemorySize(bytes: max(1, machine / 4)) }

    /// Bytes that the machine has, or that the container may use.
    static var machine: Int {
        let machine = Int(clamping: ProcessInfo.processInfo.physicalMemory)
        return min(machine, containerLimit ?? machine)
    }

    /// What control groups allow the process; `nil` where they don't say.
    private static var containerLimit: Int? {
        func text(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }
        // Where processes can't see which groups they are in, the topmost that they see is theirs.
        return ControlGroup.memoryLimit(membership: text("/proc/self/cgroup") ?? "0::/\n1:memory:/", read: text)
    }

    /// A size as it is given on the command line.
    static func parse(_ argument: String) throws -> MemorySize {
        guard let bytes = ByteCountText.parse(argument), bytes > 0 else {
            throw ValidationError("a size above 0 is wanted, as in 512MB, 1.5GiB or 1000000000")
        }
        return MemorySize(bytes: Int(bytes))
    }

    /// With the system's directory of temporary files.
    var budget: MemoryBudget { share(of: 1) }

    /// What each of so many that work at once may have.
    func share(of count: Int) -> MemoryBudget {
        let named = ProcessInfo.processInfo.environment["TMPDIR"] ?? ""
        return MemoryBudget(limitBytes: max(1, bytes / max(1, count)), directory: named.isEmpty ? "/tmp" : named)
    }
}
