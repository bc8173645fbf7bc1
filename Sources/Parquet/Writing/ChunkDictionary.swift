/// The dictionary of a column chunk in the making, whatever its values are.
enum ChunkDictionary: ~Copyable {
    /// The chunk has none.
    case absent
    case words32(WordDictionary<UInt32>)
    case words64(WordDictionary<UInt64>)
    case bytes(BytesDictionary)

    /// An empty one for values of a type; `absent` for Booleans.
    init(for leaf: SchemaLeaf) {
        switch leaf.type {
        case .boolean: self = .absent
        case .int32, .float: self = .words32(WordDictionary())
        case .int64, .double: self = .words64(WordDictionary())
        case .byteArray, .fixedLengthByteArray, .int96: self = .bytes(BytesDictionary(layout: leaf.plainBytes))
        }
    }

    var isAbsent: Bool {
        switch self {
        case .absent: true
        default: false
        }
    }

    var count: Int {
        switch self {
        case .absent: 0
        case .words32(let words): words.count
        case .words64(let words): words.count
        case .bytes(let bytes): bytes.count
        }
    }

    /// The dictionary page, unpacked.
    func withPage<Answer>(_ body: (UnsafeRawBufferPointer) -> Answer) -> Answer {
        switch self {
        case .absent: body(UnsafeRawBufferPointer(start: nil, count: 0))
        case .words32(let words): body(words.entries.bytes)
        case .words64(let words): body(words.entries.bytes)
        case .bytes(let bytes): body(bytes.entries.bytes)
        }
    }

    var pageByteCount: Int { withPage { $0.count } }

    /// The number of each value's entry, for so many values in PLAIN form; false where it gave up.
    mutating func encode(
        _ plain: UnsafeRawBufferPointer, count: Int, into codes: UnsafeMutablePointer<UInt32>
    ) -> Bool {
        let isDone: Bool
        switch consume self {
        case .absent:
            self = .absent
            isDone = false
        case .words32(var words):
            isDone = words.encode(plain, count: count, into: codes)
            self = .words32(words)
        case .words64(var words):
            isDone = words.encode(plain, count: count, into: codes)
            self = .words64(words)
        case .bytes(var bytes):
            isDone = bytes.encode(plain, count: count, into: codes)
            self = .bytes(bytes)
        }
        return isDone
    }

    /// The least and greatest of the byte strings that occur among the entries; `nil` for numbers.
    func byteExtremes(of codes: UnsafeBufferPointer<UInt32>, isSigned: Bool) -> Extremes? {
        switch self {
        case .absent: nil
        case .words32: nil
        case .words64: nil
        case .bytes(let bytes): bytes.extremes(of: codes, isSigned: isSigned)
        }
    }
}
