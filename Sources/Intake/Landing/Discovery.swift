/// What a landing folder has that was not read.
public struct Discovery: Sendable {
    /// Files that may be read, the oldest first: by time of change, then by the bytes of their names; as many as were asked for.
    public let ready: [IntakeFile]
    /// All files that may be read, and their bytes on disk.
    public let readyCount: Int
    public let readyBytes: Int64
    /// Files that somebody may be writing still, and their bytes.
    public let waitingCount: Int
    public let waitingBytes: Int64
    /// When the one of them was changed last that nobody has changed for the longest time: nanoseconds since 1970-01-01T00:00:00Z.
    public let oldestWaiting: Int64?
    /// Some of them, and why they wait.
    public let waiting: [Waiting]
    /// Of the files that were to be held back, those whose content is there no more, under no name that is read.
    public internal(set) var missing: [IntakeFile] = []
    /// Of the ready files, the names of those that were read before with other content.
    public let changed: [String]
    /// Changes of files that are ignored, as the options say, since the folder was opened.
    public let ignoredChanges: Int
    /// What is in the folder and can't be read; it keeps no other file from being read.
    public let problems: [LandingProblem]
    /// Problems in all: no more than ``LandingFolder/mostProblems`` are told.
    public let problemCount: Int
    /// How long until a waiting file may be ready; `nil` where none waits.
    public let nextLook: Duration?
    /// What it took.
    public let cost: Cost
    /// Files that are never read, since their names have no extension of a format; none where patterns say which are wanted.
    ///
    /// As of the last listing.
    public let unknownCount: Int
    /// The first of them, by the bytes of their names.
    public let unknownName: String?

    /// A file that isn't read yet.
    public struct Waiting: Sendable, Equatable {
        public let name: String
        public let reason: String
    }

    /// Calls to the system, by which to judge how it scales.
    public struct Cost: Sendable, Equatable {
        /// Folders that were listed.
        public internal(set) var listings = 0
        /// Names in them.
        public internal(set) var entries = 0
        /// Files that were looked at one by one.
        public internal(set) var looks = 0

        public init(listings: Int = 0, entries: Int = 0, looks: Int = 0) {
            (self.listings, self.entries, self.looks) = (listings, entries, looks)
        }
    }

    /// Bytes that are there and not read.
    public var backlogBytes: Int64 { readyBytes + waitingBytes }
}

/// Something in a landing folder that can't be read.
public struct LandingProblem: Sendable, Equatable {
    public enum Code: String, Sendable {
        /// The name is no UTF-8.
        case name = "invalid-name"
        /// A pipe, a socket, a device.
        case kind = "not-a-file"
        /// A symbolic link to nothing.
        case dangling = "dangling-link"
        /// Symbolic links that lead in a circle.
        case loop = "link-loop"
        /// A symbolic link to a folder, which is not followed.
        case linkedFolder = "linked-folder"
        case unreadable
        /// Folders inside of folders, too many.
        case tooDeep = "too-deep"
        /// A folder that is a Delta table, which is passed over.
        case table = "delta-table"
    }

    public let code: Code
    /// The path within the folder, with U+FFFD for what is no UTF-8.
    public let name: String
    public let message: String
}
