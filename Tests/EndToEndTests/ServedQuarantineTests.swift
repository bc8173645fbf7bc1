import Foundation
import Tables
import Testing

/// A quarantine as the service tells of it.
@Suite struct ServedQuarantineTests {
    /// What was counted once isn't counted anew, and isn't out of date.
    @Test func aQuarantineIsCountedAsItGrowsAndIsDecidedAbout() async throws {
        let fixture = try QuarantineFixture()
        defer { fixture.assay.remove() }
        let service = try RunningService(fixture.assay)
        defer { service.kill() }
        func count(_ query: String = "") async throws -> [Int64] {
            let listing = try await service.get("/api/v1/pipelines/orders/quarantine" + query).json
            let records = Int64(listing?["records"]?.items?.count ?? -1)
            return [listing?["count"]?.integer ?? -1, records]
        }
        #expect(try await count("?limit=1") == [4, 1])
        #expect(try await count() == [4, 4])
        try fixture.assay.write("id,amount,note,email\n11,-11,,p11@example.com\n", to: "landing/b.csv")
        try service.waitForLog("batch committed")
        #expect(try await count() == [5, 5])
        #expect(try await count("?file=b.csv") == [1, 1])
        #expect(try await count("?status=discarded") == [0, 0])
        let discarded = try fixture.assay(
            "quarantine", "discard", "orders", "--file", "b.csv", "--reason", "sent twice", "--wait")
        #expect(discarded.status == 0, "\(discarded.errors)")
        #expect(try await count() == [4, 4])
        #expect(try await count("?status=discarded") == [1, 1])
        #expect(try await count("?status=all") == [5, 5])
        let page = try await service.get("/pipelines/orders/quarantine?status=discarded").text
        #expect(page.contains("<h1>1 record was discarded</h1>") && page.contains(": sent twice<td>"))
        #expect(try service.stop() == 0)
    }
}
