/// A table of many columns, `column_1` and so on: in turn a whole number, an amount, a word and a key.
enum Wide {
    private static let words = ["red", "green", "blue", "yellow", "black", "white", "orange", "violet"]

    static func columns(_ count: Int) -> [String] { (1...count).map { "column_\($0)" } }

    static func write(rows: Int, columns: [String], to writer: inout RowWriter) throws {
        var random = Generator(state: 20_261_102)
        for _ in 0..<rows {
            for (index, column) in columns.enumerated() {
                switch index % 4 {
                case 0: writer.number(column) { $0.digits(random.below(1_000_000)) }
                case 1: writer.number(column) { $0.amount(random.below(1_000_000)) }
                case 2: writer.field(column) { $0.text(random.pick(words)) }
                default:
                    writer.field(column) {
                        $0.text("k-")
                        $0.digits(random.below(100_000_000), width: 8)
                    }
                }
            }
            try writer.endRow()
        }
    }
}
