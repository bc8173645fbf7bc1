#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Records that are taken together or not at all, as the lines that a segment has.
public struct SpoolRequest: Sendable {
    /// Whole lines, each with its line feed.
    let bytes: [UInt8]
    /// How many lines.
    public let records: Int
    public let key: RequestKey?

    /// Takes lines byte for byte, whatever stands in them: what is no JSON is the gate's to keep apart.
    ///
    /// Lines of nothing but white space are skipped, and a byte order mark before the first. The last line needs no line feed.
    public init(lines text: [UInt8], key: RequestKey? = nil, limits: SpoolLimits) throws(SpoolError) {
        let start = text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let cut = try Self.cut(text, from: start, limits)
        records = cut.records
        self.key = key
        if let bytes = cut.bytes { self.bytes = bytes } else { bytes = text }
    }

    /// Takes lines that were made, none of them blank.
    init(madeLines: [UInt8], records: Int, key: RequestKey?) {
        bytes = madeLines
        self.records = records
        self.key = key
    }

    public var byteCount: Int { bytes.count }

    /// The lines of a text, counted; without bytes where the text is as a segment has it.
    private static func cut(
        _ text: [UInt8], from start: Int, _ limits: SpoolLimits
    ) throws(SpoolError) -> (records: Int, bytes: [UInt8]?) {
        var records = 0
        // Made only when the first thing has to be left out.
        var copy: [UInt8]? = start == 0 ? nil : []
        var tooLong: Int?
        text.withUnsafeBytes { text in
            var place = start
            while place < text.count {
                let end = lineEnd(text, place)
                let line = UnsafeRawBufferPointer(rebasing: text[place..<end])
                if isBlank(line) {
                    if copy == nil { copy = Array(text[..<place]) }
                } else {
                    if line.count > limits.maximumRecordBytes {
                        tooLong = place
                        return
                    }
                    records += 1
                    copy?.append(contentsOf: line)
                    copy?.append(0x0A)
                }
                place = end + 1
            }
            // The last line lacks its line feed.
            if copy == nil, let last = text.last, last != 0x0A { copy = text + [0x0A] }
        }
        if let tooLong { throw recordTooLong(at: tooLong, limits) }
        return (records, copy)
    }

    static func recordTooLong(at place: Int, _ limits: SpoolLimits) -> SpoolError {
        SpoolError(
            code: "record-too-long",
            message: "the record at byte \(place) is longer than \(limits.maximumRecordBytes) bytes", byteOffset: place,
            hint: "nothing of the request was taken")
    }

    private static func lineEnd(_ text: UnsafeRawBufferPointer, _ start: Int) -> Int {
        guard let base = text.baseAddress, let found = memchr(base + start, 0x0A, text.count - start) else {
            return text.count
        }
        return UnsafeRawPointer(found) - base
    }

    private static func isBlank(_ line: UnsafeRawBufferPointer) -> Bool {
        line.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    }
}
