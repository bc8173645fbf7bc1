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

    @Test func whatFollowsFromAnotherNamesItsAsset() throws {
        try save("1a", asset: "bronze", severity: .critical, [alert("k", at: 0)])
        var muted = alert("k", at: 0)
        muted.mutedBy = "1a"
        let record = try save(
            "2b", asset: "silver", openedAt: 11, [muted, alert("over", at: 1, .warning, .ok, firedAt: 12)])
        #expect(record.isMuted)
        let listings = try ledger.incidentListings(limit: 9, alerts: 9)
        #expect(listings.map(\.incident.id) == ["2b", "1a"])
        #expect(listings.map(\.isMuted) == [true, false])
        #expect(listings[0].cause == .init(incident: "1a", asset: "bronze"))
        #expect(try ledger.incidentListings(ofAsset: "bronze", limit: 9, alerts: 0).map(\.alerts.count) == [0])
        #expect(try ledger.incidentListings(limit: 1, alerts: 9).map(\.incident.id) == ["2b"])
        #expect(try ledger.unsettledIncidentCounts() == [.critical: 1, .warning: 1])
    }
}
