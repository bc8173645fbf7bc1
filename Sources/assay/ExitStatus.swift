import ArgumentParser

/// How the process ends.
///
/// The one list of exit codes; where several apply, the one with the highest rank wins.
enum ExitStatus: Int32, Comparable {
    /// Everything passed.
    case passed = 0
    /// An expectation failed, at or above the chosen severity.
    case failed = 1
    /// The user's mistake: in a suite, the project file, or the command line.
    case mistake = 2
    /// Something could not be decided, read or stored.
    case undecided = 3
    /// Nobody reads standard output any more: what a shell says of a program that SIGPIPE ended.
    case readerGone = 141

    private var rank: Int {
        switch self {
        case .passed: 0
        case .failed: 1
        case .readerGone: 2
        case .undecided: 3
        case .mistake: 4
        }
    }

    static func < (left: ExitStatus, right: ExitStatus) -> Bool { left.rank < right.rank }

    var code: ExitCode { ExitCode(rawValue) }
}
