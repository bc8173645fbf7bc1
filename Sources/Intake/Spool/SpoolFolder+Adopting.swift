import Files

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension SpoolFolder {
    /// Makes a durable file of one record, which was too long for memory, a segment of its own.
    ///
    /// The file is of the folder, under a name that begins with `_`; it is gone if this fails.
    mutating func adopt(_ temporaryPath: String, byteCount: Int64, seconds: UInt32) throws(SpoolError) -> SpoolReceipt {
        defer { removeFile(temporaryPath) }
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
            let file = try SpoolFile(opening: path, synchronise: synchronise)
            try log?.append([entry])
            guard let intakeFile = file.intakeFile(byteCount: byteCount) else {
                throw OutputError(errno, writing: path)
            }
            summary.note(entry)
            addSealed(SealedSegment(number: number, file: intakeFile, firstSeconds: seconds))
        } catch {
            removeFile(path)
            throw SpoolError(error)
        }
        return SpoolReceipt(segment: Self.segmentName(number), byteOffset: 0, records: 1, isRepeated: false)
    }
}
