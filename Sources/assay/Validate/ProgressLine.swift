import Expectations
import Foundation
import Scan
import Synchronization

/// A line on standard error that says how far a scan has come: share, rate, time left.
final class ProgressLine: Sendable {
    private let name: String
    private let isShown: Bool
    private let began = ContinuousClock.now
    private let lastShown: Mutex<ContinuousClock.Instant?>

    init(_ name: String, isShown: Bool) {
        self.name = name
        self.isShown = isShown
        lastShown = Mutex(nil)
    }

    /// Shows the line, ten times a second at most, and not in the first half second.
    func show(_ progress: ScanProgress) {
        guard isShown else { return }
        let now = ContinuousClock.now
        let isDue = lastShown.withLock { last in
            guard now - (last ?? began) > (last == nil ? .milliseconds(500) : .milliseconds(100)) else { return false }
            last = now
            return true
        }
        guard isDue else { return }
        let seconds = (now - began) / .seconds(1)
        let rate = Double(progress.bytes) / max(seconds, 0.001)
        var parts = [name, "\(Wording.count(progress.rows)) rows", "\(Self.bytes(rate))/s"]
        if let total = progress.totalBytes, total > 0 {
            let share = min(1, Double(progress.bytes) / Double(total))
            parts.insert("\(Int(share * 100)) %", at: 1)
            parts.append("\(Int((Double(total - progress.bytes) / max(rate, 1)).rounded(.up))) s left")
        }
        try? FileHandle.standardError.write(contentsOf: Data("\r\u{1B}[2K\(parts.joined(separator: "  "))".utf8))
    }

    func clear() {
        guard isShown, lastShown.withLock({ $0 != nil }) else { return }
        try? FileHandle.standardError.write(contentsOf: Data("\r\u{1B}[2K".utf8))
    }

    /// As in `1.4 GB`, in powers of a thousand.
    static func bytes(_ count: Double) -> String {
        let units = ["B", "kB", "MB", "GB", "TB"]
        var value = count
        var unit = 0
        while value >= 1_000, unit < units.count - 1 {
            value /= 1_000
            unit += 1
        }
        return unit == 0 ? "\(Int(value)) B" : "\(Wording.number((value * 10).rounded() / 10)) \(units[unit])"
    }
}
