public import Expressions

/// A table of aggregates over windows of event time, as a person describes it.
public struct WindowDefinition: Sendable, Hashable {
    /// How time is cut into windows; lengths are in microseconds.
    public enum Shape: Sendable, Hashable {
        /// Windows of one size, one behind the other from 1970-01-01T00:00:00Z on, their end excluded.
        case tumbling(size: Int64)
        /// Windows of one size, of which one begins every `slide`; a record is in each that covers it.
        case sliding(size: Int64, slide: Int64)
        /// Records of a group that are less than `gap` apart, in a chain; the window ends `gap` after the last one.
        case session(gap: Int64)
    }

    public struct Aggregate: Sendable, Hashable {
        public let name: String
        public let expression: AggregateExpression

        public init(_ name: String, _ expression: AggregateExpression) {
            self.name = name
            self.expression = expression
        }
    }

    /// The column with the event time, a timestamp or a date.
    public let column: String
    public let shape: Shape
    /// How long records may come late, in microseconds.
    public let lateness: Int64
    /// Event times farther ahead of the batch's clock than this don't move the watermark, in microseconds.
    public let futureTolerance: Int64
    public let groupBy: [String]
    public let aggregates: [Aggregate]

    public static let oneHour: Int64 = 3_600_000_000
    /// So long a window, gap or lateness at most: 100 years.
    public static let longest: Int64 = 36_525 * 24 * oneHour
    /// A sliding window has so many slides, or parts of them that other windows share, at most.
    public static let mostPanes: Int64 = 10_000

    /// - Throws: lengths that make no windows.
    public init(
        column: String, shape: Shape, lateness: Int64 = 0, futureTolerance: Int64 = oneHour, groupBy: [String] = [],
        aggregates: [Aggregate]
    ) throws(Mistake) {
        self.column = column
        self.shape = shape
        self.lateness = lateness
        self.futureTolerance = futureTolerance
        self.groupBy = groupBy
        self.aggregates = aggregates
        switch shape {
        case .tumbling(let size): try Self.check(size, "size", at: .size)
        case .session(let gap): try Self.check(gap, "gap", at: .size)
        case .sliding(let size, let slide):
            try Self.check(size, "size", at: .size)
            try Self.check(slide, "slide", at: .slide)
            guard slide <= size else {
                throw Mistake(.slide, "bad-argument", "a slide that is longer than the window would leave records out")
            }
            guard size / Panes(size: size, slide: slide).width <= Self.mostPanes else {
                throw Mistake(
                    .slide, "bad-argument",
                    "size and slide have too small a common part: more than \(Self.mostPanes) make a window")
            }
        }
        guard (0...Self.longest).contains(lateness) else {
            throw Mistake(.lateness, "bad-argument", "the lateness must be between 0 and 100 years")
        }
        guard (0...Self.longest).contains(futureTolerance) else {
            throw Mistake(.futureTolerance, "bad-argument", "the tolerance must be between 0 and 100 years")
        }
        guard !aggregates.isEmpty else { throw Mistake(.aggregates, "bad-argument", "there is nothing to aggregate") }
    }

    private static func check(_ length: Int64, _ name: String, at place: Mistake.Place) throws(Mistake) {
        guard (1...longest).contains(length) else {
            throw Mistake(place, "bad-argument", "the \(name) must be between 1 microsecond and 100 years")
        }
    }

    /// Something that makes no windows, or none of this table.
    public struct Mistake: Error, Sendable, Equatable {
        public enum Place: Sendable, Hashable {
            case column, size, slide, lateness, futureTolerance, aggregates
            /// By number, from 0.
            case group(Int)
            case aggregate(Int)
        }

        public let place: Place
        /// Stable and documented.
        public let code: String
        public let message: String
        /// Within an aggregate's text, in Unicode scalars from 0.
        public let offset: Int?
        public let hint: String?

        init(
            _ place: Place, _ code: String, _ message: String, offset: Int? = nil, hint: String? = nil
        ) {
            self.place = place
            self.code = code
            self.message = message
            self.offset = offset
            self.hint = hint
        }

        init(_ place: Place, _ error: ExpressionError) {
            self.init(place, error.code, error.message, offset: error.offset, hint: error.hint)
        }
    }
}
