import Tables

extension Column {
    /// Rows whose cells are more than the column holds of them: no value of its type, or a whole number of which it has the nearest
    /// double; `nil` where there are none.
    ///
    /// Costs a look at each double, and at the text of those beyond 2^53.
    var unkept: Bitmap? {
        guard case .float64(let numbers) = values, let lexemes else { return uncomparable }
        var typed: Bitmap?
        let rounded = numbers.indices.filter { row in
            guard abs(numbers[row]) >= 0x1p53 else { return false }
            let known = typed ?? self.typed
            typed = known
            return known[row] && Self.isRounded(lexemes.string(at: row), numbers[row])
        }
        guard !rounded.isEmpty else { return uncomparable }
        let rows = Bitmap(count: count, setting: rounded)
        return uncomparable.map { rows.union($0) } ?? rows
    }

    /// Whether a text is a whole number, and another one than the double that was made of it.
    private static func isRounded(_ text: String, _ number: Double) -> Bool {
        let digits = text.utf8.drop { $0 == 0x2D }
        guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
        guard let whole = Int128(text) else { return true }
        return whole != Int128(exactly: number)
    }
}
