import Files
import Foundation
import Intake
import Tables

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Where the records of replayed batches lie while their batch is under way: a file each, of JSON Lines.
struct ReplayFolder {
    private let folder: String

    init(_ state: PipelineState) { self.init("\(state.folder)/replay") }

    init(_ folder: String) { self.folder = folder }

    /// Begins the file of a batch; one that a process before left unfinished is replaced.
    func begin(_ number: Int, part: String = "records") throws(PipelineError) -> OutputFile {
        do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
            throw PipelineError(.unwritable, "the folder can't be made", place: folder)
        }
        do throws(OutputError) {
            return try OutputFile(path: "\(folder)/batch-\(number)-\(part).jsonl")
        } catch { throw PipelineError(error) }
    }

    /// The file as a plan names it.
    static func planned(_ path: String) throws(PipelineError) -> IntakeFile {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw PipelineError(
                .unreadable, "it can't be looked at: \(String(cString: strerror(errno)).lowercased())", place: path)
        }
        return IntakeFile(
            path: path, name: (path as NSString).lastPathComponent, device: UInt64(status.st_dev),
            node: UInt64(status.st_ino), byteCount: Int64(status.st_size),
            modified: Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec))
    }

    /// Removes the files: of batches that are over, or never were planned.
    func sweep() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            unlink("\(folder)/\(name)")
        }
    }
}
