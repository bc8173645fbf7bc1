import Testing

@testable import Reports

@Suite struct PageWordingTests {
    @Test func writesSizesForPeople() {
        #expect(PageWording.grouped("1234.50") == "1,234.50" && PageWording.grouped("1e30") == "1e30")
        #expect(
            PageWording.bytes(812) == "812 B" && PageWording.bytes(1_240) == "1.2 kB"
                && PageWording.bytes(999_999) == "1 MB")
        #expect(PageWording.bytes(705_000_000) == "705 MB")
    }

    @Test func writesTimesForPeople() {
        #expect(
            PageWording.duration(0) == "0 ms" && PageWording.duration(0.012) == "12 ms"
                && PageWording.duration(3.24) == "3.2 s")
        #expect(PageWording.duration(59.99) == "1 min" && PageWording.duration(252) == "4 min 12 s")
        #expect(PageWording.duration(7_500) == "2 h 5 min" && PageWording.duration(259_200) == "3 d")
        #expect(PageWording.time(0) == "Thu 1 Jan 1970, 00:00 UTC")
        #expect(PageWording.time(-1) == "Wed 31 Dec 1969, 23:59 UTC")
        #expect(PageWording.time(Samples.noon) == "Sun 1 Nov 2026, 12:00 UTC")
        #expect(PageWording.iso(Samples.noon + 5) == "2026-11-01T12:00:00Z")
    }
}
