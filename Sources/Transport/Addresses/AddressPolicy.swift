/// Which addresses may be connected to.
///
/// It is asked with the address that a connection is about to be opened to, after names were resolved: a name that resolves
/// to a public address first and to a private one later gets nowhere.
public enum AddressPolicy: Sendable, Hashable {
    /// Those of the internet; not this machine, not private networks, not the addresses at which clouds tell machines their secrets.
    case publicOnly
    /// All.
    case anywhere
    /// This machine alone.
    case thisMachineOnly

    func allows(_ address: IPAddress) -> Bool {
        switch self {
        case .publicOnly: address.isPublic
        case .anywhere: true
        case .thisMachineOnly: address.isLoopback
        }
    }
}
