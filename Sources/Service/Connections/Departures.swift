import NIOCore
import Synchronization

/// Connections whose clients send nothing more: most of them have gone.
///
/// A client that has closed only its own side may still wait. So it gets what is there soon; what takes long is given up.
final class Departures: Sendable {
    private let channels = Mutex<Set<ObjectIdentifier>>([])

    func contains(_ channel: any Channel) -> Bool { channels.withLock { $0.contains(ObjectIdentifier(channel)) } }

    fileprivate func note(_ channel: any Channel) { channels.withLock { _ = $0.insert(ObjectIdentifier(channel)) } }

    fileprivate func forget(_ channel: any Channel) { channels.withLock { _ = $0.remove(ObjectIdentifier(channel)) } }
}

/// Notes when a connection's client has closed its side.
final class DepartureWatch: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = Any

    private let departures: Departures

    init(_ departures: Departures) { self.departures = departures }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event { departures.note(context.channel) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        departures.forget(context.channel)
        context.fireChannelInactive()
    }
}
