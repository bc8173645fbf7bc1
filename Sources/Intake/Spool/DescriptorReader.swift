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
/// Told to stop, it reads on to the end of the line that it is in, and not a byte more: whoever reads next begins with a line.
final class DescriptorReader: Sendable {
    private let descriptor: Int32
    private let name: String
    private let lastLineWait: Duration
    private let state = Mutex(State())
    /// Signalled when there is room again.
    private let room = DispatchSemaphore(value: 0)

    typealias Block = Result<[UInt8], SourceError>

    private struct State {
        var bytes: [UInt8] = []
        var failure: SourceError?
        var isAtEnd = false
        var isStopping = false
        var isFull = false
        var taker: CheckedContinuation<Block, Never>?
    }

    private static let readBytes = 1 << 18
    private static let aheadBytes = 1 << 20
    /// Milliseconds between two looks whether to stop.
    private static let lookEvery: Int32 = 200

    /// `lastLineWait` is how long the rest of a line is waited for when it stops.
    init(_ descriptor: Int32, name: String, lastLineWait: Duration) {
        self.descriptor = descriptor
        self.name = name
        self.lastLineWait = lastLineWait
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

    /// Ends the reading where a line ends, some seconds later at the latest; what was read is still given.
    func stop() {
        state.withLock { $0.isStopping = true }
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
        return state.isAtEnd ? .success([]) : nil
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
        var isInLine = false
        while !state.withLock({ $0.isStopping }) {
            if state.withLock({ $0.isFull }) {
                room.wait()
                continue
            }
            guard let count = take(into: buffer[...]) else { return }
            if count > 0 { isInLine = buffer[count - 1] != UInt8(ascii: "\n") }
        }
        finishLine(isInLine, buffer)
    }

    /// Reads byte by byte to the end of the line, and ends.
    private func finishLine(_ isInLine: Bool, _ buffer: UnsafeMutableRawBufferPointer) {
        let deadline = ContinuousClock.now + lastLineWait
        var isInLine = isInLine
        while isInLine, ContinuousClock.now < deadline {
            guard let count = take(into: buffer[..<1]) else { return }
            if count > 0 { isInLine = buffer[0] != UInt8(ascii: "\n") }
        }
        deliver { $0.isAtEnd = true }
    }

    /// Reads what there is, at most as much as the buffer holds: how many bytes that was, none where nothing came for a moment, and `nil`
    /// at the input's end.
    private func take(into buffer: Slice<UnsafeMutableRawBufferPointer>) -> Int? {
        // Looks up now and then, so that it can be stopped while nothing comes.
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        if poll(&request, 1, Self.lookEvery) == 0 { return 0 }
        let buffer = UnsafeMutableRawBufferPointer(rebasing: buffer)
        let count = read(descriptor, buffer.baseAddress, buffer.count)
        let code = errno
        if count < 0, code == EINTR || code == EAGAIN { return 0 }
        deliver { state in
            guard count > 0 else {
                state.isAtEnd = true
                if count < 0 { state.failure = failure(code) }
                return
            }
            state.bytes.append(contentsOf: buffer[..<count])
            state.isFull = state.bytes.count >= Self.aheadBytes
        }
        return count > 0 ? count : nil
    }

    private func failure(_ code: Int32) -> SourceError {
        SourceError(
            code: "unreadable", message: "it can't be read: \(String(cString: strerror(code)).lowercased())",
            place: name)
    }
}
