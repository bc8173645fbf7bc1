import Foundation
import Suites

extension DoctorCheck {
    /// The folder of reports.
    static let reports = DoctorCheck(name: "reports") { subject in
        subject.project.map { [writing(to: $0.reports, "reports are written there")] } ?? []
    }

    /// What pipelines remember, and the folders of their tables.
    static let state = DoctorCheck(name: "state") { subject in
        (subject.project?.pipelines ?? []).flatMap { pipeline in
            [writing(to: pipeline.state, "the memory of \(pipeline.name)")]
                + pipeline.places.map { writing(to: $0.folder, "a table of \(pipeline.name)") }
        }
    }

    /// Where values are kept that don't fit into memory.
    static let temporaryFolder = DoctorCheck(name: "temporary") { subject in
        let folder = subject.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        var findings: [DoctorFinding] = []
        if let obstacle = FolderLook.obstacle(toWritingIn: folder) {
            return [.problem(folder, "can't be written to: \(obstacle)", "set TMPDIR to a folder that can")]
        }
        if let mode = FolderLook.mode(of: folder), mode & 0o1002 == 0o002 {
            findings.append(
                .problem(
                    folder, "everybody may remove the files of others there",
                    "chmod +t, or set TMPDIR to a private folder"))
        }
        findings += [FolderLook.room(at: folder)].compactMap { $0 }
        return findings.isEmpty ? [.ok(folder, "can be written to")] : findings
    }

    private static func writing(to folder: String, _ purpose: String) -> DoctorFinding {
        let isThere = FileManager.default.fileExists(atPath: folder)
        let looked = isThere ? folder : FolderLook.existing(above: folder)
        guard let obstacle = FolderLook.obstacle(toWritingIn: looked) else {
            return FolderLook.room(at: looked)
                ?? .ok(folder, isThere ? purpose : "\(purpose); it is made when it is needed")
        }
        return .problem(
            folder, isThere ? "can't be written to: \(obstacle)" : "isn't there, and can't be made: \(obstacle)",
            "let Assay's user write there: \(purpose)")
    }
}
