import Tables

/// What a spool's log says of a request: where its bytes are, what they are known by, and its key.
///
/// 64 bytes in the log, little-endian, the first eight of them a check of the others.
struct LoggedRequest: Equatable {
    static let size = 64

    var segment: UInt32
    var records: UInt32
    /// Where in the segment its bytes begin and end.
    var start: UInt64
    var end: UInt64
    /// A hash of its bytes; 0 where they were durable before they were logged.
    var fingerprint: UInt64
    /// How many requests of this log were durable before its own group was written.
    var durableBefore: UInt32
    /// Seconds since 1970-01-01T00:00:00Z.
    var seconds: UInt32
    var key: Hash128?

    init(
        segment: UInt32, records: UInt32, start: UInt64, end: UInt64, fingerprint: UInt64, durableBefore: UInt32,
        seconds: UInt32, key: Hash128?
    ) {
        self.segment = segment
        self.records = records
        self.start = start
        self.end = end
        self.fingerprint = fingerprint
        self.durableBefore = durableBefore
        self.seconds = seconds
        self.key = key
    }

    /// What bytes are known by; never 0.
    static func fingerprint(of bytes: [UInt8]) -> UInt64 {
        max(bytes.withUnsafeBytes { Hash128($0) }.high, 1)
    }

    /// Reads an entry of a log; `nil` where none was written, or not all of it.
    init?(_ bytes: UnsafeRawBufferPointer, log: UInt32) {
        guard bytes.count == Self.size,
            Self.load(bytes, 0, UInt64.self) == Self.check(UnsafeRawBufferPointer(rebasing: bytes[8...]), log)
        else { return nil }
        fingerprint = Self.load(bytes, 8, UInt64.self)
        segment = Self.load(bytes, 16, UInt32.self)
        records = Self.load(bytes, 20, UInt32.self)
        start = Self.load(bytes, 24, UInt64.self)
        end = Self.load(bytes, 32, UInt64.self)
        durableBefore = Self.load(bytes, 40, UInt32.self)
        seconds = Self.load(bytes, 44, UInt32.self)
        let hash = Hash128(high: Self.load(bytes, 48, UInt64.self), low: Self.load(bytes, 56, UInt64.self))
        key = hash == Hash128(high: 0, low: 0) ? nil : hash
        guard start < end, end <= UInt64(Int64.max) else { return nil }
    }

    /// Appends the entry as a log has it; the log's number is in the check, so that no other log's entry is taken for it.
    func append(to bytes: inout [UInt8], log: UInt32) {
        let first = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: Self.size))
        bytes.withUnsafeMutableBytes { bytes in
            let entry = UnsafeMutableRawBufferPointer(rebasing: bytes[first...])
            Self.store(fingerprint, entry, 8)
            Self.store(segment, entry, 16)
            Self.store(records, entry, 20)
            Self.store(start, entry, 24)
            Self.store(end, entry, 32)
            Self.store(durableBefore, entry, 40)
            Self.store(seconds, entry, 44)
            Self.store(key?.high ?? 0, entry, 48)
            Self.store(key?.low ?? 0, entry, 56)
            Self.store(Self.check(UnsafeRawBufferPointer(rebasing: entry[8...]), log), entry, 0)
        }
    }

    static func check(_ bytes: UnsafeRawBufferPointer, _ log: UInt32) -> UInt64 {
        Hash128(bytes, seed: UInt64(log), domain: 0x5350_4F4F_4C31).low
    }

    static func load<Number: FixedWidthInteger & BitwiseCopyable>(
        _ bytes: UnsafeRawBufferPointer, _ place: Int, _: Number.Type
    ) -> Number {
        Number(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: Number.self))
    }

    static func store(_ number: some FixedWidthInteger, _ bytes: UnsafeMutableRawBufferPointer, _ place: Int) {
        withUnsafeBytes(of: number.littleEndian) { number in
            UnsafeMutableRawBufferPointer(rebasing: bytes[place..<place + number.count]).copyMemory(from: number)
        }
    }
}
