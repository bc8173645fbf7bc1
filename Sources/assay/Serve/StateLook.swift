import Foundation
import Pipeline

/// What the files of a pipeline's state look like: something else whenever the state has changed.
struct StateLook: Equatable {
    /// When a file was written to, and how large it was then.
    private struct File: Equatable {
        let seconds: Int
        let nanoseconds: Int
        let byteCount: Int64
    }

    /// The database, and what isn't in it yet.
    private let files: [File]

    init(_ folder: String) {
        files = PipelineState.files(in: folder).map { path in
            var status = stat()
            guard stat(path, &status) == 0 else { return File(seconds: 0, nanoseconds: 0, byteCount: -1) }
            return File(
                seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec, byteCount: Int64(status.st_size))
        }
    }
}
