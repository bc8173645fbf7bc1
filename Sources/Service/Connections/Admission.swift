import Hummingbird
import HummingbirdCore
import NIOCore

/// Has a server accept connections only where one more has room.
struct Admission: AvailableConnectionsDelegate {
    let connections: OpenConnections

    func connectionOpened() { connections.accepted() }

    func connectionClosed() { connections.closed() }

    func isAcceptingNewConnections() -> Bool { connections.acceptsMore }

    /// Goes on accepting on a listening channel when there is room again, and looks for room before each connection.
    func govern(_ listening: any Channel) async {
        // By itself the framework accepts four in a row.
        try? await listening.setOption(ChannelOptions.maxMessagesPerRead, value: 1).get()
        // Later, as the channel may be what told of the change.
        connections.resume { listening.eventLoop.execute { listening.read() } }
    }
}
