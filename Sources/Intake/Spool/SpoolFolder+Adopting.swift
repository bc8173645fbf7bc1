import Files

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension SpoolFolder {
    /// Makes a file of one record, which was too long for memory, durable and a segment of its own.
    ///
    /// The file is of the folder, under a name that begins with `_`; it is the caller's again if this fails.
    mutating func adopt(_ temporaryPath: String, byteCount: Int64, seconds: UInt32) throws(SpoolError) -> SpoolReceipt {
        let status = try durableFile(temporaryPath)
        sealOpenSegment()
        try openLog(seconds: seconds)
        let (number, path) = try takeSegmentPath()
        guard let durable = log?.count else { preconditionFailure("a segment is opened after its log") }
        let entry = LoggedRequest(
            segment: number, records: 1, start: 0, end: UInt64(byteCount), fingerprint: 0,
            durableBefore: UInt32(durable), seconds: seconds, key: nil)
        do throws(OutputError) {
            guard rename(temporaryPath, path) == 0 else { throw OutputError(errno, writing: path) }
            try PreparedFile.syncFolder(of: path)
            try log?.append([entry])
        } catch {
            rename(path, temporaryPath)
            throw SpoolError(error)
        }
        summary.note(entry)
        addSealed(SealedSegment(number: number, file: status.named(path), firstSeconds: seconds))
        return SpoolReceipt(segment: Self.segmentName(number), byteOffset: 0, records: 1, isRepeated: false)
    }

    private func durableFile(_ path: String) throws(SpoolError) -> IntakeFile {
        do throws(OutputError) {
            let file = try SpoolFile(opening: path, synchronise: synchronise)
            try file.sync()
            if let status = file.intakeFile() { return status }
        } catch {
            // A second try would not tell whether the bytes are there.
            throw SpoolError(
                code: "spool-damaged", message: "a long record could not be made durable", place: path,
                cause: error.summary)
        }
        throw SpoolError(code: "spool-damaged", message: "a long record can't be looked at", place: path)
    }
}

extension IntakeFile {
    /// The same file under another name in its folder.
    fileprivate func named(_ path: String) -> IntakeFile {
        IntakeFile(
            path: path, name: path.split(separator: "/").last.map(String.init) ?? path, device: device, node: node,
            byteCount: byteCount, modified: modified)
    }
}
