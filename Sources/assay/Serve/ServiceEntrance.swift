import Expectations
import Service
import Suites

/// How a project's service is reached: its address, and by which tokens and which certificate people get in.
///
/// It was read from the files that the project names, and found to be usable as far as that can be known without listening.
struct ServiceEntrance {
    let address: BindAddress
    let tokens: [AccessToken]
    let tls: ServerTLS?

    /// `listen` is an address in place of the project's.
    ///
    /// Throws everything that is wrong with it, each at its place in the project's file; and what the environment lacks for any part of the
    /// project, as a service needs all of it.
    init(of project: Project, listen: BindAddress?) throws(SuiteProblems) {
        let service = project.service
        let lacking = project.lacking
        var errors = lacking
        tokens = Self.tokens(of: project, &errors)
        tls = service.certificate.flatMap { Self.tls($0, &errors) }
        let address = listen ?? BindAddress(service.listen)
        // An address of the command line stands nowhere in the file.
        let place = listen == nil ? service.listenMark ?? service.mark : nil
        if let address, !address.isLoopback, tokens.isEmpty, lacking.isEmpty {
            errors.append(
                SuiteError(
                    code: "token-required",
                    message: "others can reach \(address.host), and no token is wanted of them", location: place,
                    hint: "give the service a token, or listen on 127.0.0.1"))
        }
        if address == nil {
            errors.append(
                SuiteError(
                    code: "unusable-address", message: "\"\(service.listen)\" is no address to listen on",
                    location: place,
                    hint: "write it as in 127.0.0.1:8080; ports go from 0 through 65535"))
        }
        guard let address, errors.isEmpty else { throw SuiteProblems(errors) }
        self.address = address
    }

    /// The tokens of the service, and those of pipelines' sources.
    private static func tokens(of project: Project, _ errors: inout [SuiteError]) -> [AccessToken] {
        var tokens: [AccessToken] = []
        for token in (try? project.service.tokens) ?? [] {
            guard let role = AccessRole(rawValue: token.role.rawValue),
                let made = AccessToken(
                    token.secret, role: role, pipelines: token.pipelines.map { Set($0) }, name: token.name)
            else { preconditionFailure("a project's tokens are long enough") }
            tokens.append(made)
        }
        for pipeline in project.pipelines {
            guard case .http(let source) = pipeline.source.kind, let secret = (try? source.token) ?? nil else {
                continue
            }
            guard let token = AccessToken(secret, pipelines: [pipeline.name]) else {
                errors.append(
                    SuiteError(
                        code: "bad-token", message: "the token of the pipeline \(pipeline.name) is too short",
                        location: pipeline.source.mark,
                        hint: "\(AccessToken.minimumLength) visible ASCII characters at least"))
                continue
            }
            tokens.append(token)
        }
        return tokens
    }

    private static func tls(
        _ certificate: ServiceDefinition.Certificate, _ errors: inout [SuiteError]
    ) -> ServerTLS? {
        do throws(ServiceError) {
            return try ServerTLS(certificate: certificate.chain, key: certificate.key)
        } catch {
            errors.append(
                SuiteError(
                    code: error.code, message: "\(error.place): \(error.message)",
                    location: error.place == certificate.key ? certificate.keyMark : certificate.chainMark,
                    hint: error.hint))
            return nil
        }
    }
}
