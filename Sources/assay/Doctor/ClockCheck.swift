import Foundation
import Schedules
import Tables

extension DoctorCheck {
    /// Whether the machine knows what time it is: schedules and freshness go by it.
    static let clock = DoctorCheck(name: "clock") { _ in
        let before = RunClock.system.microseconds
        let start = ContinuousClock.now
        try? await Task.sleep(for: .milliseconds(50))
        let passed = (ContinuousClock.now - start) / .microseconds(1)
        let shown = Double(RunClock.system.microseconds - before)
        let now = CivilTime.format(microseconds: before)
        if before < 1_767_225_600_000_000 || before > 4_102_444_800_000_000 {
            return [.problem("clock", "it is \(now), they say", "set the clock, and have it kept by NTP")]
        }
        // A clock that is being set goes another way than time does.
        if abs(shown - passed) > 20_000 {
            return [.warning("clock", "it jumped while it was looked at", "have it kept by one NTP client that slews")]
        }
        switch SystemClock.isSynchronized {
        case true?: return [.ok("clock", "it is \(now), kept by a time server")]
        case false?:
            return [
                .warning(
                    "clock", "it is \(now), and the kernel says that no time server keeps it",
                    "run an NTP client: systemd-timesyncd, chrony")
            ]
        case nil: return [.ok("clock", "it is \(now); whether a time server keeps it isn't known here")]
        }
    }

    /// The names of zones, which cron lines and assets may use.
    static let timeZones = DoctorCheck(name: "time zones") { _ in
        let names = ["Europe/Berlin", "America/New_York", "Asia/Kolkata"]
        let missing = names.filter { TimeZone(identifier: $0) == nil }
        guard missing.isEmpty else {
            return [.problem("time zones", "\(missing.joined(separator: ", ")) can't be found", "install tzdata")]
        }
        return [.ok("time zones", "their names are known")]
    }
}

/// What the kernel says of its clock.
enum SystemClock {
    /// `nil` where it can't be asked.
    static var isSynchronized: Bool? {
        #if os(Linux)
            typealias Adjust = @convention(c) (UnsafeMutableRawPointer) -> Int32
            // The C library's module doesn't have this function. Zeros ask and set nothing; the structure has 208 bytes.
            guard let symbol = dlsym(dlopen(nil, RTLD_NOW), "adjtimex") else { return nil }
            let adjust = unsafeBitCast(symbol, to: Adjust.self)
            let state = withUnsafeTemporaryAllocation(byteCount: 1_024, alignment: 16) { buffer in
                buffer.initializeMemory(as: UInt8.self, repeating: 0)
                return buffer.baseAddress.map { adjust($0) } ?? -1
            }
            // 5 is TIME_ERROR: not synchronised.
            return state < 0 ? nil : state != 5
        #else
            return nil
        #endif
    }
}
