import Expectations
import Testing

@Suite("Great Expectations' own cases", .enabled(if: Corpora.areThere, Corpora.absence))
struct GXTests {
    @Test func areMetOrListedWithAReason() async throws {
        let cases = try GXCase.all()
        var unmet: [String: [String]] = [:]
        for test in cases {
            let verdict = GXVerdict(try await test.answer(), test)
            if !verdict.differences.isEmpty { unmet[test.id] = verdict.differences }
        }
        for (id, differences) in unmet.sorted(by: { $0.key < $1.key }) where GXUnmetCases.reasons[id] == nil {
            Issue.record("\(id): \(differences.joined(separator: "; "))")
        }
        for id in GXUnmetCases.reasons.keys.sorted() where unmet[id] == nil {
            Issue.record("\(id) is listed as unmet, but is met or not there any more")
        }
        let kinds = Set(cases.map(\.kind)).count
        let met = cases.count - unmet.count
        print("GX: \(cases.count) cases of \(kinds) kinds, \(met) met, \(GXUnmetCases.reasons.count) listed as unmet")
    }
}
