public import Expectations
public import Tables

/// The expectations of one file, checked and ready for any table.
public struct Suite: Sendable {
    /// As `suite`, `name` or `expectation_suite_name` say; the file's own name where none of them does.
    public let name: String
    /// The asset that it is about, where it names one.
    public let asset: String?
    public let description: String?
    /// In the order of the file; never empty, and no two are equal in kind and arguments.
    public let expectations: [Expectation]
    /// Types of columns, for files that have none of their own; what `columns` says goes before other declarations.
    public let declaredTypes: [ColumnName: TypeName]
    /// Columns tagged `pii`: their values are masked in whatever is shown.
    public let personalColumns: Set<String>
    /// The path that it was read from, as it was given.
    public let file: String
    /// The same for suites with equal expectations, whatever their spelling and order.
    public let fingerprint: String
    /// Where the asset is named.
    let assetMark: SourceMark?
    /// The asset in quotes, as it was written.
    let shownAsset: String

    /// Reads a suite from a YAML or JSON file.
    ///
    /// Throws everything that is wrong with it at once, sorted by place. `environment` is where `${VAR}` is looked up.
    public static func load(path: String, environment: [String: String]) throws(SuiteProblems) -> Suite {
        let source: SourceText
        do { source = try SourceFile.read(path) } catch { throw SuiteProblems([error]) }
        return try Suite(source, environment: environment)
    }

    /// Reads a suite from a text; `file` is what messages call it.
    public static func parse(
        text: String, file: String, environment: [String: String] = [:]
    ) throws(SuiteProblems) -> Suite {
        try Suite(SourceText(file: file, text: text), environment: environment)
    }

    private init(_ source: SourceText, environment: [String: String]) throws(SuiteProblems) {
        var problems = Problems()
        let document = YAMLDocument(source, environment: environment, problems: &problems)
        guard let root = document.root else { throw problems.sorted ?? SuiteProblems([]) }
        var reader = SuiteReader(document, problems: problems)
        reader.read(root)
        if let problems = reader.problems.sorted { throw problems }
        name = reader.name ?? Self.stem(of: source.file)
        asset = reader.asset
        assetMark = reader.assetNode?.mark
        shownAsset = reader.assetNode?.quotedText ?? ""
        description = reader.description
        expectations = reader.expectations
        personalColumns = reader.personalColumns
        file = source.file
        let first = reader.expectations.filter { reader.typedByContract.contains($0.fingerprint) }
        declaredTypes = (first + reader.expectations).reduce(into: [:]) { types, expectation in
            types.merge(expectation.declaredTypes) { kept, _ in kept }
        }
        let fingerprints = Set(reader.expectations.map(\.fingerprint)).sorted().joined(separator: "\n")
        fingerprint = Hash128(fingerprints).hexadecimal
    }

    /// `orders` for `expectations/orders.yaml`.
    private static func stem(of file: String) -> String {
        let last = file.split(separator: "/").last.map(String.init) ?? file
        guard let point = last.lastIndex(of: "."), point > last.startIndex else { return last }
        return String(last[..<point])
    }
}
