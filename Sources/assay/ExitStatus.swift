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

    private var rank: Int {
        switch self {
        case .passed: 0
        case .failed: 1
        case .undecided: 2
        case .mistake: 3
        }
    }

    static func < (left: ExitStatus, right: ExitStatus) -> Bool { left.rank < right.rank }

    var code: ExitCode { ExitCode(rawValue) }
}
