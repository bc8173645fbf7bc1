import Tables

/// What a person wrote, as a tree: conditions and values alike, of every dialect.
struct Syntax: Sendable {
    indirect enum Kind: Sendable {
        case literal(Value)
        case column(String, isDoubleQuoted: Bool)
        /// A function of the list, or an operator, which is one too; `isTry` leaves out what fails.
        case call(Function, [Syntax], isTry: Bool)
        case cast(Syntax, LogicalType, isTry: Bool)
        /// Missing where anything inside fails.
        case attempt(Syntax)
        /// With a subject, arms are compared with it; without, they are conditions.
        case cases(subject: Syntax?, [Arm], otherwise: Syntax?)
        case comparison(Syntax, Comparison, Syntax)
        case between(Syntax, Syntax, Syntax)
        case membership(Syntax, [Syntax])
        case like(Syntax, pattern: String, escape: Unicode.Scalar?, ignoresCase: Bool)
        case distinct(Syntax, Syntax)
        case missing(Syntax)
        case truth(Syntax, Bool?)
        case not(Syntax)
        case and([Syntax])
        case or([Syntax])
    }

    struct Arm: Sendable {
        let when: Syntax
        let then: Syntax
    }

    let kind: Kind
    /// Where it stands, in Unicode scalars from the start of the text, from 0.
    let offset: Int?
    /// How many nodes lie one inside the other, this one included.
    let depth: Int

    init(_ kind: Kind, at offset: Int?) {
        self.kind = kind
        self.offset = offset
        var deepest = 0
        kind.forEachPart { deepest = max(deepest, $0.depth) }
        depth = deepest + 1
    }

    /// Visits every column that is named, in order, as often as it is named.
    func forEachColumn(_ body: (String) -> Void) {
        if case .column(let name, _) = kind { body(name) }
        kind.forEachPart { $0.forEachColumn(body) }
    }
}

extension Syntax.Kind {
    /// Visits the parts that a node is made of, in the order in which they are written.
    func forEachPart(_ body: (Syntax) -> Void) {
        switch self {
        case .literal, .column: break
        case .call(_, let parts, _), .and(let parts), .or(let parts): parts.forEach(body)
        case .cast(let part, _, _), .attempt(let part), .like(let part, _, _, _), .missing(let part),
            .truth(let part, _), .not(let part):
            body(part)
        case .cases(let subject, let arms, let otherwise):
            if let subject { body(subject) }
            for arm in arms {
                body(arm.when)
                body(arm.then)
            }
            if let otherwise { body(otherwise) }
        case .comparison(let left, _, let right), .distinct(let left, let right):
            body(left)
            body(right)
        case .between(let subject, let low, let high):
            body(subject)
            body(low)
            body(high)
        case .membership(let subject, let items):
            body(subject)
            items.forEach(body)
        }
    }
}
