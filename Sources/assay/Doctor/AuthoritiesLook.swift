import Foundation
import Suites

/// A file of certificates that a project names to trust.
struct AuthoritiesFile {
    /// Whose it is, as in `data-team, slack`.
    let subject: String
    let path: String

    /// What is wrong with it, as far as it shows without a connection; `nil` where nothing is.
    var complaint: String? {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            return "the file of certificates to trust can't be read: \(path)"
        }
        return bytes.firstRange(of: Data("-----BEGIN ".utf8)) == nil
            ? "the file of certificates to trust has none in PEM: \(path)" : nil
    }
}

extension Project {
    /// Of its channels and its mail server, as far as the environment fills these in.
    var authoritiesFiles: [AuthoritiesFile] {
        let channels = alertRoutes.flatMap { route in
            ((try? route.channels) ?? []).compactMap { channel in
                channel.certificateAuthorities.map {
                    AuthoritiesFile(subject: "\(route.name), \(channel.name)", path: $0)
                }
            }
        }
        let server = ((try? mail) ?? nil)?.certificateAuthorities.map { AuthoritiesFile(subject: "mail", path: $0) }
        return channels + [server].compactMap(\.self)
    }
}

extension DoctorCheck {
    /// Whether files of certificates can be read, which a receiver that doesn't answer wouldn't tell.
    static let authorities = DoctorCheck(name: "certificates") { subject in
        guard let project = subject.project else { return [] }
        return project.authoritiesFiles.map { file in
            file.complaint.map {
                .problem(file.subject, "\($0) [bad-certificates]", "messages wait until it is there")
            } ?? .ok(file.subject, file.path)
        }
    }
}
