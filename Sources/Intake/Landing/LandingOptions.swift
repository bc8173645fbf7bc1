/// Where files land, and when one of them may be read.
public struct LandingOptions: Sendable, Hashable {
    /// What becomes of a file that has changed since it was read.
    public enum OnChange: String, Sendable, Hashable, CaseIterable {
        /// It is read again as a whole: nothing is lost, rows that it had before come twice.
        case read
        case ignore
        /// Discovery ends with the error `changed`.
        case fail
    }

    public var folder: String
    /// Names of files to be read, with `*`, `?` and `[…]`; one with a slash is compared with the path within the folder.
    ///
    /// Empty for all names with an extension of some format, packed or not.
    public var patterns: [String] = []
    /// Whether files in sub-folders are read, too; never in those whose names begin with a dot or an underscore.
    public var isRecursive = false
    /// How long a file must have been left alone, unless it was seen to be closed or renamed into place, or `NAME.done` is there.
    public var settle: Duration
    /// The same for a file that somebody was seen to write to, and not to close, unless `settle` is longer or zero.
    public var patience = Duration.seconds(60)
    public var onChange = OnChange.read
    /// How long to trust the system to tell of new files, before the folder is listed all the same.
    public var relist = Duration.seconds(30)
    /// How long until files that were read are looked at again, should they have changed unnoticed.
    public var recheck = Duration.seconds(900)
    /// How long until a file is tried again that the machine could not read; one whose permissions change is tried at once.
    public var retry = Duration.seconds(300)
    /// How often to look where the system doesn't tell of new files.
    public var pollInterval = Duration.seconds(1)

    public init(folder: String, settle: Duration) {
        self.folder = folder
        self.settle = settle
    }
}
