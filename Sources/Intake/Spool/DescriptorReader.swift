import Files
import Foundation
import Synchronization
import Tables

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Reads a descriptor on a thread of its own, ahead of whoever takes the bytes.
///
/// No farther than keeps a disk busy: what was read and isn't durable yet dies with the process, and nobody gives it again.
final class DescriptorReader: Sendable {
    private let descriptor: Int32
    private let name: String
    private let state = Mutex(State())
    /// Signalled when there is room again.
    private let room = DispatchSemaphore(value: 0)

    typealias Block = Result<[UInt8], SourceError>

    private struct State {
        var bytes: [UInt8] = []
        var failure: SourceError?
        var isAtEnd = false
        var isStopped = false
        var isFull = false
        var taker: CheckedContinuation<Block, Never>?
    }

    private static let readBytes = 1 << 18
    private static let aheadBytes = 1 << 20

    init(_ descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
        #if os(Linux)
            // F_SETPIPE_SZ, which Glibc's module leaves out: as large as is allowed without asking. What is no pipe stays as it is.
            _ = fcntl(descriptor, 1031, 1 << 20)
        #endif
        let thread = Thread { [self] in run() }
        thread.name = "assay-input"
        thread.start()
    }

    /// What has come since the last time, waited for if that is nothing; empty at the end.
    ///
    /// One taker at a time.
    func next() async -> Block {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let block = state.withLock { state -> Block? in
                    let block = Self.take(&state)
                    if block == nil { state.taker = continuation }
                    return block
                }
                if let block {
                    continuation.resume(returning: block)
                    room.signal()
                }
            }
        } onCancel: {
            stop()
        }
    }

    /// Reads no more; what was read already is still given.
    func stop() {
        deliver { $0.isStopped = true }
        room.signal()
    }

    private static func take(_ state: inout State) -> Block? {
        if !state.bytes.isEmpty {
            let bytes = state.bytes
            state.bytes = []
            state.isFull = false
            return .success(bytes)
        }
        if let failure = state.failure { return .failure(failure) }
        return state.isAtEnd || state.isStopped ? .success([]) : nil
    }

    /// Changes the state, and hands over what there is to who waits for it.
    private func deliver(_ change: (inout State) -> Void) {
        let (taker, block) = state.withLock { state -> (CheckedContinuation<Block, Never>?, Block?) in
            change(&state)
            guard let taker = state.taker, let block = Self.take(&state) else { return (nil, nil) }
            state.taker = nil
            return (taker, block)
        }
        if let taker, let block { taker.resume(returning: block) }
    }

    private func run() {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.readBytes, alignment: 16)
        defer { buffer.deallocate() }
        if let refusal = InputFile.refusal(ofClosed: descriptor, name) {
            deliver { state in (state.isAtEnd, state.failure) = (true, refusal) }
            return
        }
        while true {
            if state.withLock({ $0.isStopped }) { return }
            if state.withLock({ $0.isFull }) {
                room.wait()
                continue
            }
            // Looks up now and then, so that it can be stopped while nothing comes.
            var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            if poll(&request, 1, 200) == 0 { continue }
            let count = read(descriptor, buffer.baseAddress, buffer.count)
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0 else {
                let code = errno
                deliver { state in
                    state.isAtEnd = true
                    guard count < 0 else { return }
                    state.failure = SourceError(
                        code: "unreadable",
                        message: "it can't be read: \(String(cString: strerror(code)).lowercased())",
                        place: name)
                }
                return
            }
            deliver { state in
                state.bytes.append(contentsOf: buffer[..<count])
                state.isFull = state.bytes.count >= Self.aheadBytes
            }
        }
    }
}
