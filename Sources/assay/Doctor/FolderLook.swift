import Foundation

/// What can be told of a folder or file without changing it for longer than a moment.
enum FolderLook {
    /// The permission bits, of what a link points at.
    static func mode(of path: String) -> UInt32? {
        var status = stat()
        return stat(path, &status) == 0 ? UInt32(truncatingIfNeeded: status.st_mode) & 0o7777 : nil
    }

    static func owner(of path: String) -> UInt32? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_uid : nil
    }

    /// Bytes that this user may still write on the disk of a path.
    static func freeBytes(at path: String) -> Int64? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        let (bytes, isBeyond) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
        return isBeyond ? .max : Int64(clamping: bytes)
    }

    /// Why no file can be made in a folder; `nil` where one can, which was tried with a hidden one.
    ///
    /// Only trying tells: permissions say nothing of sealed disks, and nothing to the administrator.
    static func obstacle(toWritingIn folder: String) -> String? {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isDirectory) else { return "it isn't there" }
        guard isDirectory.boolValue else { return "it is no folder" }
        let path = folder + "/.assay-doctor-\(UUID().uuidString.lowercased())"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return String(cString: strerror(errno)).lowercased() }
        defer {
            close(descriptor)
            unlink(path)
        }
        return write(descriptor, "x", 1) == 1 ? nil : String(cString: strerror(errno)).lowercased()
    }

    /// Why no file can be made in a folder, or, where it isn't there yet, where it would be made.
    static func obstacle(toUsing folder: String) -> String? {
        obstacle(toWritingIn: FileManager.default.fileExists(atPath: folder) ? folder : existing(above: folder))
    }

    /// The nearest folder above that is there: where a missing one would be made.
    static func existing(above path: String) -> String {
        var url = URL(fileURLWithPath: path)
        while url.path != "/", !FileManager.default.fileExists(atPath: url.path) { url.deleteLastPathComponent() }
        return url.path
    }

    /// What there is to say of room on a disk.
    static func room(at path: String) -> DoctorFinding? {
        guard let free = freeBytes(at: path) else { return .unknown(path, "its free room can't be found out") }
        let text = "\(free >> 20) MiB are free on its disk"
        if free < 100 << 20 { return .problem(path, text, "make room: nothing can be stored soon") }
        if free < 1 << 30 { return .warning(path, text, "make room, or keep less: service.retention, assay prune") }
        return nil
    }
}
