// Writes the sample project's clickstream: two small CSV files with the faults that real feeds have.
// The same seed gives the same bytes on every machine.
import Foundation

// SplitMix64: G. Steele, D. Lea, C. Flood, "Fast Splittable Pseudorandom Number Generators" (2014).
struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    /// 0 through `limit` − 1.
    mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
}

var random = Generator(state: 20_261_120)

let types = ["page_view", "page_view", "page_view", "click", "click", "add_to_cart", "purchase", "search", "login"]
let countries = ["US", "DE", "FR", "GB", "IN", "BR", "JP", "TR", "NA", "SE"]
let devices = ["ios", "android", "web"]
let pages = ["home", "search", "product", "cart", "checkout", "account"]
let names = ["ada", "grace", "alan", "edsger", "barbara", "donald", "margaret", "ken", "frances", "john"]
let hosts = ["example.com", "mail.example.org", "shop.example.net"]

func hex(_ word: UInt64) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}

func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

/// A time of the sample's three days, 18 through 20 November 2026, as ISO 8601.
func time(_ second: Int, year: Int = 2026) -> String {
    let day = 18 + second / 86_400
    let rest = second % 86_400
    let millisecond = random.below(1_000)
    return
        "\(year)-11-\(padded(day, 2))T\(padded(rest / 3_600, 2)):\(padded(rest / 60 % 60, 2)):\(padded(rest % 60, 2))"
        + ".\(padded(millisecond, 3))Z"
}

struct Event {
    var id: String
    var user: String
    var session: String
    var type: String
    var page: String
    var search: String
    var amount: String
    var quantity: String
    var country: String
    var email: String
    var time: String
    var device: String
    var coupon: String

    func line(withCoupon: Bool) -> String {
        let fields = [id, user, session, type, page, search, amount, quantity, country, email, time, device]
        return (fields + (withCoupon ? [coupon] : [])).joined(separator: ",")
    }
}

func event(_ second: Int) -> Event {
    let type = types[random.below(types.count)]
    let isPurchase = type == "purchase"
    let user = 1_000 + random.below(900)
    let cents = 199 + random.below(24_000)
    let search =
        type == "search" ? ["shoes", "\"red, size 42\"", "\"27\"\" monitor\"", "café", "tea"][random.below(5)] : ""
    return Event(
        id: "e-\(hex(random.next()))", user: String(user), session: "s\(padded(user * 7 % 100_000, 8))", type: type,
        page: "/\(pages[random.below(pages.count)])/\(random.below(500))", search: search,
        amount: isPurchase ? "\(cents / 100).\(padded(cents % 100, 2))" : "",
        quantity: isPurchase || type == "add_to_cart" ? String(1 + random.below(5)) : "",
        country: countries[random.below(countries.count)],
        email: "\(names[random.below(names.count)])\(user)@\(hosts[random.below(hosts.count)])", time: time(second),
        device: devices[random.below(devices.count)],
        coupon: isPurchase && random.below(4) == 0 ? ["WELCOME10", "FREESHIP", "BLACK20"][random.below(3)] : "")
}

/// Events in order of their time, `from` through `to` in seconds of the sample.
func events(_ count: Int, from: Int, to: Int) -> [Event] {
    (0..<count).map { event(from + (to - from) * $0 / count) }
}

/// Spreads faults over the events, so many of each.
func spoil(_ events: inout [Event], _ count: Int, _ change: (inout Event, Int) -> Void) {
    for _ in 0..<count {
        let index = 1 + random.below(events.count - 1)
        change(&events[index], index)
    }
}

var first = events(3_200, from: 0, to: 150_000)
spoil(&first, 12) { event, _ in event.id = "" }
spoil(&first, 60) { event, _ in event.user = "" }
for _ in 0..<9 {
    let source = random.below(first.count - 50)
    first.insert(first[source], at: source + 1 + random.below(40))
}
spoil(&first, 8) { event, _ in (event.type, event.amount) = ("purchase", "-\(1 + random.below(90)).00") }
spoil(&first, 3) { event, _ in (event.type, event.amount) = ("purchase", "9999999.99") }
spoil(&first, 2) { event, _ in (event.type, event.amount) = ("purchase", "free") }
spoil(&first, 7) { event, _ in event.type = ["pageview", "Purchase", "clik"][random.below(3)] }
spoil(&first, 10) { event, _ in event.time = time(random.below(80_000), year: 2025) }
spoil(&first, 6) { event, _ in event.email = ["none", "a@b", "ada.example.com"][random.below(3)] }
spoil(&first, 5) { event, _ in event.country = event.country.lowercased() }

var second = events(1_400, from: 150_000, to: 214_000)
spoil(&second, 3) { event, _ in event.time = time(random.below(80_000), year: 2027) }
spoil(&second, 4) { event, _ in event.id = "" }

let columns =
    "event_id,user_id,session_id,event_type,page,search_term,amount,quantity,country,email,event_time,device"
var firstLines = [columns] + first.map { $0.line(withCoupon: false) }
// A row that was cut off, and one with a field too many.
firstLines[1_700] = firstLines[1_700].split(separator: ",", omittingEmptySubsequences: false).prefix(5).joined(
    separator: ",")
firstLines[2_400] += ",retry"
let secondLines = [columns + ",coupon"] + second.map { $0.line(withCoupon: true) }

let folder = CommandLine.arguments.dropFirst().first ?? "data/landing"
try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
for (name, lines) in [("event_stream_sample_small", firstLines), ("event_stream_sample_small_2", secondLines)] {
    let path = "\(folder)/\(name).csv"
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: path))
    print("\(path): \(lines.count - 1) rows")
}
