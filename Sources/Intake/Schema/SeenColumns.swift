public import Tables

/// Columns that files were seen to have, in the order in which they first appeared, and what their values look like.
///
/// Memory: one entry a column, at most ``limit``; what comes beyond is counted, and else forgotten.
public struct SeenColumns: Sendable, Equatable {
    /// What the values of a column look like.
    public enum Guess: Sendable, Equatable {
        /// No value was seen.
        case nothing
        case type(LogicalType)

        /// The guess for both.
        func merged(with other: Guess) -> Guess {
            switch (self, other) {
            case (.nothing, _): other
            case (_, .nothing): self
            case (.type(let type), .type(let other)): .type(type.widenedStored(toInclude: other) ?? .string)
            }
        }
    }

    public struct Column: Sendable, Equatable {
        public let name: String
        public fileprivate(set) var guess: Guess
    }

    public static let limit = 10_000

    public private(set) var columns: [Column] = []
    /// How often a name came that there was no room for.
    public private(set) var overflow = 0
    private var places: [[UInt8]: Int] = [:]

    public init() {}

    public var isEmpty: Bool { columns.isEmpty && overflow == 0 }

    public mutating func take(_ name: String, _ guess: Guess) {
        // By their bytes: names that are only equal by Unicode's rules are two.
        let key = Array(name.utf8)
        if let place = places[key] {
            columns[place].guess = columns[place].guess.merged(with: guess)
        } else if columns.count < Self.limit {
            places[key] = columns.count
            columns.append(Column(name: name, guess: guess))
        } else {
            overflow += 1
        }
    }

    /// Takes in what was seen in later rows.
    public mutating func merge(_ other: SeenColumns) {
        for column in other.columns { take(column.name, column.guess) }
        overflow += other.overflow
    }
}
