import Tables

/// A stored piece of an open window's partial aggregates: a row of the state's database.
///
/// A window and group has one row or several parts, whose sum it is, so that what is large needn't be written anew with each batch.
public struct WindowRow: Sendable, Hashable {
    public struct Key: Sendable, Hashable {
        /// In microseconds: the pane's beginning, or the time of the session's first record.
        public let start: Int64
        /// The group's values, encoded.
        public let group: [UInt8]

        public init(start: Int64, group: [UInt8]) {
            self.start = start
            self.group = group
        }

        func precedes(_ other: Key) -> Bool {
            start == other.start ? group.lexicographicallyPrecedes(other.group) : start < other.start
        }
    }

    public let key: Key
    /// From 0.
    public let part: Int
    /// The aggregates, in a form with a version.
    public let state: [UInt8]

    public init(key: Key, part: Int, state: [UInt8]) {
        self.key = key
        self.part = part
        self.state = state
    }

    private static let version: UInt8 = 1

    init(_ key: Key, part: Int, last: Int64, _ cell: Int, of aggregates: [any AggregateCells]) {
        var writer = ByteWriter(capacity: 64)
        writer.append(Self.version)
        writer.append(last)
        for aggregate in aggregates { aggregate.write(cell, to: &writer) }
        self.init(key: key, part: part, state: writer.bytes)
    }

    /// Takes the row into a cell; the time of the last record, or `nil` where the bytes are no row of these aggregates.
    func merge(into cell: Int, of aggregates: inout [any AggregateCells]) -> Int64? {
        state.withUnsafeBytes { bytes in
            var reader = ByteReader(bytes)
            guard let version: UInt8 = reader.integer(), version == Self.version, let last: Int64 = reader.integer()
            else {
                return nil
            }
            for index in aggregates.indices {
                guard aggregates[index].merge(cell, from: &reader) else { return nil }
            }
            return reader.isAtEnd ? last : nil
        }
    }
}

/// What a batch changes about the windows, for the transaction that commits it.
public struct WindowStateChange: Sendable {
    /// All parts of these are to be deleted, first.
    public internal(set) var removed: [WindowRow.Key] = []
    /// To be inserted, after that.
    public internal(set) var added: [WindowRow] = []
    /// To be stored; `nil` before the first record.
    public internal(set) var watermark: Int64?

    public init() {}
}

/// Stored windows that can't be read.
public struct WindowStateError: Error, Sendable, Equatable {
    /// `corrupt`.
    public let code = "corrupt"
    public let message: String

    init(_ message: String) { self.message = message }

    public var hint: String { "restore the state's database from a copy, or begin the table anew" }
}
