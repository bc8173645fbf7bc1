import ArgumentParser
import Expectations
import Foundation
import Service
import Suites
import Tables

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Looks whether everything that Assay needs is there and works.",
        discussion: """
            Changes nothing and sends nothing, unless --send asks for a message to every route. Exit status: 0 nothing is wrong, though \
            there may be warnings; 1 something doesn't work; 3 something could not be found out.
            """)

    @OptionGroup var project: ProjectOptions

    @Flag(help: "Sends a message to every route of alerts, to see that it arrives.")
    var send = false

    @Option(help: "How it is printed: text or json.")
    var format = Format.text

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    func run() async throws {
        let subject = subject()
        // Secrets may stand in what another machine says.
        let secrets = subject.project.map { Secrets(of: $0) } ?? Secrets()
        var all: [(check: String, finding: DoctorFinding)] = []
        for check in DoctorCheck.all {
            for finding in await check.examine(subject) {
                let finding = finding.hiding(secrets)
                all.append((check.name, finding))
                if format == .text { Console.standardOutput(Self.line(check.name, finding)) }
            }
        }
        if format == .json { Console.standardOutput(Self.json(all).text(isIndented: true)) }
        let levels = all.map(\.finding.level)
        if levels.contains(.unknown) { throw ExitStatus.undecided.code }
        if levels.contains(.problem) { throw ExitStatus.failed.code }
    }

    private func subject() -> DoctorSubject {
        let environment = ProcessInfo.processInfo.environment
        do {
            let known = try Project.load(path: project.file, environment: environment)
            try known.checkSuites()
            return DoctorSubject(
                file: project.file, project: known, problems: nil, sends: send, environment: environment)
        } catch {
            return DoctorSubject(
                file: project.file, project: nil, problems: error, sends: send, environment: environment)
        }
    }

    private static func line(_ check: String, _ finding: DoctorFinding) -> String {
        let paint = Paint(isOn: Console.usesColors(isTerminal: Console.outputIsTerminal))
        let word =
            switch finding.level {
            case .ok: paint.green("ok     ")
            case .warning: paint.yellow("warning")
            case .problem: paint.red("problem")
            case .unknown: paint.magenta("unknown")
            }
        let name = check + String(repeating: " ", count: max(0, 12 - check.count))
        let words = "\(finding.subject): \(finding.message)" + (finding.advice.map { "; \($0)" } ?? "")
        return "\(word)  \(name)  \(Diagnostics.neutral(words))"
    }

    private static func json(_ findings: [(check: String, finding: DoctorFinding)]) -> JSON {
        .object([
            .init("version", .integer(1)),
            .init(
                "findings",
                .array(
                    findings.map { check, finding in
                        .object([
                            .init("check", .string(check)), .init("level", .string(finding.level.rawValue)),
                            .init("subject", .string(finding.subject)), .init("message", .string(finding.message)),
                            .init("advice", finding.advice.map { .string($0) } ?? .null),
                        ])
                    })),
        ])
    }
}

extension DoctorFinding {
    /// The same on one line, without secrets.
    fileprivate func hiding(_ secrets: Secrets) -> DoctorFinding {
        func clean(_ text: String) -> String {
            secrets.redacted(
                String(
                    String.UnicodeScalarView(
                        text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 })))
        }
        return DoctorFinding(
            level: level, subject: clean(subject), message: clean(message), advice: advice.map { clean($0) })
    }
}
