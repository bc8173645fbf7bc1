import ArgumentParser
import Foundation
import Transport

struct HealthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health",
        abstract: "Asks a running service whether it takes requests.",
        discussion: "For containers and scripts, which then need no other client. Exit status: 0 it does; 3 it doesn't."
    )

    @Option(help: ArgumentHelp("What is asked.", valueName: "address"))
    var url = "http://127.0.0.1:8080/readyz"

    @Option(help: ArgumentHelp("Seconds until it counts as an answer that never came.", valueName: "seconds"))
    var timeout = 5.0

    @Option(
        help: ArgumentHelp(
            "Certificates to trust instead of the system's, where the service has one of its own making.",
            valueName: "file"))
    var certificateAuthorities: String?

    func validate() throws {
        guard timeout > 0, timeout <= 600 else {
            throw ValidationError("--timeout takes a number of seconds above 0 and up to 600")
        }
    }

    func run() async throws {
        let limits = TransferLimits(connectSeconds: timeout, totalSeconds: timeout)
        let sender = HTTPSender(
            version: Version.current, limits: limits, certificateAuthorities: certificateAuthorities)
        let answer: HTTPResponse
        do throws(TransportError) {
            answer = try await sender.send(
                HTTPRequest(.get, url, addresses: .anywhere, responseLimit: 4_096, excess: .cut))
        } catch {
            Console.standardError("error: \(error.place): \(error.message) [\(error.code)]")
            throw ExitStatus.undecided.code
        }
        guard answer.isSuccess else {
            Console.standardError("error: it answered \(answer.status)")
            throw ExitStatus.undecided.code
        }
    }
}
