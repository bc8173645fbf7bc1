import ArgumentParser
import Expectations
import Tables

struct KindsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kinds", abstract: "Lists the kinds of expectations, or tells all about one.")

    @ArgumentParser.Argument(help: "A kind's name.")
    var name: String?

    func run() throws {
        guard let name else {
            Console.standardOutput(list())
            return
        }
        guard let kind = Catalogue.kind(named: name) else {
            let near = Suggestion.nearest(to: name, among: Catalogue.kinds.map(\.name))
            throw UserMistake("there is no kind \"\(name)\"" + (near.map { "; did you mean \($0)?" } ?? ""))
        }
        Console.standardOutput(page(kind))
    }

    private func list() -> String {
        let width = Catalogue.kinds.map(\.name.count).max() ?? 0
        return ExpectationKind.Family.allCases.map { family in
            let kinds = Catalogue.kinds.filter { $0.family == family }
            let lines = kinds.map { kind in
                "  \(kind.name)\(String(repeating: " ", count: width - kind.name.count))  \(kind.summary)"
            }
            return "\(family.rawValue)\n\(lines.joined(separator: "\n"))\n"
        }.joined(separator: "\n")
    }

    private func page(_ kind: ExpectationKind) -> String {
        let width = kind.parameters.map(\.name.count).max() ?? 0
        let parameters = kind.parameters.map { parameter in
            let name = parameter.name + String(repeating: " ", count: width - parameter.name.count)
            return "  \(name)  \(parameter.summary)\(parameter.isRequired ? " (required)" : "")"
        }
        return """
            \(kind.name)
            \(kind.summary)

            \(kind.details)

            arguments
            \(parameters.joined(separator: "\n"))
            """
    }
}
