import Foundation
import Suites
import Transport

extension DoctorCheck {
    /// Whether those who are told of alerts can be reached: names resolve, connections open, certificates hold.
    ///
    /// What the environment lacks for some of them is a mistake in the project, and told there.
    static let receivers = DoctorCheck(name: "receivers") { subject in
        guard let project = subject.project else { return [] }
        let sender = HTTPSender(version: Version.current, limits: TransferLimits(connectSeconds: 5, totalSeconds: 8))
        var findings: [DoctorFinding] = []
        for route in project.alertRoutes {
            for channel in (try? route.channels) ?? [] {
                guard let url = channel.kind.url else { continue }
                let subject = "\(route.name), \(channel.name)"
                let addresses = channel.allowsPrivateAddresses ? AddressPolicy.anywhere : .publicOnly
                findings.append(await look(sender, subject, url, addresses, channel.certificateAuthorities))
            }
        }
        if case .http(let url, _, let allowsPrivate)? = ((try? project.service.lineage) ?? nil)?.target {
            findings.append(await look(sender, "lineage", url, allowsPrivate ? .anywhere : .publicOnly, nil))
        }
        return findings
    }

    private static func look(
        _ sender: HTTPSender, _ subject: String, _ url: String, _ addresses: AddressPolicy, _ authorities: String?
    ) async -> DoctorFinding {
        do throws(TransportError) {
            try await sender.connect(to: url, addresses: addresses, trusting: authorities)
            return .ok(subject, url.hasPrefix("https:") ? "reached, and its certificate holds" : "reached, without TLS")
        } catch {
            return .problem(subject, "\(error.place): \(error.message) [\(error.code)]", error.hint)
        }
    }

    /// Whether the mail server takes user and password; no mail is sent.
    static let mailServer = DoctorCheck(name: "mail") { subject in
        guard let server = (try? subject.project?.mail) ?? nil else { return [] }
        let place = "\(server.host):\(server.port)"
        let security: MailSender.Security =
            switch server.security {
            case .starttls: .starttls
            case .tls: .tls
            case .none: .none
            }
        do throws(TransportError) {
            let sender = try MailSender(
                host: server.host, port: server.port, security: security, user: server.user, password: server.password,
                certificateAuthorities: server.certificateAuthorities,
                limits: TransferLimits(connectSeconds: 5, totalSeconds: 8))
            try await sender.greet()
        } catch {
            return [.problem(place, "\(error.message) [\(error.code)]", error.hint)]
        }
        let words = server.user == nil ? "reached" : "reached, and it takes user and password"
        return [
            security == .none
                ? .warning(place, words + ", in the clear", "set security to starttls or tls") : .ok(place, words)
        ]
    }
}

extension AlertChannel.Kind {
    /// Where its requests go; `nil` for mails.
    fileprivate var url: String? {
        switch self {
        case .webhook(let url, _, _), .slack(let url), .teams(let url), .googleChat(let url), .discord(let url),
            .pagerDuty(let url, _), .opsgenie(let url, _):
            url
        case .email: nil
        }
    }
}
