import Foundation
import Service
import Synchronization
import Testing

@Suite struct SystemdNotifierTests {
    /// Where systemd would listen.
    private final class Listener {
        let descriptor: Int32

        init(_ name: String) throws {
            descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            var bytes = Array(name.utf8)
            if bytes.first == UInt8(ascii: "@") { bytes[0] = 0 }
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
            let length = socklen_t(2 + bytes.count)
            let result = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
            }
            try #require(result == 0)
        }

        deinit { close(descriptor) }

        /// The next message, or `nil` where none is there.
        func next() -> String? {
            var buffer = [UInt8](repeating: 0, count: 4_096)
            let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            return count < 0 ? nil : String(decoding: buffer.prefix(count), as: UTF8.self)
        }
    }

    @Test(arguments: ["/tmp/assay-notify-\(getpid())", "@assay-notify-\(getpid())"])
    func tellsWhatBecomesOfTheService(_ name: String) throws {
        defer { unlink(name) }
        let listener = try Listener(name)
        let notifier = SystemdNotifier(environment: ["NOTIFY_SOCKET": name])
        notifier.ready()
        notifier.status("2 validations\nREADY=0")
        notifier.reloading()
        notifier.stopping()
        #expect(listener.next() == "READY=1")
        #expect(listener.next() == "STATUS=2 validations READY=0")
        let reloading = try #require(listener.next())
        #expect(reloading.hasPrefix("RELOADING=1\nMONOTONIC_USEC=") && Int(reloading.split(separator: "=")[2]) ?? 0 > 0)
        #expect(listener.next() == "STOPPING=1")
        #expect(listener.next() == nil)
    }

    @Test(arguments: ["", "relative", "/", "@", "/tmp/nobody-listens", "/" + String(repeating: "x", count: 200)])
    func withoutAListenerNothingHappens(_ name: String) {
        SystemdNotifier(environment: ["NOTIFY_SOCKET": name]).ready()
        SystemdNotifier(environment: [:]).ready()
    }

    @Test func theWatchdogWantsToBeToldTwiceInItsTime() {
        let socket = ["NOTIFY_SOCKET": "/run/x"]
        let own = ["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "7"].merging(socket) { $1 }
        #expect(SystemdNotifier(environment: own, processID: 7).watchdogPeriod == .seconds(15))
        #expect(SystemdNotifier(environment: own, processID: 8).watchdogPeriod == nil)
        #expect(SystemdNotifier(environment: socket).watchdogPeriod == nil)
        for wrong in ["", "0", "-1", "x", "99999999999999999999"] {
            #expect(SystemdNotifier(environment: socket.merging(["WATCHDOG_USEC": wrong]) { $1 }).watchdogPeriod == nil)
        }
    }

    @Test func aServiceThatHangsDoesNotSayThatItLives() async throws {
        let name = "@assay-watchdog-\(getpid())"
        let listener = try Listener(name)
        let notifier = SystemdNotifier(environment: ["NOTIFY_SOCKET": name, "WATCHDOG_USEC": "1000000"])
        let count = Mutex(0)
        await notifier.keepAlive(sleep: { duration in
            #expect(duration == .milliseconds(500))
            if count.withLock({ $0 }) >= 3 { throw CancellationError() }
        }) {
            count.withLock { count in
                count += 1
                return count != 2
            }
        }
        #expect([listener.next(), listener.next(), listener.next()] == ["WATCHDOG=1", "WATCHDOG=1", nil])
    }
}
