import Expectations
import TestSupport
import Testing

@testable import Ledger

/// Incidents as lists show them, whatever the number of their alerts.
@Suite struct IncidentListingTests {
    private let scratch: Scratch
    private let ledger: Ledger

    init() throws {
        scratch = try Scratch()
        ledger = try Ledger(path: scratch.path())
    }

    private func alert(
        _ key: String, at position: Int, _ severity: Severity = .warning, _ phase: AlertRecord.Phase = .firing,
        firedAt: Int64? = 10
    ) -> AlertRecord {
        var alert = AlertRecord(
            key: key, type: "t", columns: [], position: position, severity: severity, sentence: key, counts: nil,
            since: 5)
        alert.phase = phase
        alert.firedAt = firedAt
        return alert
    }

    @discardableResult
    private func save(
        _ id: String, asset: String = "a", openedAt: Int64 = 10, severity: Severity = .warning, _ alerts: [AlertRecord]
    ) throws -> SubjectRecord {
        let subject = AlertSubject(asset: asset, suite: "s")
        let record = SubjectRecord(
            subject: subject, alerts: Dictionary(uniqueKeysWithValues: alerts.map { ($0.key, $0) }),
            incident: IncidentRecord(id: id, subject: subject, openedAt: openedAt, severity: severity))
        try ledger.transaction { try $0.saveAlerts(record, replacing: nil, run: nil) }
        return record
    }

    /// What an incident before it ended with is none of its own, and what fails comes first.
    @Test func alertsAreThoseOfTheIncident() throws {
        var flapping = alert("flapping", at: 0, .info, .ok, firedAt: 3)
        flapping.isFlapping = true
        let record = try save(
            "1a",
            [
                alert("before", at: 1, .critical, .ok, firedAt: 9), alert("over", at: 2, .critical, .ok), flapping,
                alert("pending", at: 3, .critical, .pending, firedAt: nil), alert("mild", at: 4, .info),
                alert("second", at: 6), alert("first", at: 5), alert("worst", at: 7, .critical),
            ])
        let keys = ["worst", "first", "second", "mild", "over", "flapping"]
        #expect(record.incidentAlerts.map(\.key) == keys)
        let listing = try #require(try ledger.incidentListings(limit: 9, alerts: 4).first)
        #expect(listing.alerts.map(\.key) == Array(keys.prefix(4)) && listing.alertCount == 6)
        #expect(listing.isFlapping && !listing.isMuted && listing.cause == nil)
        #expect(try ledger.alerts(ofIncident: "1a", after: 4, limit: 9)?.map(\.key) == Array(keys.suffix(2)))
        #expect(try ledger.alerts(ofIncident: "1b", after: 0, limit: 9) == nil)
        #expect(try ledger.incidentListing("1a", alerts: 4) == listing)
    }

    /// A cause may be known to one route, and another one have been told of what follows.
    @Test func whatSomebodyWasToldIsNotMuted() throws {
        try save("1a", asset: "bronze", severity: .critical, [alert("k", at: 0)])
        var told = alert("k", at: 0)
        told.mutedBy = "1a"
        told.tellings = ["ops": .init(severity: .warning, isFlapping: false, at: 12)]
        let record = try save("2b", asset: "silver", openedAt: 11, [told])
        #expect(!record.isMuted)
        let listing = try #require(try ledger.incidentListing("2b", alerts: 9))
        #expect(!listing.isMuted && listing.cause?.asset == "bronze")
    }

    /// What nobody is on comes first, however old it is.
    @Test func whatIsTakenCareOfComesBehindTheRest() throws {
        func save(
            _ id: String, _ severity: Severity, openedAt: Int64, mutedBy cause: String? = nil,
            _ change: (inout IncidentRecord) -> Void = { _ in }
        ) throws -> SubjectRecord {
            var failing = alert("k", at: 0, severity)
            failing.mutedBy = cause
            var record = try self.save(id, asset: id, openedAt: openedAt, severity: severity, [failing])
            let old = record
            if var incident = record.incident {
                change(&incident)
                record.incident = incident
            }
            try ledger.transaction { try $0.saveAlerts(record, replacing: old, run: nil) }
            return record
        }
        let mark = AlertMark(actor: "anna", at: 50)
        let records = [
            try save("0a", .critical, openedAt: 99) { $0.closedAt = 100 },
            try save("0b", .critical, openedAt: 90) { $0.snooze = mark },
            try save("0c", .critical, openedAt: 80, mutedBy: "0e"),
            try save("0d", .critical, openedAt: 70) { $0.acknowledgement = mark },
            try save("0e", .warning, openedAt: 60), try save("0f", .critical, openedAt: 10),
            try save("1a", .critical, openedAt: 20),
        ]
        let order = ["1a", "0f", "0e", "0d", "0c", "0b", "0a"]
        #expect(try ledger.incidentListings(limit: 9, alerts: 1).map(\.incident.id) == order)
        #expect(records.sorted { $0.comesBefore($1) }.compactMap(\.incident?.id) == order)
    }

    @Test func whatFollowsFromAnotherNamesItsAsset() throws {
        try save("1a", asset: "bronze", severity: .critical, [alert("k", at: 0)])
        var muted = alert("k", at: 0)
        muted.mutedBy = "1a"
        let record = try save(
            "2b", asset: "silver", openedAt: 11, [muted, alert("over", at: 1, .warning, .ok, firedAt: 12)])
        #expect(record.isMuted)
        let listings = try ledger.incidentListings(limit: 9, alerts: 9)
        #expect(listings.map(\.incident.id) == ["1a", "2b"])
        #expect(listings.map(\.isMuted) == [false, true])
        #expect(listings[1].cause == .init(incident: "1a", asset: "bronze"))
        #expect(try ledger.incidentListings(ofAsset: "bronze", limit: 9, alerts: 0).map(\.alerts.count) == [0])
        #expect(try ledger.incidentListings(limit: 1, alerts: 9).map(\.incident.id) == ["1a"])
        #expect(try ledger.unsettledIncidentCounts() == [.critical: 1, .warning: 1])
    }
}
