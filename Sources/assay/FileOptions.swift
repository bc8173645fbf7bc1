import ArgumentParser
import Formats
import Tables

/// How files named on the command line are written.
struct FileOptions: ParsableArguments {
    @Option(help: ArgumentHelp("What separates fields: one character, or tab.", valueName: "character"))
    var delimiter: String?

    @Flag(inversion: .prefixedNo, help: "Whether the first row holds the columns' names; found out when absent.")
    var header: Bool?

    @Option(
        help: ArgumentHelp(
            "A text that stands for a missing value, besides an empty field; may be given again.", valueName: "text"))
    var missing: [String] = []

    @Option(help: ArgumentHelp("The zone of times that name none, as in Europe/Berlin or +02:00.", valueName: "zone"))
    var timezone: String?

    /// A flag that was given, as it is written.
    var given: String? {
        if delimiter != nil { return "--delimiter" }
        if header != nil { return header == true ? "--header" : "--no-header" }
        if !missing.isEmpty { return "--missing" }
        return timezone == nil ? nil : "--timezone"
    }

    func validate() throws {
        _ = try separator()
        _ = try zone()
    }

    /// Sets what was given.
    func change(_ options: inout CSVOptions) throws {
        if let separator = try separator() { options.delimiter = separator }
        if let header { options.header = header ? .present : .absent }
        options.missingValues.formUnion(missing)
        if let zone = try zone() { options.timeZone = zone }
    }

    private func separator() throws -> UInt8? {
        guard let delimiter else { return nil }
        let text = ["tab", "\\t"].contains(delimiter) ? "\t" : delimiter
        guard text.utf8.count == 1, let byte = text.utf8.first, byte == 0x09 || (0x20..<0x7F).contains(byte) else {
            let shown = delimiter.unicodeScalars.map { $0.escaped(asASCII: false) }.joined()
            throw ValidationError(
                "--delimiter takes one ASCII character that can be printed, or the word tab, not \"\(shown)\"")
        }
        guard byte != CSVOptions().quote else {
            throw ValidationError("--delimiter takes another character than the one that quotes fields, \(text)")
        }
        return byte
    }

    private func zone() throws -> ZoneRule? {
        guard let timezone else { return nil }
        guard let zone = ZoneRule(timezone) else {
            throw ValidationError("--timezone: there is no time zone \"\(timezone)\"")
        }
        return zone
    }
}
