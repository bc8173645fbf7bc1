import Files
import Synchronization

/// A record that is too long for memory, on its way to a segment of its own.
final class LongRecord: Sendable {
    let path: String
    private let file: SpoolFile
    private let length = Mutex<Int64>(0)

    var byteCount: Int64 { length.withLock { $0 } }

    init(in spool: Spool) throws(SpoolError) {
        path = "\(spool.path)/_long-\(String(UInt64.random(in: 0 ... .max), radix: 16)).jsonl"
        do throws(OutputError) {
            file = try SpoolFile(creating: path, synchronise: SpoolFile.system)
        } catch { throw SpoolError(error) }
    }

    /// Appends a part; one that fails may be tried again.
    func add(_ bytes: [UInt8]) throws(SpoolError) {
        do throws(OutputError) { try file.put(bytes, at: byteCount) } catch { throw SpoolError(error) }
        length.withLock { $0 += Int64(bytes.count) }
    }

    func discard() { removeFile(path) }
}
