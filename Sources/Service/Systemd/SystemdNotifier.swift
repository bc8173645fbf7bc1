import Foundation

/// Tells systemd how the service is (sd_notify(3)): a datagram with lines of `NAME=value` to the socket that `NOTIFY_SOCKET` names.
///
/// Where there is none, as outside of systemd, nothing is sent. What can't be told is no error: the service works without.
public struct SystemdNotifier: Sendable {
    private let address: [UInt8]?
    /// How often systemd wants to be told that the service lives: half of `WATCHDOG_USEC`; `nil` where it doesn't.
    public let watchdogPeriod: Duration?

    /// `processID` is this process's where absent: a watchdog that is meant for another one is none of ours.
    public init(environment: [String: String], processID: Int32? = nil) {
        address = environment["NOTIFY_SOCKET"].flatMap { Self.address(of: $0) }
        let isOurs = environment["WATCHDOG_PID"].map { $0 == String(processID ?? getpid()) } ?? true
        if isOurs, address != nil, let microseconds = environment["WATCHDOG_USEC"].flatMap({ Int64($0) }),
            (2_000...86_400_000_000).contains(microseconds)
        {
            watchdogPeriod = .microseconds(microseconds / 2)
        } else {
            watchdogPeriod = nil
        }
    }

    /// A path, or `@` and a name that is no file's; longer ones than the kernel knows are none.
    private static func address(of name: String) -> [UInt8]? {
        var bytes = Array(name.utf8)
        guard let first = bytes.first, bytes.count > 1, bytes.count < 108, !bytes.contains(0) else { return nil }
        switch first {
        case UInt8(ascii: "/"): return bytes
        case UInt8(ascii: "@"):
            bytes[0] = 0
            return bytes
        default: return nil
        }
    }

    /// The service has begun to take requests.
    public func ready() { send("READY=1") }

    /// It reads its configuration again; `ready` says that it has.
    public func reloading() {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        let microseconds = Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
        send("RELOADING=1\nMONOTONIC_USEC=\(microseconds)")
    }

    public func stopping() { send("STOPPING=1") }

    /// It lives.
    public func alive() { send("WATCHDOG=1") }

    /// A line for `systemctl status`; line breaks in it are spaces.
    public func status(_ text: String) {
        let line = String.UnicodeScalarView(
            text.unicodeScalars.prefix(200).map { $0.properties.generalCategory == .control ? " " : $0 })
        send("STATUS=\(String(line))")
    }

    /// Tells that the service lives, as often as systemd wants, until the task is cancelled.
    ///
    /// `isHealthy` is asked each time: a service that hangs must not say that it lives.
    public func keepAlive(
        sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
        isHealthy: @Sendable () async -> Bool
    ) async {
        guard let watchdogPeriod else { return }
        while !Task.isCancelled {
            if await isHealthy() { alive() }
            do { try await sleep(watchdogPeriod) } catch { return }
        }
    }

    private func send(_ text: String) {
        guard let address else { return }
        #if os(Linux)
            let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        #else
            let descriptor = socket(AF_UNIX, SOCK_DGRAM, 0)
        #endif
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        // The length was checked to be below the 108 bytes of the path, and the rest of it are zeros.
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: address) }
        let length = MemoryLayout<sockaddr_un>.offset(of: \.sun_path).map { $0 + address.count } ?? 0
        let message = Array(text.utf8)
        _ = withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, message, message.count, Int32(MSG_DONTWAIT), $0, socklen_t(length))
            }
        }
    }
}
