import Files
import Formats
import Intake
import Tables

/// A quarantined record as a line of JSON, to be read as it was read before.
struct ReplayLine {
    let text: String
    let form: ReplayOrder.Form

    /// `nil` for a record that can't be read as one, unless it is to be patched, for one of which there is only the beginning, and for
    /// one that JSON has no form for.
    init?(_ record: QuarantinedRecord, format: FileFormat?, isPatched: Bool) {
        guard !record.isCutShort else { return nil }
        let values = record.record.flatMap { JSON(text: $0) } ?? .object([])
        guard Self.isJSON(record, format) else {
            guard isPatched || !record.isMalformed, !Self.hasBytes(values) else { return nil }
            self.init(text: Self.flat(values).text(), form: .values)
            return
        }
        if record.isMalformed {
            guard isPatched else { return nil }
            self.init(text: Self.nested(values).text(), form: .raw)
        } else if let raw = record.raw {
            // In an array of objects a record may have several lines; within texts there is none.
            let isOneLine = !raw.utf8.contains { $0 == 0x0A || $0 == 0x0D }
            self.init(text: isOneLine ? raw : raw.replacing("\n", with: " ").replacing("\r", with: " "), form: .raw)
        } else {
            return nil
        }
    }

    private init(text: String, form: ReplayOrder.Form) {
        self.text = text
        self.form = form
    }

    private static func isJSON(_ record: QuarantinedRecord, _ format: FileFormat?) -> Bool {
        if let format { return format == .json }
        var parts = record.file.lowercased().split(separator: ".").map(String.init)
        if let last = parts.last, ["gz", "gzip", "zst", "zstd"].contains(last) { parts.removeLast() }
        if let last = parts.last, let known = FileFormat.allCases.first(where: { $0.extensions.contains(last) }) {
            return known == .json
        }
        return record.raw.flatMap { JSON(text: $0) }?.members != nil
    }

    /// Whether a value is bytes that are no text: JSON has none such, and another value would pass for it.
    private static func hasBytes(_ values: JSON) -> Bool {
        (values.members ?? []).contains { $0.name != RecordLineage.rescued.field.name && $0.value["base64"] != nil }
    }

    /// With what fitted none of the columns beside them, where it is found to fit none again.
    private static func flat(_ values: JSON) -> JSON {
        let members = values.members ?? []
        let own = members.filter { $0.name != RecordLineage.rescued.field.name }
        let names = Set(named: own.map(\.name))
        let rescued = values[RecordLineage.rescued.field.name]?.members ?? []
        let lineage = Set(RecordLineage.allCases.map(\.field.name))
        return .object(own + rescued.filter { !names.contains(column: $0.name) && !lineage.contains($0.name) })
    }

    /// Columns that are paths as the objects that they lead through.
    private static func nested(_ values: JSON) -> JSON {
        (values.members ?? []).reduce(.object([])) { object, member in
            member.name == RecordLineage.rescued.field.name
                ? object : object.setting(JSONPath.keys(member.name)[...], to: member.value)
        }
    }
}

extension ReplayOrder {
    /// How the batch's file is read, where the source's own are read like `intake`.
    func options(_ intake: IntakeOptions) -> IntakeOptions {
        var options = intake
        options.format = .json
        options.json.readsLines = true
        options.json.compression = Compression.none
        options.filesMayGrow = false
        // Whatever was accepted once is read again, though it takes more bytes as JSON.
        options.json.maximumRowBytes = max(options.json.maximumRowBytes, options.csv.maximumRowBytes) * 8
        if form == .values { options.json.missingValues = [] }
        return options
    }

    /// The columns as the batch's file names them: names of values are never paths.
    func names(_ kept: KeptSchema) -> KeptSchema {
        guard form == .values else { return kept }
        return kept.declared { JSONPath.name([$0]) }
    }
}
