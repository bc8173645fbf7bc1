import Intake
import Tables

/// What a batch's records have that is none of the source's columns.
struct NewColumns {
    private let schema: KeptSchema?
    /// Of all files.
    private(set) var seen = SeenColumns()
    /// The plan's first file with a name that could be one of the source's columns, and what it has; before there is one, the file at hand.
    private var first: (file: Int, seen: SeenColumns)?
    private var isFound = false

    init(_ schema: KeptSchema?) { self.schema = schema }

    /// Takes in what was seen in the next rows of a file, by its place in the plan.
    mutating func take(_ columns: SeenColumns, of file: Int) {
        guard !columns.isEmpty else { return }
        seen.merge(columns)
        if first?.file != file {
            guard !isFound else { return }
            first = (file, SeenColumns())
        }
        first?.seen.merge(columns)
        if !isFound { isFound = change(in: "") != nil }
    }

    /// Why a source that may have no new columns has some; `nil` where it has none.
    func change(_ files: [IntakeFile]) -> SourceError? {
        first.flatMap { change(in: files[$0.file].name) }
    }

    private func change(in file: String) -> SourceError? {
        guard let schema, let first else { return nil }
        do throws(SourceError) {
            _ = try schema.evolving(with: first.seen, mode: .fail, file: file)
            return nil
        } catch { return error }
    }
}
