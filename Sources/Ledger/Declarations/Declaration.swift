/// Something that the project of an instance has: other instances over the same store leave what concerns it to that one.
public enum Declaration: Sendable, Hashable {
    /// What it judges.
    case subject(AlertSubject)
    /// Whom it tells: a route's name and a receiver's key.
    case receiver(route: String, key: String)

    /// Microseconds for which a declaration holds that isn't made again: two days.
    ///
    /// An instance that is down for a while, and one that runs once a day, must find its things as they were.
    public static let lifetime: Int64 = 2 * 86_400_000_000

    var kind: String {
        switch self {
        case .subject: "subject"
        case .receiver: "receiver"
        }
    }

    var names: (String, String) {
        switch self {
        case .subject(let subject): (subject.asset, subject.suite)
        case .receiver(let route, let key): (route, key)
        }
    }
}
