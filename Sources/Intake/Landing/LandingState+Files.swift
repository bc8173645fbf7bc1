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
    /// What a name in a folder turned out to be.
    enum Found {
        case file
        case folder
        case nothing
    }

    /// Looks at a file that an event told of, or that waits.
    mutating func examine(_ path: [UInt8], _ activity: Activity) {
        var place = LandingPath(folder: options.folder)
        place.set(path)
        let isInTable = tables.contains { path.starts(with: $0) }
        guard !isInTable, isData(place), examine(place, activity) == .file else {
            waiting[path] = nil
            return
        }
    }

    /// Whether a path is one of data, by its name.
    func isData(_ path: LandingPath) -> Bool {
        path.bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress?.assumingMemoryBound(to: CChar.self) else { return false }
            return names.matches(base + path.relativeOffset, nameAt: path.nameOffset)
        } && !path.name.withUnsafeBytes { LandingNames.isHidden($0) }
    }

    /// Looks at a file, and sees to it that it is known: as ready, as waiting, or as a problem.
    mutating func examine(_ path: LandingPath, _ activity: Activity) -> Found {
        cost.looks += 1
        var status = stat()
        guard Self.look(path.bytes, &status, follows: true) == 0 else {
            noteFailure(errno, path)
            return .nothing
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR:
            var link = stat()
            guard Self.look(path.bytes, &link, follows: false) == 0, link.st_mode & S_IFMT == S_IFLNK else {
                return .folder
            }
            note(.linkedFolder, path, "it is a symbolic link to a folder, which is not followed")
            return .nothing
        default:
            note(.kind, path, "it is no file, but a pipe, a socket or a device")
            return .nothing
        }
        guard path.full != nil else {
            note(.name, path, "the name is no UTF-8")
            return .nothing
        }
        take(path, FileIdentity(status), changed: FileIdentity.nanoseconds(status.changedTime) / 1_000, activity)
        return .file
    }

    static func look(_ path: [UInt8], _ status: inout stat, follows: Bool) -> Int32 {
        path.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress?.assumingMemoryBound(to: CChar.self) else { return -1 }
            return fstatat(AT_FDCWD, base, &status, follows ? 0 : AT_SYMLINK_NOFOLLOW)
        }
    }

    /// Decides about a file that is there.
    private mutating func take(_ path: LandingPath, _ file: FileIdentity, changed: Int64, _ activity: Activity) {
        let key = Array(path.relative)
        let mark = key.withUnsafeBytes {
            SeenMark($0, node: file.node, byteCount: file.byteCount, modified: file.modified)
        }
        let known = seen.version(of: mark.name)
        guard known != mark.version, !isQueued(mark) else {
            waiting[key] = nil
            return
        }
        if known != nil, options.onChange != .read {
            // A change is one when it is over.
            if activity != .writing { refuse(path, mark) }
            return
        }
        var unsettled = Unsettled(
            mark: mark, byteCount: file.byteCount, modified: file.modified, since: now,
            isOpen: activity == .writing || waiting[key]?.isOpen ?? false)
        if let before = waiting[key], before.mark == mark { unsettled.since = min(now, before.since) }
        let isSettled =
            activity == .finishing || isSettled(unsettled, changed: max(changed, file.modified / 1_000))
        guard isSettled || isMarked(path) else {
            waiting[key] = unsettled
            return
        }
        waiting[key] = nil
        // An older version of it that nobody read is none any more.
        if queued.version(of: mark.name) != nil { mustCount = true }
        queued.insert(mark)
        queuedCount += 1
        queuedBytes += file.byteCount
        key.withUnsafeBytes {
            queue.append(
                $0, device: file.device, node: file.node, byteCount: file.byteCount, modified: file.modified,
                isChanged: known != nil)
        }
    }

    /// Whether nobody changed the file for long enough, by its own times or by what was seen of it.
    private func isSettled(_ file: Unsettled, changed: Int64) -> Bool {
        let settle = settle(isOpen: file.isOpen)
        return now - changed >= settle || now - file.since >= settle
    }

    /// Microseconds that a file must have been left alone.
    func settle(isOpen: Bool) -> Int64 {
        let settle = options.settle.microseconds
        return isOpen && settle > 0 ? max(settle, options.patience.microseconds) : settle
    }

    private mutating func isMarked(_ path: LandingPath) -> Bool {
        cost.looks += 1
        var status = stat()
        return Self.look(path.appending(".done"), &status, follows: true) == 0
    }

    /// A file that was read has changed, and is not to be read again.
    private mutating func refuse(_ path: LandingPath, _ mark: SeenMark) {
        if options.onChange == .fail {
            failure =
                failure
                ?? SourceError(
                    code: "changed", message: "the file has changed since it was read", place: path.shown,
                    hint: "give new data a new name; on_change: read reads such files again, ignore leaves them")
        } else {
            ignoredChanges += 1
            seen.insert(mark)
        }
    }

    private mutating func noteFailure(_ code: Int32, _ path: LandingPath) {
        var link = stat()
        switch code {
        // It may be gone since it was listed, which is nobody's problem.
        case ENOENT:
            guard Self.look(path.bytes, &link, follows: false) == 0 else { return }
            note(.dangling, path, "it is a symbolic link to nothing")
        case ELOOP: note(.loop, path, "it is a symbolic link in a circle of them")
        default: note(.unreadable, path, "it can't be looked at: \(Self.reason(code))")
        }
    }

    mutating func note(_ code: LandingProblem.Code, _ path: LandingPath, _ message: String) {
        let problem = LandingProblem(code: code, name: path.shown, message: message)
        // An event and a listing may tell of the same one.
        guard problems.count < LandingFolder.mostProblems else {
            problemCount += 1
            return
        }
        guard problemPaths.insert(Array(path.relative)).inserted else { return }
        problemCount += 1
        problems.append(problem)
    }

    static func reason(_ code: Int32) -> String { String(cString: strerror(code)).lowercased() }
}
