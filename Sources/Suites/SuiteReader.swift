import Expectations

/// Reads a suite in either spelling, or both mixed, and collects what is wrong.
struct SuiteReader {
    private let document: YAMLDocument
    var problems: Problems
    private(set) var name: String?
    private(set) var asset: String?
    private(set) var assetNode: YAMLNode?
    private(set) var description: String?
    private(set) var expectations: [Expectation] = []
    private(set) var personalColumns: Set<String> = []
    /// Fingerprints of the expectations that `type` in a column's contract made.
    private(set) var typedByContract: Set<String> = []
    /// Top-level `severity` and `result_format`, for expectations that don't say otherwise.
    private var defaults: [Argument.Member] = []

    init(_ document: YAMLDocument, problems: Problems) {
        self.document = document
        self.problems = problems
    }

    private static let nameKeys = ["suite", "name", "expectation_suite_name"]
    private static let keys =
        nameKeys + [
            "asset", "description", "columns", "schema", "freshness", "row_count", "unique", "expectations", "severity",
            "result_format", "meta",
        ]
    /// What Great Expectations writes into a suite file beside its name and expectations.
    private static let foreignKeys = [
        "id", "notes", "data_asset_type", "ge_cloud_id", "evaluation_parameters", "suite_parameters",
        "rendered_content",
    ]

    mutating func read(_ root: YAMLNode) {
        guard
            let mapping = MappingReader(
                root, "a suite", keys: Self.keys, tolerated: Self.foreignKeys, problems: &problems)
        else { return }
        readName(mapping)
        asset = mapping.text("asset", &problems)
        assetNode = mapping["asset"]
        if let node = mapping["description"] { description = node.text("description", &problems) }
        defaults = ["severity", "result_format"].compactMap { mapping.entry($0)?.argument }
        for entry in mapping.entries where !problems.isFull { read(entry) }
        if expectations.isEmpty, problems.count == 0 {
            let place = mapping.entry("expectations") ?? mapping.entry("columns")
            problems.add(
                "empty-suite", "the suite has no expectation, so it would check nothing",
                at: place?.mark ?? root.mark,
                hint: "add some under columns or expectations")
        }
        unifyDuplicates()
    }

    private mutating func readName(_ mapping: MappingReader) {
        let written = Self.nameKeys.compactMap { mapping.entry($0) }
        if let second = written.dropFirst().first {
            problems.add(
                "bad-value", "\(second.key) and \(written[0].key) both name the suite", at: second.mark,
                hint: "keep one of them")
        }
        guard let entry = written.first else { return }
        name = entry.value.text(entry.key, &problems)
        if name == "" { problems.add("bad-value", "\(entry.key) must not be empty", at: entry.value.mark) }
    }

    private mutating func read(_ entry: YAMLNode.Entry) {
        switch entry.key {
        case "columns": readColumns(entry)
        case "expectations":
            for draft in LongSpelling.drafts(entry.value, &problems) where !problems.isFull { _ = add(draft) }
        case "schema", "freshness", "row_count", "unique":
            for draft in TableContract.drafts(entry, &problems) { _ = add(draft) }
        default: break
        }
    }

    private mutating func readColumns(_ entry: YAMLNode.Entry) {
        guard !entry.value.isNull else { return }
        guard let columns = entry.value.entries else {
            problems.add(
                "bad-value", "columns must be a mapping of columns to contracts, got \(entry.value.found)",
                at: entry.value.mark)
            return
        }
        for column in columns where !problems.isFull {
            let contract = ColumnContract(column, &problems)
            if contract.isPersonal { personalColumns.insert(column.key) }
            for draft in contract.drafts {
                guard let expectation = add(draft) else { continue }
                if !expectation.declaredTypes.isEmpty { typedByContract.insert(expectation.fingerprint) }
            }
        }
    }

    private mutating func add(_ draft: Draft) -> Expectation? {
        let expectation = draft.expectation(defaults: defaults, in: document, problems: &problems)
        if let expectation { expectations.append(expectation) }
        return expectation
    }

    /// Of expectations equal in kind and arguments the first place is kept, with the sternest of what each says of failures and the
    /// fullest result.
    private mutating func unifyDuplicates() {
        var places: [String: Int] = [:]
        var kept: [Expectation] = []
        for expectation in expectations {
            guard let place = places[expectation.fingerprint] else {
                places[expectation.fingerprint] = kept.count
                kept.append(expectation)
                continue
            }
            if !kept[place].judgesSameRows(as: expectation) {
                problems.add(
                    "bad-value",
                    "\(expectation.kind.name) has the same row_condition as another one, in another dialect",
                    at: expectation.arguments.mark, hint: "write one of the conditions otherwise")
            }
            kept[place] = kept[place].united(with: expectation)
        }
        expectations = kept
    }
}
