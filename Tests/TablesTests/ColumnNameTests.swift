import Tables
import Testing

@Suite struct ColumnNameTests {
    @Test func isToldApartByItsBytes() {
        let (composed, decomposed) = (ColumnName("caf\u{E9}"), ColumnName("cafe\u{301}"))
        #expect(composed.text == decomposed.text && composed != decomposed && decomposed < composed)
        #expect(Set([composed, decomposed, "caf\u{E9}"]).count == 2)
    }
}
