#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The entries of a folder, one after another, without a look at the files themselves.
struct DirectoryEntries: ~Copyable {
    #if canImport(Darwin)
        private let stream: UnsafeMutablePointer<DIR>
    #else
        private let stream: OpaquePointer
    #endif

    enum Kind {
        case file
        case folder
        /// A symbolic link, or what the file system doesn't tell.
        case unknown
        /// A pipe, a socket, a device.
        case other
    }

    /// Opens a folder; `nil` with `errno` set where that can't be done.
    init?(_ path: String) {
        guard let stream = opendir(path) else { return nil }
        self.stream = stream
    }

    deinit { closedir(stream) }

    /// Calls `body` with each entry: its name, with a zero behind it, its node, and what it is.
    ///
    /// - Returns: 0, or the error that ended the listing.
    func forEach(_ body: (_ name: UnsafeBufferPointer<CChar>, _ node: UInt64, Kind) -> Void) -> Int32 {
        guard let offset = MemoryLayout<dirent>.offset(of: \dirent.d_name) else { return EINVAL }
        while true {
            errno = 0
            guard let entry = readdir(stream) else { return errno }
            // The system ends names with a zero.
            let name = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
            let length = strlen(name)
            if length <= 2, name[0] == 0x2E, length == 1 || name[1] == 0x2E { continue }
            body(
                UnsafeBufferPointer(start: name, count: length), UInt64(entry.pointee.d_ino),
                Self.kind(entry.pointee.d_type))
        }
    }

    private static func kind(_ type: UInt8) -> Kind {
        switch Int(type) {
        case Int(DT_REG): .file
        case Int(DT_DIR): .folder
        case Int(DT_LNK), Int(DT_UNKNOWN): .unknown
        default: .other
        }
    }
}
