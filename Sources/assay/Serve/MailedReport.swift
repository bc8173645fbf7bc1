import Foundation

/// A report's file, for mails that bring it along.
struct MailedReport {
    let bytes: [UInt8]

    /// Mails leave out what is larger.
    private static let largest = 8 << 20

    /// `nil` where there is none of that name, or it is too large.
    init?(named name: String, in folder: String) {
        guard !name.contains("/"), name != "..", name != "." else { return nil }
        let path = URL(fileURLWithPath: folder).appendingPathComponent(name).path
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
            let size = attributes[.size] as? Int, size <= Self.largest,
            let data = FileManager.default.contents(atPath: path)
        else { return nil }
        bytes = Array(data)
    }
}
