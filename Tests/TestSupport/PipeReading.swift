public import Foundation

extension FileHandle {
    /// What has come, waited for if that is nothing; empty at the end, and where it can't be read.
    ///
    /// Foundation's `availableData` ends the process where a signal comes, as that of a child's end, while it waits.
    public func arrived() -> Data {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = taken(from: fileDescriptor, &buffer)
            if count < 0, errno == EINTR { continue }
            return Data(buffer.prefix(max(0, count)))
        }
    }

    /// All that comes to the end.
    public func everything() -> Data {
        var all = Data()
        while true {
            let more = arrived()
            if more.isEmpty { return all }
            all += more
        }
    }
}

private func taken(from descriptor: Int32, _ buffer: inout [UInt8]) -> Int { read(descriptor, &buffer, buffer.count) }
