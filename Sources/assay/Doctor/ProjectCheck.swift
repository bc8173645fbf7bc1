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
        let mistakes = (project.mistakes?.errors ?? []).map { error in
            DoctorFinding.problem(
                error.location?.description ?? subject.file, "\(error.message) [\(error.code)]", error.hint)
        }
        let sound = DoctorFinding.ok(
            subject.file,
            [
                Wording.count(project.suites.count, "suite"), Wording.count(project.assets.count, "asset"),
                Wording.count(project.validations.count, "validation"),
                Wording.count(project.pipelines.count, "pipeline"),
            ].joined(separator: ", "))
        return (mistakes.isEmpty ? [sound] : mistakes)
            + project.cautions.map { .warning(subject.file, $0, "take it out, or mend its times") }
            + openSecrets(of: project, subject.file)
    }

    /// Secrets belong in the environment; where they stand in the file, others must not read it.
    private static func openSecrets(of project: Project, _ file: String) -> [DoctorFinding] {
        guard let text = try? String(contentsOfFile: file, encoding: .utf8), let mode = FolderLook.mode(of: file),
            mode & 0o004 != 0
        else { return [] }
        return project.secretsWritten(in: text).map { kind, place in
            .warning(
                place.description, "\(kind.rawValue) stands there, and everybody on this machine can read the file",
                "write ${NAME} and set the variable, or chmod o-r")
        }
    }
}
