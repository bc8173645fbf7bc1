import Expectations
import Pipeline
import Suites
import Tables

/// Sees whether what options name was ever there: a misspelt rule must not look like one that nobody breaks.
struct SelectorCheck {
    private let selection: SelectorOptions
    private var rules: Set<String> = []
    private var files: Set<String> = []
    private static let mostFiles = 10_000

    init(_ selection: SelectorOptions) { self.selection = selection }

    /// Takes in the rules of a pipeline's gate, and those and the files that its quarantine has had.
    mutating func look(at quarantine: OpenQuarantine) throws {
        guard selection.rule != nil || selection.file != nil else { return }
        for expectation in quarantine.definition.silver.gate?.suite.expectations ?? [] {
            rules.formUnion([expectation.id, expectation.kind.name].compactMap(\.self))
        }
        try quarantine.forEach(QuarantineSelector(), .key) { record, _ in
            rules.formUnion(record.rules)
            if files.count < Self.mostFiles || record.file == selection.file { files.insert(record.file) }
        }
    }

    /// Errors: `UserMistake` for a rule that no gate has and no record broke, and for a file that no record is of.
    func refuseUnknown() throws(UserMistake) {
        if let rule = selection.rule, !rules.contains(rule) {
            let near = Suggestion.nearest(to: rule, among: rules.sorted()).map { "; did you mean \($0)?" } ?? ""
            throw UserMistake("no record ever broke a rule \"\(rule)\", and no gate has it\(near)\(known)")
        }
        if let file = selection.file, !files.contains(file) {
            let near = Suggestion.nearest(to: file, among: files.sorted()).map { "; did you mean \($0)?" } ?? ""
            throw UserMistake("no record of a file \"\(file)\" was ever kept apart\(near)")
        }
    }

    private var known: String {
        guard !rules.isEmpty else { return "" }
        let rest = rules.count > Self.mostNamed ? ", and \(rules.count - Self.mostNamed) more" : ""
        return "\n  hint: the rules are \(rules.sorted().prefix(Self.mostNamed).joined(separator: ", "))\(rest)"
    }

    /// So many rules are named.
    private static let mostNamed = 10
}
