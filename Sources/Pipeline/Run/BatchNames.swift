import Intake
import Tables

/// What the beginnings of a batch's files tell of names: which wanted columns nobody has had, which files have nothing in common with
/// those before, and which names can be no columns.
struct BatchNames {
    /// Columns that something reads and no record has had: they are missing in all of them.
    let neverHad: [String]
    /// The same of columns that are declared, and that nothing else is known of.
    private let neverHadDeclared: [String]
    /// Of both, those that are told of whatever others are called.
    private let always: Set<ColumnName>
    /// The source's, and those of the files.
    private let had: [String]
    /// Files without any column that the source had, and their own ones.
    private let strangers: [(file: String, columns: [String])]
    private let refused: [KeptSchema.Refusal]

    /// - known: the columns before the batch; `nil` where there were none.
    /// - looks: what was seen of each file, by its name.
    /// - always: columns that records are sure to be meant to have; of others it is told where one of nearly the same name is there.
    init(
        known: KeptSchema?, looks: [(file: String, columns: SeenColumns)], awaited: [String], declared: [String],
        always: [String], refused: [KeptSchema.Refusal]
    ) {
        let files = looks.map { (file: $0.file, columns: $0.columns.columns.map(\.name)) }.filter {
            !$0.columns.isEmpty
        }
        let before = known?.columns.map(\.name) ?? []
        had = before + files.flatMap(\.columns)
        let names = Set(named: had)
        neverHad = awaited.filter { !names.contains(column: $0) }
        let told = Set(named: neverHad)
        neverHadDeclared =
            files.isEmpty
            ? [] : declared.filter { !names.contains(column: $0) && !told.contains(column: $0) }
        let source = Set(named: before)
        strangers = source.isEmpty ? [] : files.filter { source.isDisjoint(with: Set(named: $0.columns)) }
        self.refused = refused
        self.always = Set(named: always)
    }

    /// What to tell people.
    var notes: [ArrivalNote] {
        missing(neverHad, "which the stages read") + missing(neverHadDeclared, "which is declared")
            + strangers.map { file, columns in
                let own = Self.listed(columns)
                return ArrivalNote("\(file) has none of the columns that the source had before, but \(own)", about: own)
            } + refusals
    }

    private func missing(_ columns: [String], _ reason: String) -> [ArrivalNote] {
        columns.compactMap { name in
            let near = Suggestion.nearest(to: name, among: had).map { "; did you mean \"\($0)\"?" }
            guard near != nil || always.contains(column: name) else { return nil }
            return ArrivalNote(
                "no record has had the column \"\(name)\", \(reason): it is missing in all of them\(near ?? "")")
        }
    }

    private var refusals: [ArrivalNote] {
        Dictionary(grouping: refused, by: \.reason).sorted { $0.key.rawValue < $1.key.rawValue }.map {
            reason, refused in
            var seen: Set<ColumnName> = []
            let names = refused.map(\.name).filter { seen.insert(ColumnName($0)).inserted }
            return ArrivalNote("values of \(Self.listed(names)) are rescued: \(Self.words(reason))")
        }
    }

    private static func words(_ reason: KeptSchema.Refusal.Reason) -> String {
        switch reason {
        case .caseOnly: "such names differ from other columns' in nothing but case"
        case .reserved: "every row has a column of such a name"
        case .empty: "a column needs a name"
        case .long: "names of columns have 255 bytes at most"
        case .nul: "other readers take no name with a NUL in it"
        case .tooMany: "the source has \(KeptSchema.mostColumns) columns already"
        }
    }

    private static func listed(_ names: [String]) -> String {
        names.prefix(5).map { JSON.string($0).text() }.joined(separator: ", ")
            + (names.count > 5 ? " and \(names.count - 5) more" : "")
    }
}
