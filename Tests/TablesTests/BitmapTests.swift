import Tables
import TestSupport
import Testing

@Suite struct BitmapTests {
    private static let counts = [0, 1, 2, 63, 64, 65, 127, 128, 129, 1_000]

    private func bools(_ bitmap: Bitmap) -> [Bool] { (0..<bitmap.count).map { bitmap[$0] } }

    @Test(arguments: counts) func agreesWithAListOfBooleans(_ count: Int) {
        var random = SeededGenerator(seed: UInt64(count))
        for percent in [0, 3, 50, 97, 100] {
            let left = (0..<count).map { _ in random.chance(percent) }
            let right = (0..<count).map { _ in random.chance(50) }
            let (a, b) = (Bitmap(left), Bitmap(right))
            let label: Comment = "seed \(count), \(percent) %"
            #expect(bools(a) == left, label)
            #expect(a.population == left.count { $0 }, label)
            #expect(a.isEmpty == !left.contains(true), label)
            #expect(a.isFull == !left.contains(false), label)
            #expect(bools(a.intersection(b)) == zip(left, right).map { $0 && $1 }, label)
            #expect(bools(a.union(b)) == zip(left, right).map { $0 || $1 }, label)
            #expect(bools(a.subtracting(b)) == zip(left, right).map { $0 && !$1 }, label)
            #expect(bools(a.inverted) == left.map { !$0 }, label)
            #expect(a.inverted.population == left.count { !$0 }, label)
            #expect(a.inverted.inverted == a, label)
            let places = left.indices.filter { left[$0] }
            var visited: [Int] = []
            a.forEach { visited.append($0) }
            #expect(visited == places, label)
            for limit in [-1, 0, 1, 5, count, count + 1] {
                #expect(a.first(limit) == Array(places.prefix(max(0, limit))), label)
            }
        }
    }

    @Test(arguments: counts) func setsAndClearsSingleBits(_ count: Int) {
        var random = SeededGenerator(seed: UInt64(count))
        var model = [Bool](repeating: false, count: count)
        var bitmap = Bitmap(repeating: false, count: count)
        for _ in 0..<(count == 0 ? 0 : 300) {
            let row = Int.random(in: 0..<count, using: &random)
            model[row] = random.chance(50)
            bitmap[row] = model[row]
        }
        #expect(bitmap == Bitmap(model), "seed \(count)")
    }

    @Test(arguments: counts) func bitsPastTheEndAreZero(_ count: Int) {
        let repeated = Bitmap(repeating: true, count: count)
        let filled = Bitmap(count: count) { words in words.indices.forEach { words[$0] = ~0 } }
        #expect(repeated == filled)
        #expect(repeated.population == count)
        #expect(repeated.isFull)
        #expect(repeated.inverted == Bitmap(repeating: false, count: count))
    }
}
