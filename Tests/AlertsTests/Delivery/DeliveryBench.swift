import Expectations
import Foundation
import Ledger
import Suites
import Synchronization
import Tables
import Transport

@testable import Alerts

/// An outbox of its own, and receivers that answer as a test says.
final class DeliveryBench: Sendable {
    /// What a receiver got, and what it answers.
    struct Call: Sendable {
        /// Its place among all, from 1.
        let number: Int
        let url: String
        let key: String
        /// How often this key came, with this time.
        let times: Int
    }

    typealias Answer = @Sendable (Call) async throws(TransportError) -> HTTPResponse

    static let start = ChannelSamples.at
    static let second: Int64 = 1_000_000
    static let hour: Int64 = 3_600_000_000

    let folder: URL
    let ledger: Ledger
    private let calls = Mutex<[Call]>([])
    private let told = Mutex<[DeliveryEvent]>([])
    private let answer: Answer

    init(_ answer: @escaping Answer = { _ in HTTPResponse(status: 200) }) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "assay-delivery-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        ledger = try Ledger(path: folder.appending(path: "ledger.sqlite").path)
        self.answer = answer
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    var received: [Call] { calls.withLock { $0 } }
    var keys: [String] { received.map(\.key) }
    var events: [DeliveryEvent] { told.withLock { $0 } }
    var kinds: [DeliveryEvent.Kind] { events.map(\.kind) }

    /// A route with one webhook a URL; the first is `https://a/`.
    static func route(_ urls: [String] = ["https://a/"], limit: AlertRoute.RateLimit? = nil) -> AlertRoute {
        AlertRoute(
            name: "team",
            channels: urls.map {
                AlertChannel(kind: .webhook(url: $0, secret: nil, headers: []), allowsPrivateAddresses: true)
            }, atOrAbove: .warning, remindEvery: nil, rateLimit: limit, links: nil,
            mark: SourceMark(file: "assay.yaml", line: 1, column: 1))
    }

    /// A message to a receiver of a route, by its place among them.
    func put(
        _ incident: String, _ sequence: Int, _ reason: AlertMessage.Reason? = nil, to place: Int = 0,
        of route: AlertRoute = route(), at time: Int64 = start
    ) throws {
        let receiver = try route.receivers[place]
        let message = ChannelSamples.message(
            reason ?? (sequence == 1 ? .firing : .reminder), sequence: sequence, id: "\(incident).\(sequence)",
            incident: incident)
        try ledger.transaction { transaction in
            try transaction.enqueue(
                OutboxEntry(
                    id: "\(incident).\(sequence)/\(place)", route: route.name, channel: receiver.key,
                    channelName: receiver.channel.name, incident: incident, sequence: sequence,
                    message: message.json.text(), createdAt: time))
        }
    }

    /// The outbox's channel of the first receiver.
    static let channel = OutboxChannel(route: "team", channel: (try? route().receivers[0].key) ?? "", name: "webhook")

    func deliverer(
        _ routes: [AlertRoute] = [route()], holder: String = "me", ledger: Ledger? = nil, lanes: Int = 4,
        hold: Int64 = 300_000_000, senders: Courier.Senders? = nil, mail: MailServer? = nil
    ) -> Deliverer {
        Deliverer(
            ledger: ledger ?? self.ledger, routes: routes,
            courier: Courier(senders: senders ?? self.senders, mail: mail), holder: holder,
            settings: .init(lanes: lanes, hold: hold)
        ) { [weak self] event in self?.told.withLock { $0.append(event) } }
    }

    private var senders: Courier.Senders {
        Courier.Senders(
            request: { [weak self] request async throws(TransportError) in
                guard let self else { return HTTPResponse(status: 500) }
                let key = request.headers.first { $0.name == "Idempotency-Key" }?.value ?? ""
                let call = calls.withLock { calls in
                    let call = Call(
                        number: calls.count + 1, url: request.url, key: key, times: calls.count { $0.key == key } + 1)
                    calls.append(call)
                    return call
                }
                return try await answer(call)
            }, mail: { _, _ throws(TransportError) in throw Self.unreachable })
    }

    static let unreachable = TransportError(
        code: "unreachable", message: "nobody answers there", place: "a:443", mayHelpToRetry: true)
}
