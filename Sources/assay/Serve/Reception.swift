import Logging
import Service
import Synchronization
import Tables

/// The side of the service that the network sees: one server at a time, which a reload gives another offer or another address.
///
/// A change takes effect as a whole or not at all: where another address can't be listened on, the server at the old one stays.
final class Reception: Sendable {
    /// Where a server listens, and what it offers there.
    struct Post: Sendable {
        let address: BindAddress
        let offer: Server.Offer
    }

    private struct State {
        var post: Post?
        var seat: Seat?
        /// Where it listens: the post's, or one that was free.
        var port = 0
        var isStopping = false
        var status = ExitStatus.passed
    }

    private let log: Logger
    private let whenListening: @Sendable (BindAddress) -> Void
    private let state = Mutex(State())
    /// Servers that are to be run.
    private let seats = AsyncStream<Seat>.makeStream()
    /// Ends when the first server listens, or never will.
    private let beginning = AsyncStream<Void>.makeStream()

    /// `whenListening` is told of each address that is listened on, with the port that it is in the end.
    init(log: Logger, whenListening: @escaping @Sendable (BindAddress) -> Void) {
        self.log = log
        self.whenListening = whenListening
    }

    /// Serves until it is stopped, or a server can't be run; once.
    func run(_ first: Post) async -> ExitStatus {
        await withDiscardingTaskGroup { group in
            group.addTask {
                do { try await self.open(first) } catch { self.fail(error) }
                self.beginning.continuation.finish()
            }
            for await seat in seats.stream { group.addTask { await self.serve(seat) } }
        }
        return state.withLock { $0.status }
    }

    /// Whether any address could be listened on.
    var hasListened: Bool { state.withLock { $0.seat != nil } }

    /// Returns when the first server listens, or it is known that it won't.
    func begun() async { for await _ in beginning.stream {} }

    /// From now on serves by another post; throws where that can't be, and goes on as before.
    ///
    /// Connections to an address that is given up come to their end. One whose port is kept while its host changes is not listened on for a moment.
    func change(to post: Post) async throws {
        let (known, listening, port) = state.withLock { ($0.post, $0.seat, $0.port) }
        guard let old = known, let seat = listening else { throw CancellationError() }
        guard post.address != old.address else {
            try seat.server.replace(post.offer)
            state.withLock { $0.post = post }
            return
        }
        // Every address of the machine has room for one listener a port.
        let isInTheWay = post.address.port == port
        if isInTheWay { await seat.close() }
        do { try await open(post) } catch {
            if isInTheWay {
                do { try await open(old) } catch { fail(error) }
            }
            throw error
        }
        if !isInTheWay { await seat.server.stop() }
    }

    /// Lets requests in hand come to their end, takes no others, and has `run` return.
    func stop() async {
        let seat = state.withLock { state in
            state.isStopping = true
            return state.seat
        }
        seats.continuation.finish()
        await seat?.server.stop()
    }

    /// Has a server listen, and keeps it; throws where it can't.
    private func open(_ post: Post) async throws {
        // The framework's words of its own doing are no events of the service.
        var quiet = log
        quiet.logLevel = max(.warning, quiet.logLevel)
        let seat = Seat(try Server(address: post.address, offer: post.offer, logger: quiet))
        guard case .enqueued = seats.continuation.yield(seat) else { throw CancellationError() }
        let port = try await seat.opened()
        let isStopping = state.withLock { state in
            (state.post, state.seat, state.port) = (post, seat, port)
            return state.isStopping
        }
        guard !isStopping else { return await seat.server.stop() }
        whenListening(BindAddress(host: post.address.host, port: port))
        log.notice(
            "listening",
            metadata: ["port": "\(port)", "address": "\(post.address.host)", "version": "\(Version.current)"])
    }

    private func serve(_ seat: Seat) async {
        do { try await seat.run() } catch { fail(error) }
    }

    private func fail(_ error: any Error) {
        let isStopping = state.withLock { $0.isStopping }
        guard !isStopping else { return }
        var status = ExitStatus.undecided
        if let error = error as? ServiceError {
            log.error("the server can't be run", metadata: error.logMetadata)
            if error.fault == .suiteAuthor { status = .mistake }
        } else {
            log.error("the server ended", metadata: ["error": "\(error)"])
        }
        state.withLock { $0.status = status }
        seats.continuation.finish()
    }

    /// A server, and how far it has come.
    private final class Seat: Sendable {
        let server: Server
        private let ports = AsyncThrowingStream<Int, any Error>.makeStream()
        private let end = AsyncStream<Void>.makeStream()
        private let isOpen = RaisedFlag()

        init(_ server: Server) { self.server = server }

        /// Runs the server to its end; what kept it from listening is told to who waits for that.
        func run() async throws {
            defer {
                ports.continuation.finish()
                end.continuation.finish()
            }
            do {
                try await server.run { [isOpen, ports] port in
                    isOpen.raise()
                    ports.continuation.yield(port)
                }
            } catch {
                ports.continuation.finish(throwing: error)
                if isOpen.isRaised { throw error }
            }
        }

        /// The port, once it listens.
        func opened() async throws -> Int {
            for try await port in ports.stream { return port }
            throw CancellationError()
        }

        /// Stops the server and waits for its end.
        func close() async {
            await server.stop()
            for await _ in end.stream {}
        }
    }
}

extension ServiceError {
    /// For an event of the log.
    var logMetadata: Logger.Metadata { ["error": "\(summary)", "hint": "\(hint ?? "-")"] }
}
