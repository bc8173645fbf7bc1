import ArgumentParser
import Foundation
import Service
import Suites
import Transport

struct HealthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health",
        abstract: "Asks a running service whether it takes requests.",
        discussion: """
            For containers and scripts, which then need no other client. Where an address of this machine is asked by http and doesn't \
            understand, it is asked by TLS, whatever its certificate: one command does for a service with tls and without. Exit status: \
            0 it does; 3 it doesn't.
            """
    )

    @Option(
        help: ArgumentHelp(
            "What is asked. When absent, /readyz where the project's service.listen says, or 127.0.0.1:8080.",
            valueName: "address"))
    var url: String?

    @Option(help: ArgumentHelp("Seconds until it counts as an answer that never came.", valueName: "seconds"))
    var timeout = 5.0

    @Option(
        help: ArgumentHelp(
            "Certificates to trust instead of the system's, where the service has one of its own making.",
            valueName: "file"))
    var certificateAuthorities: String?

    @OptionGroup var project: ProjectOptions

    func validate() throws {
        guard timeout > 0, timeout <= 600 else {
            throw ValidationError("--timeout takes a number of seconds above 0 and up to 600")
        }
    }

    func run() async throws {
        let url = self.url ?? projectAddress
        let answer: HTTPResponse
        do throws(TransportError) {
            do throws(TransportError) { answer = try await ask(url) } catch {
                guard let secure = secureAddress(url), ["closed-early", "bad-answer"].contains(error.code) else {
                    throw error
                }
                answer = try await ask(secure, takesAnyCertificate: true)
            }
        } catch {
            Console.standardError("error: \(error.place): \(error.message) [\(error.code)]")
            throw ExitStatus.undecided.code
        }
        guard answer.isSuccess else {
            Console.standardError("error: it answered \(answer.status)")
            throw ExitStatus.undecided.code
        }
    }

    private func ask(_ url: String, takesAnyCertificate: Bool = false) async throws(TransportError) -> HTTPResponse {
        let sender = HTTPSender(
            version: Version.current, limits: TransferLimits(connectSeconds: timeout, totalSeconds: timeout),
            certificateAuthorities: certificateAuthorities, takesAnyCertificate: takesAnyCertificate)
        return try await sender.send(
            HTTPRequest(.get, url, addresses: .anywhere, responseLimit: 4_096, excess: .cut))
    }

    /// Where the service of the project here listens; the usual address where no project says so.
    ///
    /// What a project that can't be read as a whole would say isn't guessed: the service may be well all the same.
    private var projectAddress: String {
        let known = (try? project.read()).flatMap { BindAddress($0.service.listen) }.flatMap { $0.port > 0 ? $0 : nil }
        let address = known ?? BindAddress(host: "127.0.0.1", port: 8080)
        let host =
            switch address.host {
            case "0.0.0.0": "127.0.0.1"
            case "::": "[::1]"
            case let host: host.contains(":") ? "[\(host)]" : host
            }
        return "http://\(host):\(address.port)/readyz"
    }

    /// The same address by TLS; `nil` where it is not of this machine, or its certificate is to be looked at.
    private func secureAddress(_ url: String) -> String? {
        guard certificateAuthorities == nil, var address = URLComponents(string: url), address.scheme == "http",
            let host = address.host, BindAddress(host: host, port: 0).isLoopback
        else { return nil }
        address.scheme = "https"
        return address.string
    }
}
