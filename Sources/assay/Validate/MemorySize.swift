import ArgumentParser
import Foundation
import Statistics
import Tables

/// How much memory a run may keep values in: `512MB`, `2GB`, `1GiB`, or a number of bytes.
struct MemorySize: ExpressibleByArgument {
    let bytes: Int

    private init(bytes: Int) { self.bytes = bytes }

    /// A quarter of what the machine has, or of what the container may use.
    static var quarterOfTheMachine: MemorySize {
        let machine = Int(clamping: ProcessInfo.processInfo.physicalMemory)
        return MemorySize(bytes: max(1, min(machine, containerLimit ?? machine) / 4))
    }

    /// What control groups allow the process, by version 2's file or version 1's; `nil` where they don't say.
    private static var containerLimit: Int? {
        ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"].compactMap { path in
            (try? String(contentsOfFile: path, encoding: .utf8)).flatMap {
                Int($0.trimmingCharacters(in: .whitespacesAndNewlines))
            }
        }.filter { $0 > 0 }.min()
    }

    /// Units are read without regard to case; those of three letters are powers of 1024.
    init?(argument: String) {
        let digits = argument.prefix { $0.isNumber || $0 == "." }
        let unit = argument.dropFirst(digits.count).drop { $0 == " " }.lowercased()
        guard let number = DecimalNumber(digits), let factor = Self.units[unit] else { return nil }
        let (product, isBeyond) = number.unscaled.multipliedReportingOverflow(by: factor)
        let bytes = DecimalNumber(unscaled: product, scale: number.scale).floor
        guard !isBeyond, bytes > 0, let bytes = Int(exactly: bytes) else { return nil }
        self.bytes = bytes
    }

    private static let units: [String: Int128] = [
        "": 1, "b": 1, "kb": 1_000, "mb": 1_000_000, "gb": 1_000_000_000, "tb": 1_000_000_000_000,
        "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40,
    ]

    /// With the system's directory of temporary files.
    var budget: MemoryBudget {
        let named = ProcessInfo.processInfo.environment["TMPDIR"] ?? ""
        return MemoryBudget(limitBytes: bytes, directory: named.isEmpty ? "/tmp" : named)
    }
}
