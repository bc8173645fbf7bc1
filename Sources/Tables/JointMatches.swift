/// Which of several tests hold of the rows of a batch, found out by groups of rows of which the same tests hold.
public struct JointMatches: Sendable {
    /// For each test, of how many rows it holds.
    public let counts: [Int]
    /// For each row its group; ``noGroup`` where no test holds.
    private let groups: [UInt32]
    /// For each group, the tests that hold of its rows, each once.
    private let tests: [[UInt32]]

    public static let noGroup = UInt32.max

    public init(groups: [UInt32], tests: [[UInt32]], testCount: Int) {
        self.groups = groups
        self.tests = tests
        var rowCounts = [Int](repeating: 0, count: tests.count)
        for group in groups where group != Self.noGroup { rowCounts[Int(group)] += 1 }
        var counts = [Int](repeating: 0, count: testCount)
        for (group, rows) in rowCounts.enumerated() where rows > 0 {
            for test in tests[group] { counts[Int(test)] += rows }
        }
        self.counts = counts
    }

    /// The rows by test, for those who want to see them.
    ///
    /// Costs a look at every row, and at every test of every group that has rows.
    public func rowsByTest() -> RowsByTest {
        var rowsOfGroups = Buckets(count: tests.count)
        for group in groups where group != Self.noGroup { rowsOfGroups.expect(Int(group)) }
        rowsOfGroups.makeRoom()
        for (row, group) in groups.enumerated() where group != Self.noGroup {
            rowsOfGroups.put(UInt32(row), into: Int(group))
        }
        var groupsOfTests = Buckets(count: counts.count)
        let found = tests.indices.filter { !rowsOfGroups[$0].isEmpty }
        for group in found { for test in tests[group] { groupsOfTests.expect(Int(test)) } }
        groupsOfTests.makeRoom()
        for group in found { for test in tests[group] { groupsOfTests.put(UInt32(group), into: Int(test)) } }
        return RowsByTest(rowCount: groups.count, rowsOfGroups: rowsOfGroups, groupsOfTests: groupsOfTests)
    }

    /// The rows of which each test holds.
    public struct RowsByTest: Sendable {
        let rowCount: Int
        fileprivate let rowsOfGroups: Buckets
        fileprivate let groupsOfTests: Buckets

        /// A bit for each row of which a test holds.
        public func rows(of test: Int) -> Bitmap {
            var rows = Bitmap(repeating: false, count: rowCount)
            for group in groupsOfTests[test] {
                for row in rowsOfGroups[Int(group)] { rows[Int(row)] = true }
            }
            return rows
        }
    }
}

/// Numbers in buckets that lie one behind the other: all are counted first, then put in.
private struct Buckets: Sendable {
    private var starts: [Int]
    private var filled: [Int]
    private var numbers: [UInt32] = []

    init(count: Int) {
        starts = [Int](repeating: 0, count: count + 1)
        filled = []
    }

    mutating func expect(_ bucket: Int) { starts[bucket + 1] += 1 }

    mutating func makeRoom() {
        for bucket in starts.indices.dropFirst() { starts[bucket] += starts[bucket - 1] }
        filled = starts
        numbers = [UInt32](repeating: 0, count: starts[starts.count - 1])
    }

    mutating func put(_ number: UInt32, into bucket: Int) {
        numbers[filled[bucket]] = number
        filled[bucket] += 1
    }

    subscript(bucket: Int) -> ArraySlice<UInt32> { numbers[starts[bucket]..<starts[bucket + 1]] }
}
