import Testing

@testable import Service

@Suite struct AddressTests {
    @Test(arguments: [
        ("a%20b", "a b"), ("a+b", "a+b"), ("%252e", "%2e"), ("%C3%A9", "é"), ("", ""), ("100%25", "100%"),
    ])
    func decodesOnce(_ text: String, _ decoded: String) { #expect(QueryText.decoded(text) == decoded) }

    @Test(arguments: ["%", "%2", "%zz", "%C3", "%ff", "%+1"]) func findsDamage(_ text: String) {
        #expect(QueryText.decoded(text) == nil)
    }

    @Test func readsQueries() throws {
        let items = try #require(QueryText.items("a=1&b=x+y%26z&&c&d=e=f"))
        #expect(items.map(\.name) == ["a", "b", "c", "d"] && items.map(\.value) == ["1", "x y&z", "", "e=f"])
        #expect(try #require(QueryText.items(nil)).isEmpty)
        #expect(QueryText.items("a=%") == nil)
    }

    @Test(arguments: [
        ("2026-11-01T10:00:00Z", 1_793_527_200_000_000), ("2026-11-01T10:00:00+02:00", 1_793_520_000_000_000),
        ("1970-01-01T00:00:00.000001Z", 1), ("1970-01-02T00:00:00+23:59", 60_000_000),
        ("1970-01-01T00:00:00-00:01", 60_000_000),
    ])
    func readsTimes(_ text: String, _ microseconds: Int64) { #expect(Parameter.time(text) == microseconds) }

    @Test(arguments: ["2026-11-01", "2026-11-01T10:00:00", "10:00Z", "2026-02-30T10:00:00Z", ""])
    func findsTimesWithoutAZone(_ text: String) { #expect(Parameter.time(text) == nil) }

    @Test(arguments: [("1", 1), ("-7", -7), ("9223372036854775807", Int.max)]) func readsNumbers(
        _ text: String, _ number: Int
    ) {
        #expect(Parameter.integer(text) == number)
    }

    @Test(arguments: ["", "+1", "1.0", "1e3", " 1", "0x1", "１", "9223372036854775808", "1-"])
    func findsWhatIsNoNumber(_ text: String) { #expect(Parameter.integer(text) == nil) }

    @Test func knowsTheMethodsOfAPath() {
        var table = RouteTable()
        table.add("/runs/{id}", ["GET"])
        table.add("/runs/{id}/again", ["POST"])
        table.add("/", ["GET"])
        #expect(table.methods(of: "/runs/a") == ["GET"] && table.methods(of: "/runs/a/again") == ["POST"])
        #expect(table.methods(of: "/") == ["GET"] && table.methods(of: "/runs").isEmpty)
    }

    @Test func comparesTags() {
        #expect(
            Content.names("\"a\"", "\"a\"") && Content.names("\"b\", W/\"a\" ", "\"a\"") && Content.names("*", "\"a\""))
        #expect(!Content.names("\"ab\"", "\"a\"") && !Content.names("a", "\"a\"") && !Content.names("", "\"a\""))
    }
}
