public import Files
import Tables

extension IntakeFile {
    /// What has to be true of the file still when it is read.
    public func identity(mayGrow: Bool) -> FileIdentity {
        FileIdentity(device: device, node: node, byteCount: byteCount, modified: modified, mayGrow: mayGrow)
    }

    /// The file, checked to be the one that was planned; nobody reads beyond its planned size.
    ///
    /// It takes no descriptor until somebody reads. Errors: `not-found`, `unreadable`, `changed`, `truncated`.
    func input(_ options: IntakeOptions, packing: Compression?) throws(SourceError) -> InputFile {
        try InputFile(path: path, identity: identity(mayGrow: options.filesMayGrow), packing: packing)
    }
}
