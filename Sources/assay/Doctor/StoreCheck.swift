import Foundation
import Ledger
import Suites
import Tables

extension DoctorCheck {
    /// The results' store: its folder, permissions, room, and whether it is sound.
    static let store = DoctorCheck(name: "store") { subject in
        guard let project = subject.project else { return [] }
        let path = project.store
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        var findings: [DoctorFinding] = []
        if FileManager.default.fileExists(atPath: folder) {
            if let obstacle = FolderLook.obstacle(toWritingIn: folder) {
                findings.append(
                    .problem(
                        folder, "the store's folder can't be written to: \(obstacle)", "let Assay's user write there"))
            }
        } else if !Store.isUsual(path) {
            return [.problem(folder, "the store's folder isn't there", "make it")]
        } else {
            let above = FolderLook.existing(above: folder)
            if let obstacle = FolderLook.obstacle(toWritingIn: above) {
                return [.problem(folder, "the store's folder isn't there, and can't be made: \(obstacle)", "make it")]
            }
        }
        findings += [FolderLook.room(at: FolderLook.existing(above: folder))].compactMap { $0 }
        guard FileManager.default.fileExists(atPath: path) else {
            return findings + [.ok(path, "isn't there yet: the first run that stores its results makes it")]
        }
        return findings + permissions(path) + health(path)
    }

    private static func permissions(_ path: String) -> [DoctorFinding] {
        var findings: [DoctorFinding] = []
        if let mode = FolderLook.mode(of: path), mode & 0o002 != 0 {
            findings.append(.problem(path, "everybody on this machine can change it", "chmod o-w"))
        }
        if let owner = FolderLook.owner(of: path), owner != geteuid(), geteuid() != 0 {
            findings.append(.warning(path, "belongs to another user", "run Assay as the user that it belongs to"))
        }
        return findings
    }

    private static func health(_ path: String) -> [DoctorFinding] {
        let health: LedgerHealth
        do { health = try Ledger.health(at: path) } catch {
            return [.problem(path, "\(error.message) [\(error.code)]", error.hint)]
        }
        var findings: [DoctorFinding] = []
        if !health.damages.isEmpty {
            findings.append(
                .problem(
                    path, "it is damaged: \(health.damages.joined(separator: "; "))",
                    "stop Assay and restore a backup, or save what can be read with sqlite3's .recover"))
        }
        if health.journalMode != "wal" {
            findings.append(
                .warning(
                    path, "its journal is \(health.journalMode), not wal",
                    "the next run that stores its results changes it"))
        }
        if health.journalByteCount > 256 << 20 {
            findings.append(
                .warning(
                    path + "-wal", "the journal has \(health.journalByteCount >> 20) MiB",
                    "find who reads the store for so long: lsof"))
        }
        if health.isOlderVersion {
            findings.append(
                .warning(path, "is of an older version", "assay backup, then any run brings it up to date"))
        }
        let now = RunClock.system.microseconds
        if let slot = health.latestSlot, CivilTime.age(of: now, at: slot) > 60_000_000 {
            findings.append(
                .warning(
                    path,
                    "schedules were done through \(CivilTime.format(microseconds: slot)), which is ahead of the clock",
                    "look at the clock; where it was set back, cron lines wait until then, or for a day at the most"))
        }
        if let run = health.latestRun, CivilTime.age(of: now, at: run) > 60_000_000 {
            findings.append(
                .warning(
                    path, "a run is dated \(CivilTime.format(microseconds: run)), which is ahead of the clock",
                    "look at the clock; what is dated ahead of it isn't shown as the latest run where there are others")
            )
        }
        guard findings.isEmpty else { return findings }
        let free = health.space.freeByteCount >> 20
        return [.ok(path, "sound, \(health.space.byteCount >> 20) MiB, \(free) MiB of them free")]
    }
}
