import Expectations
import Tables

/// An expectation as it was written, in whichever spelling, not yet checked.
struct Draft {
    let kind: String
    /// Where the name of the kind stands, or the key of the short spelling that stands for it.
    let mark: SourceMark
    var members: [Argument.Member]
    /// Whether bookkeeping of Great Expectations may stand among the arguments.
    var isLenient = false

    func names(_ name: String) -> Bool { members.contains { $0.name == name } }

    /// The expectation; `nil` where something is wrong with it, which is reported.
    func expectation(
        defaults: [Argument.Member], in document: YAMLDocument, problems: inout Problems
    ) -> Expectation? {
        guard let kind = Catalogue.kind(named: kind) else {
            problems.add(refusal(written: document.filled[mark]))
            return nil
        }
        let takes = Set(kind.parameters.map(\.name))
        let inherited = defaults.filter { !names($0.name) && takes.contains($0.name) }
        let arguments = Arguments(kind: kind.name, members + inherited, mark: mark)
        do {
            return try Expectation(kind: kind, arguments: arguments, isLenient: isLenient)
        } catch {
            let mask = EnvironmentMask(arguments, filled: document.filled)
            for error in error.errors { problems.add(mask.masked(moved(error, document.source))) }
            return nil
        }
    }

    /// A place inside of a condition, moved behind the quote that the condition begins with.
    private func moved(_ error: SuiteError, _ source: SourceText) -> SuiteError {
        guard let place = error.location, let start = members.first(where: { $0.name == "row_condition" })?.value.mark,
            error.message.hasPrefix("row_condition: "), place.line == start.line, source.beginsWithQuote(start)
        else { return error }
        let inside = SourceMark(file: place.file, line: place.line, column: place.column + 1)
        return SuiteError(code: error.code, message: error.message, location: inside, hint: error.hint)
    }

    /// `written`: the name as it was written, where the environment made it up.
    private func refusal(written: String?) -> SuiteError {
        if let written {
            return SuiteError(
                code: "unknown-expectation", message: "\(quoted(written)) gives no expectation's name", location: mark)
        }
        if ForeignKinds.names.contains(kind) {
            return SuiteError(
                code: "not-supported", message: "\(kind) is not supported by this version", location: mark,
                hint: "Great Expectations has it, Assay has not")
        }
        return SuiteError(
            code: "unknown-expectation", message: "there is no expectation \(quoted(kind))", location: mark,
            hint: Suggestion.nearest(to: kind, among: Catalogue.kinds.map(\.name)).map { "did you mean \($0)?" })
    }
}
