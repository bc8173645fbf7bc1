import Synchronization
import Tables

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What comes through a pipe, read as it comes.
///
/// Its beginning may be looked at before it is read. Reading is for one thread at a time.
final class LiveInput: ByteStream, Sendable {
    private let descriptor: Int32
    private let name: String
    private let state = Mutex(State())

    private struct State {
        /// What was looked at.
        var head: [UInt8] = []
        /// How much of it was read.
        var place = 0
        var isAtEnd = false
    }

    init(_ descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
        #if os(Linux)
            // As large as is allowed without asking: each read then brings more. What is no pipe stays as it is.
            _ = fcntl(descriptor, Self.setPipeSize, 1 << 20)
        #endif
    }

    /// `F_SETPIPE_SZ` of fcntl(2), which Glibc's module leaves out.
    private static let setPipeSize: Int32 = 1031

    /// Looks at the first bytes; waits only where there are none but those that were looked at before.
    func beginning(upTo size: Int, spare: Int) -> StreamBlock {
        state.withLock { state in
            guard !state.isAtEnd, state.head.count < size else {
                return StreamBlock(
                    bytes: Array(state.head.prefix(size)), isAtEnd: state.isAtEnd && state.head.count <= size,
                    error: nil)
            }
            let block = Bytes(descriptor, name).block(after: state.head, upTo: size, spare: spare)
            state.head = block.bytes
            state.isAtEnd = block.isAtEnd
            return block
        }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
        let ready = state.withLock { state -> Int? in
            let count = min(buffer.count, state.head.count - state.place)
            state.head.withUnsafeBytes { head in
                buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: head[state.place..<state.place + count]))
            }
            state.place += count
            return count > 0 || state.isAtEnd ? count : nil
        }
        if let ready { return ready }
        return try Bytes(descriptor, name).read(into: buffer)
    }

    var isPaused: Bool {
        state.withLock { $0.place == $0.head.count && !$0.isAtEnd } && Bytes(descriptor, name).isPaused
    }

    /// The descriptor's bytes.
    private final class Bytes: ByteStream {
        private let descriptor: Int32
        private let name: String

        init(_ descriptor: Int32, _ name: String) {
            self.descriptor = descriptor
            self.name = name
        }

        func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
            while true {
                #if canImport(Darwin)
                    let count = Darwin.read(descriptor, buffer.baseAddress, buffer.count)
                #elseif canImport(Musl)
                    let count = Musl.read(descriptor, buffer.baseAddress, buffer.count)
                #else
                    let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                #endif
                if count >= 0 { return count }
                let code = errno
                guard Readiness.waitIfNeeded(code, descriptor, POLLIN) else { throw InputFile.error(name, code) }
            }
        }

        /// A closed pipe is not paused: its end is there to be read.
        var isPaused: Bool {
            var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            return poll(&request, 1, 0) == 0
        }
    }
}
