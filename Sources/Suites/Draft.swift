import Expectations

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
        defaults: [Argument.Member], filled: [SourceMark: String], problems: inout Problems
    ) -> Expectation? {
        guard let kind = Catalogue.kind(named: kind) else {
            problems.add(refusal)
            return nil
        }
        let takes = Set(kind.parameters.map(\.name))
        let inherited = defaults.filter { !names($0.name) && takes.contains($0.name) }
        let arguments = Arguments(kind: kind.name, members + inherited, mark: mark)
        do {
            return try Expectation(kind: kind, arguments: arguments, isLenient: isLenient)
        } catch {
            let mask = EnvironmentMask(arguments, filled: filled)
            for error in error.errors { problems.add(mask.masked(error)) }
            return nil
        }
    }

    private var refusal: SuiteError {
        if ForeignKinds.names.contains(kind) {
            return SuiteError(
                code: "not-supported", message: "\(kind) is not supported by this version", location: mark,
                hint: "Great Expectations has it, Assay has not")
        }
        return SuiteError(
            code: "unknown-expectation", message: "there is no expectation \(quoted(kind))", location: mark,
            hint: Suggestion.nearest(to: kind, among: Catalogue.kinds.map(\.name)).map { "did you mean \($0)?" }
                ?? "assay kinds lists them all")
    }
}
