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
            """
            What is asked. When absent, /readyz where the project's service listens: as it noted itself, else as service.listen says; \
            127.0.0.1:8080 where there is no project.
            """, valueName: "address"))
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
        let url = try self.url ?? projectAddress()
        let answer: HTTPResponse
        do throws(TransportError) {
            do throws(TransportError) { answer = try await ask(url) } catch {
                guard let secure = secureAddress(url), ["closed-early", "bad-answer"].contains(error.code) else {
                    throw error
                }
                answer = try await ask(secure, takesAnyCertificate: true)
            }
        } catch {
            // What is no address has no place.
            Console.complain("\(error.place.isEmpty ? url : error.place): \(error.message) [\(error.code)]")
            throw ExitStatus.undecided.code
        }
        guard answer.isSuccess else {
            Console.complain("it answered \(answer.status)")
            throw ExitStatus.undecided.code
        }
    }

    private func ask(_ url: String, takesAnyCertificate: Bool = false) async throws(TransportError) -> HTTPResponse {
        let sender = HTTPSender(
            version: Version.current, limits: TransferLimits(connectSeconds: timeout, totalSeconds: timeout),
            certificateAuthorities: certificateAuthorities, takesAnyCertificate: takesAnyCertificate)
        return try await sender.send(
            HTTPRequest(.get, url, addresses: .anywhere, responseLimit: 4_096, extent: .head))
    }

    /// Where the service of the project here listens: as it noted itself, else as the project says; the usual address where there is no project.
    ///
    /// Mistakes elsewhere in the project don't matter: the service may be well all the same. What can't be read isn't guessed.
    private func projectAddress() throws -> String {
        guard FileManager.default.fileExists(atPath: project.file) else { return Self.readiness(Self.usual) }
        let place = ServicePlace(ofProject: project.file, environment: ProcessInfo.processInfo.environment)
        let noted = place.flatMap { AddressNote(besideStore: $0.store, ofProject: project.file).address }
        let written = place?.listen.flatMap { BindAddress($0) }.flatMap { $0.port > 0 ? $0 : nil }
        guard let address = noted ?? written else {
            Console.complain(
                "\(project.file) doesn't say where its service listens", hint: "name what is to be asked: --url")
            throw ExitStatus.undecided.code
        }
        return Self.readiness(address)
    }

    private static let usual = BindAddress(host: "127.0.0.1", port: 8080)

    private static func readiness(_ address: BindAddress) -> String { "http://\(address.fromHere.text)/readyz" }

    /// The same address by TLS; `nil` where it is not of this machine, or its certificate is to be looked at.
    private func secureAddress(_ url: String) -> String? {
        guard certificateAuthorities == nil, var address = URLComponents(string: url), address.scheme == "http",
            let host = address.host, BindAddress(host: host, port: 0).isLoopback
        else { return nil }
        address.scheme = "https"
        return address.string
    }
}
