import Tables

/// Sets that the values of one column are tested by, joined: each value is looked up once for all of them.
///
/// Values that are in the same sets make a group. Memory: an entry a different value, and for each group the sets that it is in;
/// together no more than the sets' values.
struct JointSets: Sendable {
    private enum Groups: Sendable {
        case integers([Int128: UInt32])
        case floats([Double: UInt32])
        /// The groups by the texts' places.
        case texts(TextSet, [UInt32])
    }

    private let groups: Groups
    /// For each group, the sets that have its values, ascending.
    private let sets: [[UInt32]]
    private let setCount: Int

    /// `nil` for none, and for sets of different kinds of values.
    init?(_ sets: [ValueSet]) {
        guard let first = sets.first else { return nil }
        setCount = sets.count
        switch first {
        case .integers, .days, .unsignedIntegers, .wideIntegers, .booleans:
            let all = sets.compactMap(\.wholeNumbers)
            let grouping = Grouping(all)
            groups = .integers(grouping.groups)
            self.sets = grouping.sets
            guard all.count == setCount else { return nil }
        case .floats:
            let all = sets.compactMap { if case .floats(let set) = $0 { set.numbers } else { nil } }
            let grouping = Grouping(all)
            groups = .floats(grouping.groups)
            self.sets = grouping.sets
            guard all.count == setCount else { return nil }
        case .texts:
            let all = sets.compactMap { if case .texts(let set) = $0 { set.texts } else { nil } }
            let grouping = Grouping(all)
            let texts = TextSet(Array(grouping.groups.keys))
            var places = [UInt32](repeating: 0, count: texts.placeCount)
            for (text, group) in grouping.groups {
                if let place = text.withUnsafeBytes({ texts.place(of: $0) }) { places[place] = group }
            }
            groups = .texts(texts, places)
            self.sets = grouping.sets
            guard all.count == setCount else { return nil }
        }
    }

    /// The rows of a column that have a value of the column's type, by the sets that it is in.
    func members(of column: Column) -> JointMatches {
        JointMatches(groups: rowGroups(of: column), tests: sets, testCount: setCount)
    }

    private func rowGroups(of column: Column) -> [UInt32] {
        let typed = column.typed
        switch (groups, column.values) {
        case (.texts(let texts, let places), .text(let cells)):
            return texts.lookUp(cells, in: typed, places, else: JointMatches.noGroup)
        case (.floats(let groups), .float64(let values)): return lookUp(typed) { groups[values[$0]] }
        case (.integers(let groups), .int64(let values)), (.integers(let groups), .decimal(let values, _)),
            (.integers(let groups), .time(let values)), (.integers(let groups), .timestamp(let values)),
            (.integers(let groups), .duration(let values)):
            return lookUp(typed) { groups[Int128(values[$0])] }
        case (.integers(let groups), .uint64(let values)): return lookUp(typed) { groups[Int128(values[$0])] }
        case (.integers(let groups), .wideDecimal(let values, _)): return lookUp(typed) { groups[values[$0]] }
        case (.integers(let groups), .date(let values)): return lookUp(typed) { groups[Int128(values[$0])] }
        case (.integers(let groups), .boolean(let bits)): return lookUp(typed) { groups[bits[$0] ? 1 : 0] }
        default: preconditionFailure("the sets were made for the column's type")
        }
    }

    @inline(__always)
    private func lookUp(_ rows: Bitmap, _ group: (Int) -> UInt32?) -> [UInt32] {
        var found = [UInt32](repeating: JointMatches.noGroup, count: rows.count)
        rows.forEach { row in
            if let group = group(row) { found[row] = group }
        }
        return found
    }

    /// Values by the sets that they are in.
    private struct Grouping<Member: Hashable> {
        var groups: [Member: UInt32] = [:]
        var sets: [[UInt32]] = []

        /// No collection has a value twice.
        init(_ collections: [some Collection<Member>]) {
            var places: [Member: [UInt32]] = [:]
            for (number, members) in collections.enumerated() {
                for member in members { places[member, default: []].append(UInt32(number)) }
            }
            var known: [[UInt32]: UInt32] = [:]
            for (member, list) in places {
                let group = known[list] ?? UInt32(sets.count)
                if Int(group) == sets.count {
                    known[list] = group
                    sets.append(list)
                }
                groups[member] = group
            }
        }
    }
}

extension ValueSet {
    /// The numbers of a set of whole ones, whatever their width; `nil` for other sets.
    ///
    /// A Boolean is 0 or 1.
    fileprivate var wholeNumbers: [Int128]? {
        switch self {
        case .integers(let set): set.numbers.map { Int128($0) }
        case .days(let set): set.numbers.map { Int128($0) }
        case .unsignedIntegers(let set): set.numbers.map { Int128($0) }
        case .wideIntegers(let set): Array(set.numbers)
        case .booleans(let set): set.map { $0 ? 1 : 0 }
        case .floats, .texts: nil
        }
    }
}
