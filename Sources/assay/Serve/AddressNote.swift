import Foundation
import Service
import Tables

/// Where the service of a project listens, noted beside its store while it runs.
///
/// What the project says may be another address by now that no reload has brought about, or a port of 0, for any that is free. Several services
/// over one store have a note each. One that was killed leaves its note behind, which leads to where nobody answers.
struct AddressNote: Sendable {
    private let path: String

    /// `project` is the project's file.
    init(besideStore store: String, ofProject project: String) {
        let instance = URL(fileURLWithPath: project).standardizedFileURL.path
        path = "\(store).\(Hash128(instance).hexadecimal.prefix(8)).address"
    }

    /// `nil` where there is none.
    var address: BindAddress? { (try? String(contentsOfFile: path, encoding: .utf8)).flatMap { BindAddress($0) } }

    func write(_ address: BindAddress) throws {
        try Data(address.text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }
}
