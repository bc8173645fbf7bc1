import Tables

/// On whose behalf a batch judges records again: the part of its plan that says so.
public struct ReplayOrder: Sendable, Hashable {
    /// How the records are written in the batch's file.
    enum Form: String, Sendable, Hashable {
        /// As the source has them.
        case raw
        /// As objects of the values that were read.
        case values
    }

    /// The request that it is part of.
    let request: Int
    let form: Form
    let actor: String
    let reason: String
    let time: Int64
    /// Where the request goes on when the batch is prepared.
    let next: QuarantineTable.Place
    /// Records before that place that stay as they are.
    let stayed: Int

    var json: JSON {
        .object([
            JSON.Member("request", .integer(request)), JSON.Member("form", .string(form.rawValue)),
            JSON.Member("actor", .string(actor)), JSON.Member("reason", .string(reason)),
            JSON.Member("time", .integer(time)), JSON.Member("next_batch", .integer(next.ordinal)),
            JSON.Member("next_row", .integer(next.row)), JSON.Member("stayed", .integer(stayed)),
        ])
    }

    init?(json: JSON) {
        guard let request = json["request"]?.integer, let form = json["form"]?.string.flatMap(Form.init),
            let actor = json["actor"]?.string, let reason = json["reason"]?.string, let time = json["time"]?.integer,
            let ordinal = json["next_batch"]?.integer, let row = json["next_row"]?.integer,
            let stayed = json["stayed"]?.integer
        else { return nil }
        self.init(
            request: Int(request), form: form, actor: actor, reason: reason, time: time,
            next: QuarantineTable.Place(ordinal: Int(ordinal), row: Int(row)), stayed: Int(stayed))
    }

    init(
        request: Int, form: Form, actor: String, reason: String, time: Int64, next: QuarantineTable.Place, stayed: Int
    ) {
        self.request = request
        self.form = form
        self.actor = actor
        self.reason = reason
        self.time = time
        self.next = next
        self.stayed = stayed
    }
}

extension BatchPlan {
    /// What the batch says of the judgements that it takes up again, given what became of the records.
    ///
    /// A record that can't go on even so wasn't released: it was judged again.
    func resolutions(_ fates: RecordFates) -> [Resolution] {
        guard let order else { return [] }
        return zip(replayed, fates.all).map { record, fate in
            Resolution(
                id: record.id, attempt: record.attempt,
                status: kind == .release && fate != .quarantined ? .released : .replayed, actor: order.actor,
                reason: order.reason, time: order.time, fate: fate)
        }
    }
}
