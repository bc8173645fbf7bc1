import Tables

/// Rows that were picked from a scan, by ascending position: packed, some 15 bytes a row and its values, in memory and beyond a budget in
/// a private file.
///
/// Once their texts have 2 MiB, those of the rows behind are cut to 40 Unicode scalars.
public struct SampledRows: Sendable {
    /// Rows that are in here.
    public private(set) var count = 0

    private let budget: MemoryBudget
    private var spilled: [SpilledBytes] = []
    /// Rows in `spilled`.
    private var spilledCount = 0
    /// The rows behind those that are spilled.
    private var packed = ByteWriter()
    /// Of `packed`, what the budget has been told of.
    private var counted = 0
    /// Of the last row.
    private var position = 0
    private var textBytes = 0
    /// Why no more rows are taken, where some could not be written to disk.
    private(set) var failure: String?

    private static let textLimit = 1 << 21
    /// Unicode scalars of a text behind that.
    private static let briefTextLimit = 40
    /// Fewer bytes stay in memory.
    private static let leastSpilled = 1 << 14

    public init(budget: MemoryBudget = .unlimited) { self.budget = budget }

    /// Takes a row that lies behind those that are here.
    ///
    /// The budget isn't told: see ``settle()``.
    public mutating func append(_ row: SampledRow) {
        guard failure == nil else { return }
        let row = textBytes < Self.textLimit ? row : row.cut(to: Self.briefTextLimit)
        textBytes += row.byteCount
        packed.appendShort(UInt(row.position - position))
        packed.appendShort(UInt(row.partition))
        packed.appendShort(row.byteOffset.map { UInt64($0) + 1 } ?? 0)
        for values in [row.values, row.index] {
            packed.appendShort(UInt(values.count))
            for value in values { packed.append(value) }
        }
        position = row.position
        count += 1
    }

    /// Takes the first so many rows of another, whose positions are counted from `distance` on, and settles.
    mutating func append(_ other: SampledRows, limit: Int, shiftedBy distance: Int) {
        guard limit > 0, failure == nil else { return }
        if other.count <= limit, other.spilled.isEmpty, other.failure == nil,
            textBytes + other.textBytes < Self.textLimit
        {
            appendWhole(other, shiftedBy: distance)
        } else {
            var rows = other.makeIterator()
            for _ in 0..<limit {
                guard var row = rows.next() else { break }
                row.position += distance
                append(row)
            }
            failure = rows.failure
        }
        settle()
    }

    /// Takes rows as they are packed; the first says how far it is from the beginning, and the others from the one before.
    private mutating func appendWhole(_ other: SampledRows, shiftedBy distance: Int) {
        guard other.count > 0 else { return }
        other.packed.bytes.withUnsafeBytes { bytes in
            var reader = ByteReader(bytes)
            guard let first = reader.short() else { return }
            packed.appendShort(UInt(Int(first) + distance - position))
            packed.append(UnsafeRawBufferPointer(rebasing: bytes[reader.place...]))
        }
        position = other.position + distance
        textBytes += other.textBytes
        count += other.count
    }

    /// Tells the budget what is in memory, and puts it on disk where that is too much.
    public mutating func settle() {
        let size = packed.bytes.count
        let isTooMuch = budget.add(size - counted)
        counted = size
        guard isTooMuch, size >= Self.leastSpilled else { return }
        do throws(SpillFile.Failure) {
            spilled.append(try budget.spill(packed.bytes))
            spilledCount = count
        } catch {
            failure = error.message
            count = spilledCount
        }
        packed = ByteWriter()
        _ = budget.add(-counted)
        counted = 0
    }
}

extension SampledRows: Sequence {
    /// Reads the rows, those on disk some at a time.
    public struct Iterator: IteratorProtocol {
        /// Why there are no more rows, where some could not be written or read; to be asked for at the end.
        public private(set) var failure: String?
        private var unread: ArraySlice<SpilledBytes>
        private var last: [UInt8]?
        private var bytes: [UInt8] = []
        private var place = 0
        private var position = 0

        fileprivate init(_ rows: SampledRows) {
            failure = rows.failure
            unread = rows.spilled[...]
            last = rows.packed.bytes
        }

        public mutating func next() -> SampledRow? {
            while place == bytes.count {
                guard let more = takeBytes() else { return nil }
                (bytes, place) = (more, 0)
            }
            return bytes.withUnsafeBytes { bytes in
                var reader = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[place...]))
                let row = reader.row(after: position)
                place += reader.place
                position = row?.position ?? position
                return row
            }
        }

        private mutating func takeBytes() -> [UInt8]? {
            guard let next = unread.popFirst() else { return last.take() }
            do throws(SpillFile.Failure) { return try next.read() } catch {
                failure = failure ?? error.message
                (unread, last) = ([], nil)
                return nil
            }
        }
    }

    public func makeIterator() -> Iterator { Iterator(self) }

    public var underestimatedCount: Int { count }
}

extension SampledRows: Equatable {
    public static func == (left: SampledRows, right: SampledRows) -> Bool { left.elementsEqual(right) }
}

extension ByteReader {
    /// A row as it is packed behind one at a position.
    fileprivate mutating func row(after position: Int) -> SampledRow? {
        guard let distance = short(), let partition = short(), let offset = short(), let values = shownValues(),
            let index = shownValues()
        else { return nil }
        return SampledRow(
            position: position + Int(distance), partition: Int(partition),
            byteOffset: offset == 0 ? nil : Int64(offset - 1), values: values, index: index)
    }

    private mutating func shownValues() -> [ShownValue]? {
        guard let count = count(of: 1) else { return nil }
        var values: [ShownValue] = []
        values.reserveCapacity(count)
        for _ in 0..<count {
            guard let value = shownValue() else { return nil }
            values.append(value)
        }
        return values
    }
}
