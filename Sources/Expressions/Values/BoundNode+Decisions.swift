import Tables

/// A boolean part's answers for a batch, and what went wrong.
struct Decided {
    var verdicts: Verdicts
    var failures: [Failure] = []

    /// The answers as a boolean column.
    var evaluated: Evaluated {
        Evaluated(
            column: Column(
                type: .boolean, present: verdicts.isUnknown.inverted, values: .boolean(verdicts.isTrue)),
            failures: failures)
    }
}

extension BoundNode {
    /// The answers of a boolean part, by SQL's three values.
    func decide(_ frame: inout Frame) -> Decided {
        switch kind {
        case .columnMissing(let index):
            let none = Bitmap(repeating: false, count: frame.count)
            return Decided(
                verdicts: Verdicts(isTrue: frame.batch.column(index).present.inverted, isUnknown: none))
        case .test(let part, let test):
            let evaluated = part.evaluate(&frame)
            let answers = test.answers(evaluated.column, count: frame.count)
            return Decided(
                verdicts: Verdicts(answers, decided: evaluated.column.present), failures: evaluated.failures)
        case .pair(let left, let comparison, let right):
            let (first, second) = (left.evaluate(&frame), right.evaluate(&frame))
            let answers = ColumnPair.answers(first.column, comparison, second.column, in: .utc, count: frame.count)
            return Decided(
                verdicts: Verdicts(answers, decided: first.column.present.intersection(second.column.present)),
                failures: first.failures + second.failures)
        case .missing(let part):
            let evaluated = part.evaluate(&frame)
            let none = Bitmap(repeating: false, count: frame.count)
            return Decided(
                verdicts: Verdicts(isTrue: evaluated.column.present.inverted, isUnknown: none),
                failures: evaluated.failures)
        case .truth(let part, let wanted):
            var decided = part.decide(&frame)
            decided.verdicts = decided.verdicts.isOnly(wanted)
            return decided
        case .not(let part):
            var decided = part.decide(&frame)
            decided.verdicts.negate()
            return decided
        case .and(let parts): return join(parts, isAnd: true, &frame)
        case .or(let parts): return join(parts, isAnd: false, &frame)
        default:
            let evaluated = evaluate(&frame)
            let column = evaluated.column
            return Decided(verdicts: Verdicts(column.bits, decided: column.present), failures: evaluated.failures)
        }
    }

    /// What is right of a part that decides already isn't looked at, and can't fail.
    private func join(_ parts: [BoundNode], isAnd: Bool, _ frame: inout Frame) -> Decided {
        var result = Decided(verdicts: Verdicts(isAnd, count: frame.count))
        for part in parts {
            let decided = part.decide(&frame)
            if !decided.failures.isEmpty {
                let verdicts = result.verdicts
                let open = isAnd ? verdicts.isTrue.union(verdicts.isUnknown) : verdicts.isTrue.inverted
                result.failures += decided.failures.within(open)
            }
            if isAnd { result.verdicts.formAnd(decided.verdicts) } else { result.verdicts.formOr(decided.verdicts) }
        }
        return result
    }
}
