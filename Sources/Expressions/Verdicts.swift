import Tables

/// A condition's answer for every row of a batch: true, unknown or, where neither bit is set, false.
struct Verdicts {
    var isTrue: Bitmap
    /// Disjoint from `isTrue`.
    var isUnknown: Bitmap

    init(isTrue: Bitmap, isUnknown: Bitmap) {
        self.isTrue = isTrue
        self.isUnknown = isUnknown
    }

    init(_ known: Bool?, count: Int) {
        isTrue = Bitmap(repeating: known == true, count: count)
        isUnknown = Bitmap(repeating: known == nil, count: count)
    }

    /// What a test said of every row, of which only the rows in `decided` count.
    init(_ answers: Bitmap, decided: Bitmap) {
        isTrue = answers.intersection(decided)
        isUnknown = decided.inverted
    }

    mutating func negate() { isTrue = isTrue.union(isUnknown).inverted }

    mutating func formAnd(_ other: Verdicts) {
        isUnknown.formUnion(isTrue)
        isUnknown.formIntersection(other.isUnknown.union(other.isTrue))
        isTrue.formIntersection(other.isTrue)
        isUnknown.subtract(isTrue)
    }

    mutating func formOr(_ other: Verdicts) {
        isTrue.formUnion(other.isTrue)
        isUnknown.formUnion(other.isUnknown)
        isUnknown.subtract(isTrue)
    }

    /// Whether each row is of one of the three kinds; never unknown.
    func isOnly(_ wanted: Bool?) -> Verdicts {
        let rows: Bitmap =
            switch wanted {
            case true: isTrue
            case false: isTrue.union(isUnknown).inverted
            default: isUnknown
            }
        return Verdicts(isTrue: rows, isUnknown: Bitmap(repeating: false, count: rows.count))
    }
}

extension BoundCondition {
    func verdicts(_ batch: Batch) -> Verdicts {
        switch self {
        case .constant(let known): return Verdicts(known, count: batch.rowCount)
        case .missing(let column):
            let none = Bitmap(repeating: false, count: batch.rowCount)
            return Verdicts(isTrue: batch.column(column).present.inverted, isUnknown: none)
        case .test(let index, let test):
            let column = batch.column(index)
            return Verdicts(test.answers(column, count: batch.rowCount), decided: column.typed)
        case .pair(let left, let comparison, let right, let zone):
            let columns = (batch.column(left), batch.column(right))
            let answers = ColumnPair.answers(columns.0, comparison, columns.1, in: zone, count: batch.rowCount)
            return Verdicts(answers, decided: columns.0.typed.intersection(columns.1.typed))
        case .truth(let inner, let wanted): return inner.verdicts(batch).isOnly(wanted)
        case .not(let inner):
            var verdicts = inner.verdicts(batch)
            verdicts.negate()
            return verdicts
        case .and(let parts):
            var verdicts = Verdicts(true, count: batch.rowCount)
            for part in parts { verdicts.formAnd(part.verdicts(batch)) }
            return verdicts
        case .or(let parts):
            var verdicts = Verdicts(false, count: batch.rowCount)
            for part in parts { verdicts.formOr(part.verdicts(batch)) }
            return verdicts
        }
    }
}
