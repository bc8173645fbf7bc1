import Foundation
import Tables
import Testing

/// `assay serve` as it runs in production: asked for work, told of a new project, and told to stop.
@Suite(.serialized) struct RunningServiceTests {
    private func assay() throws -> Assay {
        let assay = try Assay()
        try assay.write("id,amount\n1,2\n2,\n", to: "orders.csv")
        try assay.write(
            "suite: orders\nasset: orders\ncolumns:\n  amount: {required: true}\n", to: "expectations/orders.yaml")
        try assay.write(RunningService.orders, to: "assay.yaml")
        return assay
    }

    @Test func doesWhatItIsAskedForShowsItAndStops() async throws {
        let assay = try assay()
        defer { assay.remove() }
        let service = try RunningService(assay)
        defer { service.kill() }
        #expect(try await service.get("/healthz").status == 200)
        #expect(try await service.get("/readyz").status == 200)
        #expect(try await service.get("/api/v1/runs").json?["runs"]?.items?.isEmpty == true)
        let planned = try #require(try await service.get("/api/v1/validations").json?["validations"]?.items?.first)
        #expect(planned["state"]?.string == "never_run" && planned["schedule"]?.string == "when somebody asks")
        #expect(try await service.get("/").text.contains("The only validation never ran"))

        let asked = try assay("trigger", "orders", "--wait")
        #expect(asked.status == 1, "\(asked.output)\(asked.errors)")
        let runs = try await service.get("/api/v1/runs")
        let run = try #require(runs.json?["runs"]?.items?.first)
        #expect(run["suite"]?.string == "orders" && run["outcome"]?.string == "failed")
        let page = try await service.get("/runs/\(run["id"]?.string ?? "")")
        #expect(page.status == 200 && page.text.contains("amount"))
        #expect(try await service.get("/metrics").text.contains("assay_runs_total"))
        #expect(try await service.get("/../assay.yaml").status == 404)

        // It listens at a port that was free, which its note has.
        #expect(try assay("health").status == 0)
        try assay.write(RunningService.orders + "service: {listen: \"127.0.0.1:9\"}\ncolour: blue\n", to: "assay.yaml")
        #expect(try assay("health").status == 0)
        let started = JSON(text: try service.waitForLog("\"event\":\"listening\""))
        #expect(started?["version"]?.string == "0.1.0")

        #expect(try service.stop() == 0)
        #expect(try ["stopping", "stopped"].map { try service.count("\"event\":\"\($0)\"") } == [1, 1])
        #expect(!assay.names(in: ".").contains { $0.hasSuffix(".address") })
        #expect(throws: (any Error).self) { try RunningService.connect(port: service.port) }
        try assay.write(RunningService.orders, to: "assay.yaml")
        #expect(try assay("history").output.contains("orders"))
    }

    @Test func aProjectWithMistakesIsRefusedAndTheOldOneStays() async throws {
        let assay = try assay()
        defer { assay.remove() }
        let service = try RunningService(assay)
        defer { service.kill() }
        try assay.write(RunningService.orders + "colour: blue\n", to: "assay.yaml")
        service.signal(SIGHUP)
        try service.waitForLog("the project has mistakes, the old one stays")
        let mistake = JSON(text: try service.waitForLog("a mistake in the project"))
        #expect(mistake?["error"]?.string == "a project has no key \"colour\"")
        #expect(mistake?["code"]?.string == "unknown-key" && mistake?["place"]?.string == "assay.yaml:7:1")
        #expect(try service.log().split(separator: "\n").allSatisfy { JSON(text: String($0)) != nil })
        let kept = try await service.get("/api/v1/validations")
        #expect(kept.json?["validations"]?.items?.count == 1)

        try assay.write(
            "suite: more\nasset: orders\ncolumns:\n  id: {unique: true}\n", to: "expectations/more.yaml")
        try assay.write(RunningService.orders + "  - {suite: more, schedule: manual}\n", to: "assay.yaml")
        service.signal(SIGHUP)
        try service.waitForLog("the project was read again")
        #expect(try assay("trigger", "more", "--wait").status == 0)
        #expect(try service.stop() == 0)
    }

    @Test func elsewhereThanHereItListensWithATokenOnly() throws {
        let assay = try assay()
        defer { assay.remove() }
        let open = try assay("serve", "--listen", "0.0.0.0:0")
        #expect(open.status == 2)
        #expect(
            open.errors == """
                error: others can reach 0.0.0.0, and no token is wanted of them [token-required]
                  hint: give the service a token, or listen on 127.0.0.1
                1 problem

                """)
    }

    @Test func aTakenAddressIsNamed() throws {
        let assay = try assay()
        defer { assay.remove() }
        let service = try RunningService(assay)
        defer { service.kill() }
        let second = try assay("serve", "--listen", "127.0.0.1:\(service.port)")
        #expect(second.status == 3 && second.errors.contains("127.0.0.1:\(service.port)"), "\(second.errors)")
    }
}
