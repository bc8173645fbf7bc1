import Tables

/// A clickstream as typed columns, the same for the same number of rows.
struct Events {
    static let schema = Schema([
        Field("event_id", .string, isNullable: false), Field("user_id", .int64, isNullable: false),
        Field("session_id", .string, isNullable: false), Field("event_type", .string, isNullable: false),
        Field("url", .string), Field("amount", .decimal(precision: 12, scale: 2)), Field("score", .float64),
        Field("quantity", .int64), Field("country", .string), Field("device", .string),
        Field("event_time", .timestamp, isNullable: false),
    ])

    /// Rows of a batch.
    private static let portion = 32_768

    let batches: [Batch]
    /// What the values take in memory: 8 bytes a number, a bit a row for its presence, texts with 4 bytes each for their place.
    let byteCount: Int

    init(rows: Int) {
        var random = Random(state: 1)
        var batches: [Batch] = []
        var first = 0
        while first < rows {
            let count = min(Self.portion, rows - first)
            let columns = Self.columns(count, first: first, &random)
            batches.append(Batch(ordinal: batches.count, rowCount: count, columns: columns))
            first += count
        }
        self.batches = batches
        byteCount = batches.reduce(0) { total, batch in
            total + Self.schema.fields.indices.reduce(0) { $0 + Self.byteCount(batch.column($1)) }
        }
    }

    private static func byteCount(_ column: Column) -> Int {
        let values =
            if case .text(let cells) = column.values { cells.bytes.count + 4 * column.count } else { 8 * column.count }
        return values + column.count / 8
    }

    private static func columns(_ count: Int, first: Int, _ random: inout Random) -> [Column] {
        let all = Bitmap(repeating: true, count: count)
        func texts(_ make: (inout Random) -> String?) -> Column {
            let texts = (0..<count).map { _ in make(&random) }
            return Column(type: .string, present: Bitmap(texts.map { $0 != nil }), values: .text(TextCells(texts)))
        }
        func pick(_ words: [String]) -> Column { texts { words[$0.below(words.count)] } }
        func present(_ percent: Int) -> Bitmap { Bitmap((0..<count).map { _ in random.below(100) < percent }) }
        return [
            texts { random in hexadecimal(random.next()) + "-" + hexadecimal(random.next()) },
            Column(
                type: .int64, present: all, values: .int64((0..<count).map { _ in Int64(random.below(1_000_000)) })),
            texts { "s\(10_000_000 + $0.below(200_000))" },
            pick(["page_view", "click", "add_to_cart", "purchase", "search", "login"]),
            texts { random in
                random.below(50) == 0 ? nil : "https://shop.example.com/products/\(random.below(40_000))?ref=mail"
            },
            Column(
                type: .decimal(precision: 12, scale: 2), present: present(40),
                values: .decimal((0..<count).map { _ in Int64(random.below(100_000)) }, scale: 2)),
            Column(
                type: .float64, present: all,
                values: .float64((0..<count).map { _ in Double(random.below(1 << 40)) / Double(1 << 40) })),
            Column(
                type: .int64, present: present(60), values: .int64((0..<count).map { _ in Int64(random.below(20)) })),
            pick(["US", "DE", "FR", "GB", "IN", "BR", "JP", "TR"]), pick(["ios", "android", "web"]),
            Column(
                type: .timestamp, present: all,
                values: .timestamp(
                    (0..<count).map { 1_793_000_000_000_000 + Int64(first + $0) * 37_000 + Int64(random.below(1_000)) })
            ),
        ]
    }

    private static func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}

/// Marsaglia, "Xorshift RNGs".
struct Random {
    var state: UInt64

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }

    mutating func below(_ limit: Int) -> Int { Int(next() >> 11) % limit }
}
