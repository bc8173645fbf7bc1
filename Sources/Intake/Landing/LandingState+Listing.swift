import Tables

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension LandingState {
    /// No folder lies deeper in the landing folder.
    private static let deepest = 64

    /// Lists the folder, and the folders in it where they are wanted, and looks at the files that aren't known.
    mutating func list(_ watch: FolderWatch) {
        problems = []
        problemCount = 0
        problemPaths = []
        unknown = (0, nil)
        tables = []
        isWatched = true
        var folders: [[UInt8]] = [[]]
        while let prefix = folders.popLast(), failure == nil { list(prefix, watch, &folders) }
    }

    private mutating func list(_ prefix: [UInt8], _ watch: FolderWatch, _ folders: inout [[UInt8]]) {
        cost.listings += 1
        var path = LandingPath(folder: options.folder)
        path.set(prefix, [UInt8]())
        guard let name = path.full else {
            note(.name, path, "the name is no UTF-8")
            return
        }
        guard !isTable(name) else {
            noteTable(path, prefix)
            return
        }
        // First watched, then listed: nothing can come between.
        if !watch.add(name, prefix: prefix) { isWatched = false }
        guard let entries = DirectoryEntries(name) else {
            noteFolder(errno, path, isRoot: prefix.isEmpty)
            return
        }
        let code = entries.forEach { name, node, kind in
            cost.entries += 1
            let name = UnsafeRawBufferPointer(name)
            guard !LandingNames.isHidden(name) else { return }
            path.set(prefix, name)
            if kind == .folder {
                if options.isRecursive { enter(path, &folders) }
                return
            }
            guard isRecheck || !isKnown(path, node) else { return }
            guard isData(path) else {
                if kind == .file { passOver(path) }
                return
            }
            if kind == .other {
                note(.kind, path, "it is no file, but a pipe, a socket or a device")
            } else if examine(path, .nothing) == .folder, options.isRecursive {
                enter(path, &folders)
            }
        }
        if code != 0 { noteFolder(code, path, isRoot: prefix.isEmpty) }
    }

    /// Counts a file whose name says of no format, where nobody said which names are wanted.
    private mutating func passOver(_ path: LandingPath) {
        guard options.patterns.isEmpty else { return }
        let name = Array(path.relative)
        let isFirst = unknown.name.map { name.lexicographicallyPrecedes($0) } ?? true
        unknown = (unknown.count + 1, isFirst ? name : unknown.name)
    }

    /// Whether a folder is a Delta table: what is in it was written, and did not land.
    private func isTable(_ folder: String) -> Bool {
        var status = stat()
        return Self.look(Array("\(folder)/_delta_log".utf8) + [0], &status, follows: true) == 0
            && status.st_mode & S_IFMT == S_IFDIR
    }

    private mutating func noteTable(_ path: LandingPath, _ prefix: [UInt8]) {
        guard !prefix.isEmpty else {
            failure = SourceError(
                code: "delta-table", message: "the folder is a Delta table, whose files did not land there",
                place: options.folder, hint: "let files land in a folder of their own")
            return
        }
        tables.insert(prefix)
        note(.table, path, "it is a Delta table, whose files are not read")
    }

    /// Whether a listing alone tells that nothing is new about a file.
    private func isKnown(_ path: LandingPath, _ node: UInt64) -> Bool {
        let name = path.relative.withUnsafeBytes { SeenMark.name($0) }
        return seen.contains(name: name, node: node) || queued.contains(name: name, node: node)
    }

    private mutating func enter(_ path: LandingPath, _ folders: inout [[UInt8]]) {
        guard path.folders < Self.deepest else {
            note(.tooDeep, path, "it lies in more than \(Self.deepest) folders")
            return
        }
        folders.append(path.relative + [0x2F])
    }

    private mutating func noteFolder(_ code: Int32, _ path: LandingPath, isRoot: Bool) {
        guard isRoot else {
            // Gone since it was listed.
            if code != ENOENT { note(.unreadable, path, "the folder can't be read: \(Self.reason(code))") }
            return
        }
        failure = SourceError(
            code: code == ENOENT ? "not-found" : "unreadable",
            message: code == ENOENT ? "there is no such folder" : "the folder can't be read: \(Self.reason(code))",
            place: options.folder)
    }
}
