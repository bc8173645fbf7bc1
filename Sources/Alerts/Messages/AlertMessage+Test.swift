import Expectations

extension AlertMessage {
    /// A message that only tries a route; the first and last of an incident of its own.
    public init(testOf route: String, id: String, at now: Int64) {
        self.init(
            id: id, incident: id, thread: id, sequence: 1, route: route, reason: .test, asset: "", suite: "",
            severity: .info,
            at: now, since: now, run: nil, report: nil, items: [])
    }
}
