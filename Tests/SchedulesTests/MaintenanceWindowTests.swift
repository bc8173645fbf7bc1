import Schedules
import Testing

@Suite struct MaintenanceWindowTests {
    @Test func onceFromUntil() throws {
        let window = try MaintenanceWindow(.once(from: 100, until: 200), assets: ["*"])
        #expect([99, 100, 199, 200].map { window.contains($0) } == [false, true, true, false])
        #expect(window.end(at: 150) == 200)
    }

    @Test func againAndAgain() throws {
        let sundays = try Schedule(.cron(Cron("0 2 * * SUN")), zone: ScheduleZone("Europe/Berlin"))
        let window = try MaintenanceWindow(.recurring(sundays, length: 7_200_000_000), assets: ["*"])
        #expect(!window.contains(Times.at("2026-11-22T00:59:59Z")))
        #expect(window.contains(Times.at("2026-11-22T01:00Z")))
        #expect(window.contains(Times.at("2026-11-22T02:59:59.999999Z")))
        #expect(!window.contains(Times.at("2026-11-22T03:00Z")))
        #expect(window.end(at: Times.at("2026-11-22T02:00Z")) == Times.at("2026-11-22T03:00Z"))
        // At two on this day the clock shows three.
        #expect(window.end(at: Times.at("2026-03-29T01:00Z")) == Times.at("2026-03-29T03:00Z"))
    }

    @Test func namesAssetsByPatterns() throws {
        let window = try MaintenanceWindow(.once(from: 0, until: 1), assets: ["silver.*", "gold", "*_raw_*x"])
        let names = [
            "silver.events", "silver.", "silver", "gold", "gold.x", "a_raw_b_raw_x", "a_raw_xx", "a_raw_y", "",
        ]
        #expect(
            names.filter { window.covers(asset: $0) } == [
                "silver.events", "silver.", "gold", "a_raw_b_raw_x", "a_raw_xx",
            ])
        let stars = try MaintenanceWindow(.once(from: 0, until: 1), assets: [String(repeating: "*a", count: 200)])
        #expect(!stars.covers(asset: String(repeating: "a", count: 199)))
        #expect(try MaintenanceWindow(.once(from: 0, until: 1), assets: []).covers(asset: "gold") == false)
    }

    @Test func windowsThatAreNeverOpenAreRefused() throws {
        #expect(throws: ScheduleError.self) { try MaintenanceWindow(.once(from: 5, until: 5), assets: ["*"]) }
        #expect(throws: ScheduleError.self) { try MaintenanceWindow(.recurring(.hourly, length: 0), assets: ["*"]) }
        #expect(throws: ScheduleError.self) { try MaintenanceWindow(.recurring(.manual, length: 1), assets: ["*"]) }
    }
}
