import Expectations

/// What stands in a YAML or JSON file.
struct YAMLDocument {
    let source: SourceText
    /// `nil` where the file could not be read to its end.
    let root: YAMLNode?
    /// Scalars that the environment filled in, as they were written, by their places.
    let filled: [SourceMark: String]

    /// `problems` become those of the document.
    init(_ source: SourceText, environment: [String: String], problems: inout Problems) {
        var composer = YAMLComposer(source, environment: environment)
        var root: YAMLNode?
        do {
            root = try composer.compose()
        } catch {
            composer.problems.add(error)
        }
        problems = composer.problems
        self.source = source
        self.root = root
        filled = composer.filled
    }
}
