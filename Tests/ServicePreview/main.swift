import Foundation
import Ledger
import Service

// The service's server with made-up alerts and pipelines over a ledger of any size: to look at its pages, to measure it, and for
// programs that try its interface.
//
//     ServicePreview fill LEDGER [VALIDATIONS EXPECTATIONS RUNS]    writes runs, one an hour, up to the first hour of 2027
//     ServicePreview write LEDGER SECONDS                           records runs one after another, each in a transaction, for so long
//     ServicePreview serve LEDGER [PORT] [READ-TOKEN OPERATE-TOKEN] serves it, and says its port on standard output
let arguments = Array(CommandLine.arguments.dropFirst())

func stop(_ message: String) -> Never {
    FileHandle.standardError.write(Data((message + "\n").utf8))
    exit(2)
}

func now() -> Int64 { Int64(Date().timeIntervalSince1970 * 1e6) }

switch arguments.first {
case "fill" where arguments.count == 2 || arguments.count == 5:
    let numbers = arguments.dropFirst(2).compactMap { Int($0) }
    guard numbers.isEmpty || numbers.count == 3 && numbers.allSatisfy({ (1...100_000).contains($0) }) else {
        stop("three numbers are wanted, from 1 through 100000")
    }
    let year =
        numbers.isEmpty
        ? MadeUpYear() : MadeUpYear(validations: numbers[0], expectations: numbers[1], runs: numbers[2])
    try year.write(to: Ledger(path: arguments[1]))
case "write" where arguments.count == 3:
    guard let seconds = Int64(arguments[2]), (1...3_600).contains(seconds) else {
        stop("seconds are from 1 through 3600")
    }
    let ledger = try Ledger(path: arguments[1])
    let end = now() + seconds * 1_000_000
    var longest = Duration.zero
    var count = 0
    while now() < end {
        let run = MadeUpYear().run(count % 23, 8_760, id: "written-\(now())")
        longest = max(longest, try ContinuousClock().measure { try ledger.record(run) })
        count += 1
    }
    print("\(count) runs were recorded; the longest took \(longest)")
case "serve" where (2...5).contains(arguments.count):
    var desk = ServiceDesk(
        ledger: try Ledger(path: arguments[1]), metrics: ServiceMetrics(startedAt: now()), clock: now)
    let standIn = StandIn()
    desk.alerts = standIn
    desk.outbox = standIn
    desk.pipelines = standIn
    desk.triggers = standIn
    desk.reports = FileManager.default.temporaryDirectory.path
    desk.version = "preview"
    var offer = Server.Offer()
    offer.desk = desk
    if arguments.count == 5 {
        guard let read = AccessToken(arguments[3], role: .read), let operate = AccessToken(arguments[4], role: .operate)
        else { stop("a token has at least \(AccessToken.minimumLength) visible characters") }
        offer.tokens = [read, operate]
    }
    guard let port = Int(arguments.count > 2 ? arguments[2] : "0") else { stop("a port is a number") }
    let server = try Server(address: BindAddress(host: "127.0.0.1", port: port), offer: offer)
    try await server.run { port in FileHandle.standardOutput.write(Data("\(port)\n".utf8)) }
default:
    stop("usage: ServicePreview fill LEDGER [VALIDATIONS EXPECTATIONS RUNS]\n       ServicePreview serve LEDGER [PORT]")
}
