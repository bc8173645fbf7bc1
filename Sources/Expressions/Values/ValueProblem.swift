public import Tables

/// Why an expression has no value for a row although it should have one.
public struct ValueProblem: Sendable, Equatable {
    public enum Code: String, Sendable, CaseIterable, Hashable {
        /// A value can't be made one of the wanted type: `"abc"` as an integer, 300,000,000,000 as a `decimal(10,2)`.
        case badCast = "bad-cast"
        /// A cell of a typed column that holds a text of something else.
        case badValue = "bad-value"
        /// A result too large for its type.
        case overflow
        case divisionByZero = "division-by-zero"
        /// A value that a function isn't defined for, such as the logarithm of −1.
        case badArgument = "bad-argument"
        /// A text of more than 1 MiB would be made, or more than 256 MiB of texts in a batch.
        case tooLong = "too-long"
        /// A search that was given up: the pattern backtracks too much on this text.
        case undecidedPattern = "undecided-pattern"
    }

    /// Within the batch, from 0.
    public let row: Int
    public let code: Code
    /// The part of the expression whose value it is, as in `amount`.
    public let subject: String
    /// The value at fault, as text of at most 40 characters; `nil` where it is missing.
    public let value: String?
    /// What is wrong with it, as in `is no decimal(12,2)`; no values.
    public let reason: String

    /// As in `amount: "abc" is no decimal(12,2)`.
    public var message: String { "\(subject): \(value.map { "\"\($0)\" " } ?? "")\(reason)" }

    /// The message without the value, for those who mustn't see it.
    public var maskedMessage: String { "\(subject): \(value == nil ? "" : "a value ")\(reason)" }
}

/// The rows of a batch for which an expression has no value although it should have one.
public struct ValueProblems: Sendable {
    public let rows: Bitmap
    private let failures: [Failure]

    init(_ failures: [Failure], count: Int) {
        var rows = Bitmap(repeating: false, count: count)
        for failure in failures { rows.formUnion(failure.rows) }
        self.rows = rows
        self.failures = failures
    }

    public var isEmpty: Bool { failures.isEmpty }
    public var count: Int { rows.population }

    /// The first thing that went wrong in a row, in the order of evaluation; `nil` where nothing did.
    public func problem(at row: Int) -> ValueProblem? {
        failures.first { $0.rows[row] }.map { $0.problem(at: row) }
    }

    /// The problems of the first rows that have one, at most `limit`, ascending.
    public func first(_ limit: Int) -> [ValueProblem] { rows.first(limit).compactMap { problem(at: $0) } }
}

/// The same thing gone wrong in some rows; what the rows held is looked up only when somebody asks.
struct Failure: Sendable {
    let code: ValueProblem.Code
    let subject: String
    let reason: String
    var rows: Bitmap
    /// Holds the values at failure.
    let argument: Column

    func problem(at row: Int) -> ValueProblem {
        ValueProblem(
            row: row, code: code, subject: subject, value: argument.text(at: row).map(\.excerpt), reason: reason)
    }
}

extension [Failure] {
    /// Only what is wrong in these rows.
    func within(_ rows: Bitmap) -> [Failure] {
        compactMap { failure in
            var failure = failure
            failure.rows.formIntersection(rows)
            return failure.rows.isEmpty ? nil : failure
        }
    }
}
