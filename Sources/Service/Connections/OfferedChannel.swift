import HummingbirdCore
import Logging
import NIOCore
import NIOSSL

/// Connections of HTTP/1.1, by TLS where the server offers that at the moment they begin.
///
/// What a connection began as it stays until it ends.
struct OfferedChannel: ServerChildChannel {
    let base: HTTP1Channel
    let front: CurrentFront

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        guard let tls = front.now.tls else { return base.setup(channel: channel, logger: logger) }
        return channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls.context))
        }.flatMap {
            base.setup(channel: channel, logger: logger)
        }
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async { await base.handle(value: value, logger: logger) }
}
