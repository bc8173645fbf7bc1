import Foundation
import Tables
import Testing

/// What a service shows of values, by what its project says at the moment.
@Suite(.serialized) struct ShownValuesTests {
    private static func project(_ values: String, tags: String = "") -> String {
        """
        store: assay.db
        reports: {path: reports, values: \(values)}
        assets:
          orders: {csv: orders.csv\(tags)}
        validations:
          - {suite: orders, schedule: manual}

        """
    }

    private func reload(_ service: RunningService, _ times: Int) throws {
        service.signal(SIGHUP)
        try service.waitForLog("the project was read again", times: times)
    }

    @Test func aTagCountsForRunsBeforeAndAfterIt() async throws {
        let assay = try Assay()
        defer { assay.remove() }
        try assay.write("id,email\n1,ann@example.com\n2,bob@example.com\n", to: "orders.csv")
        try assay.write(
            """
            suite: orders
            asset: orders
            columns: {email: {matches: "^x"}}
            expectations:
              - expect_column_max_to_be_between: {column: email, max_value: "aa"}
            """, to: "expectations/orders.yaml")
        try assay.write(Self.project("shown"), to: "assay.yaml")
        let service = try RunningService(assay)
        defer { service.kill() }
        func told() async throws -> String {
            #expect(try assay("trigger", "orders", "--wait").status == 1)
            let runs = try await service.get("/api/v1/runs").json?["runs"]?.items ?? []
            var text = try await service.get("/validations/orders/orders").text
            for id in runs.compactMap({ $0["id"]?.string }) {
                text += try await service.get("/runs/\(id)").text + service.get("/api/v1/runs/\(id)/results").text
            }
            return text
        }
        #expect(try await told().contains("bob@example.com"))
        try assay.write("id,email\n1,ann@example.com\n2,cat@example.com\n", to: "orders.csv")
        try assay.write(Self.project("shown", tags: ", tags: {email: pii}"), to: "assay.yaml")
        try reload(service, 1)
        #expect(try await !told().contains("example.com"))
        try assay.write(Self.project("masked"), to: "assay.yaml")
        try reload(service, 2)
        #expect(try await !told().contains("example.com"))
        #expect(try service.stop() == 0)
    }

    @Test func quarantinedValuesAreShownAsInReports() async throws {
        let fixture = try QuarantineFixture()
        defer { fixture.assay.remove() }
        let project = try fixture.assay.read("assay.yaml")
        let service = try RunningService(fixture.assay)
        defer { service.kill() }
        func told() async throws -> String {
            try await service.get("/pipelines/orders/quarantine").text
                + service.get("/api/v1/pipelines/orders/quarantine").text
        }
        let masked = try await told()
        #expect(masked.contains(#""values":{"amount":"-9"}"#) && masked.contains("amount=&quot;-9&quot;"))
        #expect(!masked.contains(#""amount":-"#) && !masked.contains("amount=-"))
        try fixture.assay.write(project + "\nreports: {path: reports, values: absent}\n", to: "assay.yaml")
        try reload(service, 1)
        let absent = try await told()
        #expect(!absent.contains(#""values""#) && !absent.contains("amount="))
        try fixture.assay.write(project + "\nreports: {path: reports, values: shown}\n", to: "assay.yaml")
        try reload(service, 2)
        #expect(try await told().contains(#""values":{"amount":-2}"#))
        #expect(try service.stop() == 0)
    }
}
