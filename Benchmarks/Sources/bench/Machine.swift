import Foundation

/// What the table says about where it was taken.
struct Machine {
    let description: String
    /// Processes that wanted a core in the minute before.
    let load: Double
    static let cores = ProcessInfo.processInfo.activeProcessorCount

    init() {
        let processor = Self.value(of: "model name", in: "/proc/cpuinfo", separator: ":") ?? "an unknown processor"
        let system = Self.value(of: "PRETTY_NAME", in: "/etc/os-release", separator: "=") ?? "an unknown system"
        let memory = Double(ProcessInfo.processInfo.physicalMemory) / 1e9
        description = "\(Self.cores) cores of \(processor), \(memory.formatted(places: 0)) GB, \(system)"
        load = Self.load
    }

    private static var load: Double {
        let text = (try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8)) ?? ""
        return text.split(separator: " ").first.flatMap { Double($0) } ?? 0
    }

    private static func value(of key: String, in path: String, separator: Character) -> String? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: separator, maxSplits: 1)
            guard parts.count == 2, parts[0].trimmingCharacters(in: .whitespaces) == key else { continue }
            return parts[1].trimmingCharacters(in: CharacterSet(charactersIn: " \t\""))
        }
        return nil
    }
}

extension Double {
    func formatted(places: Int) -> String { String(format: "%.\(places)f", self) }

    /// Three digits that say something: 0.0123, 1.23, 123.
    var short: String {
        guard self > 0 else { return "0" }
        return formatted(places: max(0, 2 - Int(log10(self).rounded(.down))))
    }
}
