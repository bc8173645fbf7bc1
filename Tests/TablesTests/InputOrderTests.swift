import Tables
import Testing

@Suite struct InputOrderTests {
    private func batch(_ ordinal: Int, _ part: BatchPart = .whole) -> Batch {
        Batch(ordinal: ordinal, part: part, rowCount: 10, columns: [])
    }

    @Test func givesBackInTheOrderOfTheInput() {
        var order = InputOrder<String>()
        order.add("b2", of: batch(1, BatchPart(firstRow: 10, isLast: true)))
        order.add("c", of: batch(2))
        #expect(order.take() == nil && order.count == 2 && !order.isComplete)
        order.add("a", of: batch(0))
        #expect(order.take() == "a" && order.take() == nil)
        order.add("b1", of: batch(1, BatchPart(firstRow: 0, isLast: false)))
        #expect(order.take() == "b1" && order.take() == "b2" && order.take() == "c" && order.take() == nil)
        #expect(order.isComplete)
    }

    @Test func aBatchWithoutItsLastPartIsNotComplete() {
        var order = InputOrder<String>()
        let part = batch(0, BatchPart(firstRow: 0, isLast: false))
        order.add("a1", of: part)
        #expect(order.take() == "a1" && order.count == 0 && !order.isComplete)
        #expect(order.next == InputOrder<String>.Place(after: part))
    }

    @Test func forgetsWhatWaits() {
        var order = InputOrder<String>()
        order.add("b", of: batch(1))
        order.drop()
        #expect(order.isComplete)
    }
}
