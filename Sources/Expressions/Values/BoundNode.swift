import Tables

/// A part of an expression, tied to a table's columns: its type is known, and how it is made of a batch.
struct BoundNode: Sendable {
    indirect enum Kind: Sendable {
        case constant(Value)
        case column(Int)
        /// Which rows have a value in the column; true where they haven't.
        case columnMissing(Int)
        case call([BoundNode], Site, Kernel)
        /// What fails inside is missing.
        case silenced(BoundNode)
        /// The first is made once, and the second uses it under a number.
        case shared(BoundNode, slot: Int, in: BoundNode)
        case slot(Int)
        case cases([Arm], otherwise: BoundNode)
        case firstPresent([BoundNode])
        case test(BoundNode, CellTest)
        case pair(BoundNode, Comparison, BoundNode)
        case missing(BoundNode)
        case truth(BoundNode, Bool?)
        case not(BoundNode)
        case and([BoundNode])
        case or([BoundNode])
    }

    struct Arm: Sendable {
        let when: BoundNode
        let then: BoundNode
    }

    /// What messages say about a call.
    struct Site: Sendable {
        /// Of the arguments, and last of the call as a whole.
        let subjects: [String]
        /// Whether failures of this call, not those of its arguments, are left out.
        let isTry: Bool
    }

    let kind: Kind
    /// `nil` for a `NULL` whose type nothing tells.
    let type: LogicalType?
    let canBeMissing: Bool
    let text: String
    let offset: Int?

    init(_ kind: Kind, _ type: LogicalType?, canBeMissing: Bool, text: String, offset: Int?) {
        self.kind = kind
        self.type = type
        self.canBeMissing = canBeMissing
        self.text = text
        self.offset = offset
    }

    /// The value that the expression names, where it is no more than that.
    var literal: Value? {
        guard case .constant(let value) = kind else { return nil }
        return value
    }
}

/// The values of a part for a batch, and what went wrong.
struct Evaluated {
    /// Without uncomparable cells.
    var column: Column
    var failures: [Failure] = []
}

/// What the parts of an expression share while they look at a batch.
struct Frame {
    let batch: Batch
    let clock: Int64
    var slots: [Evaluated?]

    var count: Int { batch.rowCount }
}

extension BoundNode {
    func evaluate(_ frame: inout Frame) -> Evaluated {
        switch kind {
        case .constant(let value):
            return Evaluated(column: Column(repeating: value, type ?? .string, count: frame.count))
        case .column(let index): return column(frame.batch.column(index))
        case .call(let parts, let site, let kernel): return call(parts, site, kernel, &frame)
        case .silenced(let inner):
            let evaluated = inner.evaluate(&frame)
            return Evaluated(column: evaluated.column.without(evaluated.failures))
        case .shared(let value, let slot, let body):
            frame.slots[slot] = value.evaluate(&frame)
            return body.evaluate(&frame)
        case .slot(let slot):
            guard let evaluated = frame.slots[slot] else { preconditionFailure("a slot is filled before it is read") }
            return evaluated
        case .cases(let arms, let otherwise): return choose(arms, otherwise, &frame)
        case .firstPresent(let parts): return firstPresent(parts, &frame)
        case .columnMissing, .test, .pair, .missing, .truth, .not, .and, .or: return decide(&frame).evaluated
        }
    }

    /// Uncomparable cells have no value here, and are a problem of their rows.
    private func column(_ column: Column) -> Evaluated {
        guard let uncomparable = column.uncomparable else { return Evaluated(column: column) }
        let failure = Failure(
            code: .badValue, subject: text, reason: "is no \(column.type)", rows: uncomparable, argument: column)
        let typed = Column(type: column.type, present: column.typed, values: column.values)
        return Evaluated(column: typed, failures: uncomparable.isEmpty ? [] : [failure])
    }

    private func call(_ parts: [BoundNode], _ site: Site, _ kernel: Kernel, _ frame: inout Frame) -> Evaluated {
        var arguments: [Column] = []
        var failures: [Failure] = []
        for part in parts {
            let evaluated = part.evaluate(&frame)
            arguments.append(evaluated.column)
            failures += evaluated.failures
        }
        var call = Call(arguments, subjects: site.subjects, count: frame.count, clock: frame.clock)
        let values = kernel(&call)
        if !site.isTry { failures += call.failures }
        return Evaluated(
            column: Column(type: type ?? .string, present: call.present, values: values), failures: failures)
    }

    private func choose(_ arms: [Arm], _ otherwise: BoundNode, _ frame: inout Frame) -> Evaluated {
        var open = Bitmap(repeating: true, count: frame.count)
        var failures: [Failure] = []
        var branches: [(Column, Bitmap)] = []
        for arm in arms {
            let when = arm.when.decide(&frame)
            failures += when.failures.within(open)
            let taken = when.verdicts.isTrue.intersection(open)
            open.subtract(taken)
            let then = arm.then.evaluate(&frame)
            failures += then.failures.within(taken)
            branches.append((then.column, taken))
        }
        let last = otherwise.evaluate(&frame)
        failures += last.failures.within(open)
        return Evaluated(column: Column(merging: branches, over: last.column), failures: failures)
    }

    private func firstPresent(_ parts: [BoundNode], _ frame: inout Frame) -> Evaluated {
        var open = Bitmap(repeating: true, count: frame.count)
        var failures: [Failure] = []
        var branches: [(Column, Bitmap)] = []
        for part in parts {
            let evaluated = part.evaluate(&frame)
            failures += evaluated.failures.within(open)
            let taken = evaluated.column.present.intersection(open)
            open.subtract(taken)
            branches.append((evaluated.column, taken))
            if open.isEmpty { break }
        }
        guard let last = branches.popLast() else { preconditionFailure("coalesce has an argument") }
        return Evaluated(column: Column(merging: branches, over: last.0), failures: failures)
    }
}

extension Column {
    /// The column without values in the rows of these failures.
    func without(_ failures: [Failure]) -> Column {
        guard !failures.isEmpty else { return self }
        var present = present
        for failure in failures { present.subtract(failure.rows) }
        return Column(type: type, present: present, values: values)
    }
}
