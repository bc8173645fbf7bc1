import Files
import Tables

/// What a log said when the spool was opened.
struct LogReading {
    let number: UInt32
    let file: SpoolFile
    /// The number that segments had not reached when it was begun.
    let nextSegment: UInt32
    /// Its entries in order, `nil` for those that can't be read.
    let entries: [LoggedRequest?]
    /// How many of the entries were durable before the last group was written, as far as the others tell: all of these were
    /// in, whatever can be read of them now.
    let durable: Int

    /// Reads a log; `nil` for one whose maker died before it was used.
    init?(path: String, number: UInt32, synchronise: @escaping SpoolFile.Synchronise) throws(SpoolError) {
        do throws(OutputError) {
            file = try SpoolFile(opening: path, synchronise: synchronise)
        } catch { throw SpoolError(error) }
        self.number = number
        guard let size = file.intakeFile()?.byteCount, size <= Self.maximumBytes,
            let bytes = file.bytes(from: 0, count: Int(size))
        else {
            throw SpoolError(code: "spool-damaged", message: "the log can't be read", place: path)
        }
        let header = bytes.withUnsafeBytes { RequestLog.nextSegment(inHeader: $0, number: number) }
        guard let header else {
            // Made durable before the first entry: with entries behind it, something else has damaged it.
            guard bytes.count > RequestLog.headerSize else { return nil }
            throw SpoolError(
                code: "spool-damaged", message: "the log's header is damaged", place: path,
                hint: "move the folder away, and take its segments in through a landing folder")
        }
        nextSegment = header
        entries = bytes.withUnsafeBytes { bytes in
            stride(from: RequestLog.headerSize, to: bytes.count, by: LoggedRequest.size).map { place in
                LoggedRequest(
                    UnsafeRawBufferPointer(rebasing: bytes[place..<min(place + LoggedRequest.size, bytes.count)]),
                    log: number)
            }
        }
        durable = min(entries.reduce(0) { max($0, Int($1?.durableBefore ?? 0)) }, entries.count)
    }

    /// A log has its limits, and a group beyond them.
    private static let maximumBytes: Int64 = 1 << 30
}
