import Expectations
import Foundation
import Suites

extension DoctorCheck {
    /// Whether the project file and all suites are without mistakes.
    static let project = DoctorCheck(name: "project") { subject in
        guard let project = subject.project else {
            guard FileManager.default.fileExists(atPath: subject.file) else {
                return [
                    .problem(
                        subject.file, "there is no project file", "name it with --project, or make one with assay init")
                ]
            }
            let count = subject.problems?.errors.count ?? 0
            let first = subject.problems?.errors.first?.message ?? "it can't be read"
            return [
                .problem(
                    subject.file, "\(count == 1 ? "a mistake" : "\(count) mistakes"), the first: \(first)",
                    "assay check shows them with their places")
            ]
        }
        return [
            .ok(
                subject.file,
                [
                    Wording.count(project.suites.count, "suite"), Wording.count(project.assets.count, "asset"),
                    Wording.count(project.validations.count, "validation"),
                    Wording.count(project.pipelines.count, "pipeline"),
                ].joined(separator: ", "))
        ] + permissions(of: project, subject.file)
    }

    /// Secrets belong in the environment; where they stand in the file, others must not read it.
    private static func permissions(of project: Project, _ file: String) -> [DoctorFinding] {
        guard let text = try? String(contentsOfFile: file, encoding: .utf8), let mode = FolderLook.mode(of: file),
            mode & 0o004 != 0
        else { return [] }
        let tokens = ((try? project.service.tokens) ?? []).map(\.secret)
        let secrets = tokens + [((try? project.mail) ?? nil)?.password].compactMap { $0 }
        guard secrets.contains(where: { !$0.isEmpty && text.contains($0) }) else { return [] }
        return [
            .warning(
                file, "a token or password stands in it, and everybody on this machine can read it",
                "write ${NAME} and set the variable, or chmod o-r")
        ]
    }
}
