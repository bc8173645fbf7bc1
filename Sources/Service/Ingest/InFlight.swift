import Synchronization

/// Requests that are being read or wait for the disk, and the bytes that they hold in memory.
final class InFlight: Sendable {
    private let limits: ServerLimits
    private let held = Mutex(Held())

    private struct Held {
        var requests = 0
        var bytes = 0
    }

    init(_ limits: ServerLimits) { self.limits = limits }

    /// A place for a request, given back with the object; `nil` where all are taken.
    func enter() -> Place? {
        held.withLock { held in
            guard held.requests < limits.requestsInFlight else { return nil }
            held.requests += 1
            return Place(self)
        }
    }

    /// What one request holds.
    final class Place: Sendable {
        private let inFlight: InFlight
        private let bytes = Mutex(0)

        fileprivate init(_ inFlight: InFlight) { self.inFlight = inFlight }

        deinit {
            let bytes = bytes.withLock { $0 }
            inFlight.held.withLock { held in
                held.requests -= 1
                held.bytes -= bytes
            }
        }

        /// Takes room for more bytes; whether there was some.
        func take(_ count: Int) -> Bool {
            let isThere = inFlight.held.withLock { held in
                guard held.bytes + count <= inFlight.limits.bytesInFlight else { return false }
                held.bytes += count
                return true
            }
            if isThere { bytes.withLock { $0 += count } }
            return isThere
        }
    }
}
