import Expressions
import Ledger
import Pipeline
import Reports
import Suites
import Tables

/// Shows records without the values of columns that are tagged `pii`, and others as somebody may see them.
struct RecordMask {
    private let personal: Set<String>
    private let filtersPersonal: Bool
    /// Of columns that aren't personal.
    private let display: ValueDisplay

    /// Personal are the columns that the pipeline's suite and assets tag, and those that such a column is made of.
    init(_ definition: PipelineDefinition, of project: Project, others display: ValueDisplay = .shown) {
        self.display = display
        var personal = definition.silver.gate?.suite.personalColumns ?? []
        for place in definition.places {
            personal.formUnion(project.asset(named: place.name)?.personalColumns ?? [])
        }
        for column in definition.silver.select where personal.contains(column.name) {
            personal.formUnion(column.value.columns())
        }
        let direct = personal
        for column in definition.silver.select where column.value.columns().contains(where: direct.contains) {
            personal.insert(column.name)
        }
        self.personal = personal
        filtersPersonal =
            definition.silver.filter.map { $0.value.columns().contains(where: personal.contains) } ?? false
    }

    private init() { (personal, filtersPersonal, display) = ([], false, .shown) }

    /// Shows everything.
    static let nothing = RecordMask()

    var hidesSomething: Bool { !personal.isEmpty || display != .shown }

    /// What was wrong with a record, rule by rule.
    func errors(_ errors: JSON) -> JSON {
        guard hidesSomething, let items = errors.items else { return errors }
        return .array(items.map { error($0) })
    }

    private func error(_ error: JSON) -> JSON {
        let rule = error["rule"]?.string ?? ""
        let hidesMessage =
            rule.hasPrefix("select.")
            ? display != .shown || personal.contains(String(rule.dropFirst(7)))
            : rule == "filter" && (display != .shown || filtersPersonal)
        return .object(
            (error.members ?? []).compactMap { member in
                switch member.name {
                case "values" where display == .absent: nil
                case "values": JSON.Member(member.name, values(member.value))
                case "message" where hidesMessage:
                    JSON.Member(member.name, .string(Self.withoutQuotation(member.value.string ?? "")))
                default: member
                }
            })
    }

    /// A record's values by column.
    func values(_ values: JSON) -> JSON {
        guard hidesSomething, let members = values.members else { return values }
        return .object(
            members.map { member in
                let isMasked =
                    display != .shown || member.name == "_rescued" || personal.contains(member.name)
                    || personal.contains { $0.hasPrefix(member.name + ".") || member.name.hasPrefix($0 + ".") }
                return isMasked ? JSON.Member(member.name, Masking.mask(member.value)) : member
            })
    }

    /// The message without the value in quotes.
    private static func withoutQuotation(_ text: String) -> String {
        guard let first = text.firstIndex(of: "\""), let last = text.lastIndex(of: "\""), first < last else {
            return text
        }
        return text[...first] + Masking.mask(String(text[text.index(after: first)..<last])) + text[last...]
    }
}
