import Foundation
import Suites

extension DoctorCheck {
    /// What the system lets the process have.
    static let limits = DoctorCheck(name: "limits") { subject in
        [openFiles(), memory()] + watches(subject)
    }

    private static func openFiles() -> DoctorFinding {
        var limit = rlimit()
        #if os(Linux)
            let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
            let resource = RLIMIT_NOFILE
        #endif
        guard getrlimit(resource, &limit) == 0 else { return .unknown("open files", "the limit can't be found out") }
        let text = limit.rlim_cur > 1 << 30 ? "without limit" : "\(limit.rlim_cur) at a time"
        if limit.rlim_cur < 256 {
            return .problem("open files", text, "raise it: ulimit -n 65536, or LimitNOFILE= of systemd")
        }
        if limit.rlim_cur < 1_024 {
            return .warning("open files", text, "raise it: ulimit -n 65536, or LimitNOFILE= of systemd")
        }
        return .ok("open files", text)
    }

    private static func memory() -> DoctorFinding {
        let bytes = MemorySize.machine
        let text = "\(bytes >> 20) MiB"
        return bytes < 256 << 20
            ? .warning("memory", text, "give it 512 MiB or more, or validate with --memory") : .ok("memory", text)
    }

    /// Pipelines that read folders are told of new files by the kernel, as far as it has room for that.
    private static func watches(_ subject: DoctorSubject) -> [DoctorFinding] {
        guard let text = try? String(contentsOfFile: "/proc/sys/fs/inotify/max_user_watches", encoding: .utf8),
            let count = Int(text.trimmingCharacters(in: .whitespacesAndNewlines)),
            subject.project?.pipelines.isEmpty == false
        else { return [] }
        return count < 1_024
            ? [.warning("watched folders", "\(count) at most", "raise it: sysctl fs.inotify.max_user_watches=65536")]
            : [.ok("watched folders", "\(count) at most")]
    }
}
