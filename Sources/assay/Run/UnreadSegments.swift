import Expectations
import Intake
import Pipeline
import Suites
import Tables

/// What a pipeline took over HTTP or through a pipe, and no batch has read, where its source is a folder now.
enum UnreadSegments {
    /// Errors: `source-changed`, where there is something: whoever sent it was told that it is in.
    static func refuse(_ definition: PipelineDefinition, _ state: PipelineState?) throws(PipelineError) {
        guard case .files = definition.source.kind else { return }
        var unread = SpoolSegments.found(in: definition.spoolFolder)
        guard !unread.isEmpty else { return }
        try state?.forEachSource { known in unread.removeAll { $0.isSegment(readAs: known) } }
        guard let first = unread.first else { return }
        let bytes = unread.reduce(Int64(0)) { $0 + $1.byteCount }
        throw PipelineError(
            .sourceChanged,
            "\(definition.name) has taken records that no batch has read: \(Wording.count(unread.count, "segment")), "
                + "\(bytes) bytes; and its source is a folder now",
            place: first.path,
            hint: "give it the source that it had, http: or stdin:, let assay run --once read them, "
                + "and change the source then")
    }
}

extension PipelineDefinition {
    /// Where its spool is, if its source has one.
    var spoolFolder: String { "\(state)/spool" }
}
