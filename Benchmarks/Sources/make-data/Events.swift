/// A clickstream: twenty days from 1 November 2026 on, in order of time; seven amounts of ten are missing.
enum Events {
    static let columns = [
        "event_id", "user_id", "session_id", "event_type", "url", "amount", "quantity", "country", "event_time",
        "device",
    ]
    private static let types = ["page_view", "click", "add_to_cart", "purchase", "search", "login"]
    private static let countries = ["US", "DE", "FR", "GB", "IN", "BR", "JP", "TR"]
    private static let devices = ["ios", "android", "web"]
    private static let milliseconds = 20 * 86_400_000

    /// - Parameter isWild: some addresses have doubled quotes, and some a line break; only for quoted text.
    static func write(rows: Int, isWild: Bool, to writer: inout RowWriter) throws {
        var random = Generator(state: 20_261_101)
        for row in 0..<rows {
            writer.field("event_id") {
                $0.hexadecimal(random.next())
                $0.text("-")
                $0.hexadecimal(random.next())
            }
            writer.number("user_id") { $0.digits(1 + random.below(2_000_000)) }
            writer.field("session_id") {
                $0.text("s")
                $0.digits(random.below(50_000_000), width: 8)
            }
            writer.field("event_type") { $0.text(random.pick(types)) }
            writer.field("url") {
                $0.text("https://shop.example/")
                $0.text(random.pick(types))
                $0.text("/")
                $0.digits(random.below(100_000))
                $0.text("?ref=")
                $0.digits(random.below(1_000))
                guard isWild else { return }
                if row % 20 == 3 { $0.text("&q=27\"\" monitor, black") }
                if row % 50 == 7 { $0.text("&note=two\nlines") }
            }
            if random.below(10) < 7 {
                writer.missing("amount")
            } else {
                // The sum of three is low more often than high, as prices are.
                let cents = 1 + random.below(4_000) + random.below(4_000) + random.below(8_000)
                writer.number("amount") { $0.amount(cents) }
            }
            writer.number("quantity") { $0.digits(1 + random.below(11)) }
            writer.field("country") { $0.text(random.pick(countries)) }
            writer.field("event_time") { time(milliseconds / rows * row, to: &$0) }
            writer.field("device") { $0.text(random.pick(devices)) }
            try writer.endRow()
        }
    }

    private static func time(_ millisecond: Int, to bytes: inout [UInt8]) {
        let second = millisecond / 1_000
        bytes.text("2026-11-")
        bytes.digits(1 + second / 86_400, width: 2)
        bytes.text("T")
        bytes.digits(second / 3_600 % 24, width: 2)
        bytes.text(":")
        bytes.digits(second / 60 % 60, width: 2)
        bytes.text(":")
        bytes.digits(second % 60, width: 2)
        bytes.text(".")
        bytes.digits(millisecond % 1_000, width: 3)
        bytes.text("Z")
    }
}
