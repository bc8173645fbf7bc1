import Synchronization

/// Bytes that many have put on disk one after the other, in one file, which is made when the first come.
final class SpillLog: Sendable {
    private let directory: String
    private let state = Mutex(State())

    private struct State {
        var file: SpillFile?
        var size = 0
    }

    init(in directory: String) { self.directory = directory }

    func append(_ bytes: [UInt8]) throws(SpillFile.Failure) -> SpilledBytes {
        try state.withLock { state throws(SpillFile.Failure) in
            let file = if let file = state.file { file } else { try SpillFile(in: directory) }
            state.file = file
            let written = bytes.withUnsafeBytes { bytes in
                Result { () throws(SpillFile.Failure) in try file.write(bytes, at: state.size) }
            }
            try written.get()
            defer { state.size += bytes.count }
            return SpilledBytes(file: file, offset: state.size, count: bytes.count)
        }
    }
}

/// Some bytes of a spill file.
struct SpilledBytes: Sendable {
    let file: SpillFile
    let offset: Int
    let count: Int

    func read() throws(SpillFile.Failure) -> [UInt8] {
        var failure: SpillFile.Failure?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(SpillFile.Failure) {
                // The buffer has room for `count` bytes.
                try file.read(
                    into: UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[..<count])),
                    at: offset)
                filled = count
            } catch { failure = error }
        }
        if let failure { throw failure }
        return bytes
    }
}
