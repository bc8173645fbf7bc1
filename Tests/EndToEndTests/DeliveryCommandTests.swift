import Foundation
import Tables
import TestServers
import Testing

/// What becomes of messages, with a receiver on this machine.
@Suite(.enabled(if: TestServer.isThere, Comment(rawValue: TestServer.absence)))
struct DeliveryCommandTests {
    let assay: Assay
    let server: TestServer

    init() throws {
        assay = try Assay()
        server = try TestServer.http()
        try assay.write(
            """
            suite: orders
            asset: orders
            columns:
              amount: {type: int64, between: [0, 100]}
            """, to: "expectations/orders.yaml")
        try assay.write("amount\n700\n", to: "orders.csv")
    }

    private func project(_ paths: String...) throws {
        let hooks = paths.map { path in
            "{url: \"http://127.0.0.1:\(server.port)/\(path)\", secret: hidden-secret, allow_private: true}"
        }
        try assay.write(
            """
            assets:
              orders: {csv: orders.csv}
            validations:
              - {suite: orders, alerts: [team]}
            alerts:
              team: {webhook: [\(hooks.joined(separator: ", "))]}
            """, to: "assay.yaml")
    }

    @Test func aRefusedMessageIsShownAndSentAgain() throws {
        defer { assay.remove() }
        try project("first/400,200/hidden-path")
        _ = try assay("validate", "--alert")
        let dead = try assay("alerts", "dead")
        #expect(dead.status == 0 && dead.output.contains("team, webhook"), "\(dead.errors)")
        #expect(dead.output.contains("the message is not accepted (400): said 400 [rejected]"))
        let json = try #require(JSON(text: try assay("alerts", "dead", "--format", "json").output))
        let letter = try #require(json["dead"]?.items?.first)
        let id = try #require(letter["id"]?.string)
        #expect(letter["code"]?.string == "rejected" && letter["attempts"]?.integer == 1)

        let unknown = try assay("alerts", "retry", "nobody/0")
        #expect(unknown.status == 2 && unknown.errors.contains("[unknown-message]"))
        #expect(try assay("alerts", "retry").status == 2)
        let retried = try assay("alerts", "retry", id)
        #expect(retried.output == "1 message waits to be sent again\n")
        #expect(try assay("alerts", "dead").output == "no message was given up\n")
        _ = try assay("validate", "--alert")
        let received = try server.received()
        #expect(received.count == 2)
        #expect(Set(received.map { $0["headers"]?["idempotency-key"]?.string }) == [id])
    }

    @Test func whatIsOverIsNotSentAgain() throws {
        defer { assay.remove() }
        try project("first/400,200")
        _ = try assay("validate", "--alert")
        try assay.write("amount\n70\n", to: "orders.csv")
        _ = try assay("validate", "--alert")
        let dead = try assay("alerts", "dead")
        #expect(dead.output.contains("  team, webhook, superseded\n"), "\(dead.output)\(dead.errors)")
        let json = try #require(JSON(text: try assay("alerts", "dead", "--format", "json").output))
        let letter = try #require(json["dead"]?.items?.first)
        #expect(letter["superseded"] == .boolean(true))
        let id = try #require(letter["id"]?.string)
        let refused = try assay("alerts", "retry", id)
        #expect(
            refused.status == 2
                && refused.errors == """
                    error: \(id): the receiver has had a later message of the incident [superseded-message]
                      hint: 'assay alerts show' tells how the incident stands

                    """
        )
        let all = try assay("alerts", "retry", "--all")
        #expect(all.status == 0 && all.output == "0 messages wait to be sent again, 1 superseded\n")
    }

    @Test func aRouteIsTried() throws {
        defer { assay.remove() }
        try project("ok")
        let good = try assay("alerts", "test", "team")
        #expect(good.status == 0 && good.output == "webhook: taken: 200 ok\n", "\(good.errors)")
        #expect(try server.received().first?["headers"]?["x-assay-event"]?.string == "test")

        try project("ok", "echo/500/hidden-path", "redirect")
        let bad = try assay("alerts", "test", "team")
        #expect(bad.status == 3)
        let lines = bad.output.split(separator: "\n")
        #expect(lines.first == "webhook 1: taken: 200 ok")
        #expect(lines.dropFirst().first?.hasPrefix("webhook 2: not taken: the receiver failed (500): ") == true)
        #expect(
            lines.last?.hasPrefix("webhook 3: ") == true)
        #expect(
            lines.last?.hasSuffix("it answered 302 and points elsewhere, which is not followed [redirected]") == true)
        #expect(!(bad.output + bad.errors).contains("hidden"))

        let none = try assay("alerts", "test", "nobody")
        #expect(none.status == 2 && none.errors.contains("the project has no route \"nobody\" [unknown-route]"))
        #expect(none.errors.contains("it has team"))
    }
}
