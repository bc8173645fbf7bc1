import Files
import Tables

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension LandingState {
    /// So many waiting files are told by name.
    private static let toldWaiting = 20

    /// Those of some files that were handed out before, wait still, and are as they were; `nil` where there are none, and none that
    /// have to settle first.
    mutating func handOut(_ held: [IntakeFile]) -> Discovery? {
        recount()
        var path = LandingPath(folder: options.folder)
        let ready = held.filter { file in
            guard isQueued(SeenMark(file)) else { return false }
            path.set(Array(file.name.utf8))
            return current(path)?.isContent(of: file.node, file.byteCount, file.modified) ?? false
        }
        let isSettling = held.contains { waiting[Array($0.name.utf8)]?.mark == SeenMark($0) }
        return ready.isEmpty && !isSettling ? nil : discovery(ready, [])
    }

    /// Of files that were handed out before, those whose content is there no more, under no name that is read: also those that lie
    /// where they did, and are none of the source's any more.
    ///
    /// Costs a look at each, and, where one is gone, a pass over what is known to have arrived.
    mutating func missing(of held: [IntakeFile]) -> [IntakeFile] {
        var path = LandingPath(folder: options.folder)
        let gone = held.filter { file in
            let name = Array(file.name.utf8)
            guard isQueued(SeenMark(file)) || waiting[name] != nil else { return true }
            path.set(name)
            return !(current(path)?.isContent(of: file.node, file.byteCount, file.modified) ?? false)
        }
        guard !gone.isEmpty else { return [] }
        let contents = Set(gone.map { Content($0) })
        var names = waiting.keys.filter { name in gone.contains { SeenMark($0, renamed: name) == waiting[name]?.mark } }
        queue.forEach { entry, name in
            let content = Content(node: entry.node, byteCount: entry.byteCount, modified: entry.modified)
            if contents.contains(content) { names.append(Array(name)) }
            return true
        }
        var there: Set<Content> = []
        for name in names {
            path.set(name)
            if let file = current(path) { there.insert(Content(file)) }
        }
        return gone.filter { !there.contains(Content($0)) }
    }

    /// The first files of the queue, after another look at each: what changed in the queue is decided anew.
    mutating func handOut(files: Int, bytes: Int64) -> Discovery {
        recount()
        var queue = ReadyQueue()
        swap(&queue, &self.queue)
        queue.dropFirst { !isQueued($0.mark($1)) }
        var ready: [IntakeFile] = []
        var changed: [String] = []
        var stale: [[UInt8]] = []
        var readyBytes: Int64 = 0
        var path = LandingPath(folder: options.folder)
        queue.forEach { entry, name in
            guard ready.count < files, ready.isEmpty || readyBytes < bytes else { return false }
            let mark = entry.mark(name)
            guard isQueued(mark) else { return true }
            path.set(name)
            guard let file = current(path), file.isContent(of: entry.node, entry.byteCount, entry.modified) else {
                stale.append(Array(name))
                return true
            }
            ready.append(file)
            if entry.isChanged { changed.append(file.name) }
            readyBytes += file.byteCount
            return true
        }
        self.queue = queue
        for name in stale {
            mustCount = true
            queued.insert(SeenMark(name: name.withUnsafeBytes { SeenMark.name($0) }, version: 0, node: 0))
            examine(name, .nothing)
        }
        recount()
        if self.queue.isEmpty { queued = SeenFiles() }
        return discovery(ready, changed)
    }

    /// Drops entries of files that aren't so any more; a look at all of them, where there are some.
    mutating func recount() {
        guard mustCount else { return }
        mustCount = false
        var queue = ReadyQueue()
        swap(&queue, &self.queue)
        (queuedCount, queuedBytes) = queue.keep { isQueued($0.mark($1)) }
        self.queue = queue
    }

    /// The file at a path, as it is now; `nil` where there is none.
    private mutating func current(_ path: LandingPath) -> IntakeFile? {
        cost.looks += 1
        var status = stat()
        guard Self.look(path.bytes, &status, follows: true) == 0, status.st_mode & S_IFMT == S_IFREG,
            let full = path.full
        else { return nil }
        let found = FileIdentity(status)
        return IntakeFile(
            path: full, name: path.shown, device: found.device, node: found.node, byteCount: found.byteCount,
            modified: found.modified)
    }

    private func discovery(_ ready: [IntakeFile], _ changed: [String]) -> Discovery {
        let soonest = waiting.values.map { max(0, settle(isOpen: $0.isOpen) - (now - $0.since)) }.min()
        let told = waiting.keys.sorted { $0.lexicographicallyPrecedes($1) }.prefix(Self.toldWaiting)
        return Discovery(
            ready: ready, readyCount: queuedCount, readyBytes: queuedBytes, waitingCount: waiting.count,
            waitingBytes: waiting.values.reduce(0) { $0 &+ $1.byteCount },
            oldestWaiting: waiting.values.map(\.modified).min(),
            waiting: told.map {
                Discovery.Waiting(
                    name: String(decoding: $0, as: UTF8.self), reason: "it may be written to still: it changed lately")
            }, changed: changed, ignoredChanges: ignoredChanges, problems: problems, problemCount: problemCount,
            nextLook: soonest.map { .microseconds($0) }, cost: cost, unknownCount: unknown.count,
            unknownName: unknown.name.map { String(decoding: $0, as: UTF8.self) })
    }
}

extension ReadyQueue.Entry {
    /// What tells the file of a name from others.
    func mark(_ name: ArraySlice<UInt8>) -> SeenMark {
        name.withUnsafeBytes { SeenMark($0, node: node, byteCount: byteCount, modified: modified) }
    }
}

/// What a file is, whatever it is called.
private struct Content: Hashable {
    let node: UInt64
    let byteCount: Int64
    let modified: Int64
}

extension Content {
    fileprivate init(_ file: IntakeFile) {
        self.init(node: file.node, byteCount: file.byteCount, modified: file.modified)
    }
}

extension IntakeFile {
    /// Whether it is what was found before; the device's number may be another one.
    fileprivate func isContent(of node: UInt64, _ byteCount: Int64, _ modified: Int64) -> Bool {
        (self.node, self.byteCount, self.modified) == (node, byteCount, modified)
    }
}
