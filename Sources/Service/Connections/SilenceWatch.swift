import NIOCore
import NIOHTTPTypes

/// Tells of one connection whether it has a request, and closes it where its first head doesn't come in time.
final class SilenceWatch: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let connections: OpenConnections
    private let headTime: TimeAmount
    private var hasBegun = false
    /// `nil` before it begins, and where it has no place.
    private var id: OpenConnections.ID?
    private var deadline: Scheduled<Void>?
    private var requestCount = 0

    init(_ connections: OpenConnections, headTime: TimeAmount) {
        self.connections = connections
        self.headTime = headTime
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { begin(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        if let id { connections.end(id) }
        context.fireChannelInactive()
    }

    private func begin(_ context: ChannelHandlerContext) {
        guard !hasBegun else { return }
        hasBegun = true
        let channel = context.channel
        id = connections.begin(from: channel.remoteAddress.flatMap { PeerAddress($0) }) { channel.close(promise: nil) }
        guard id != nil else { return channel.close(promise: nil) }
        deadline = context.eventLoop.scheduleTask(in: headTime) { channel.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head = unwrapInboundIn(data) {
            deadline?.cancel()
            requestCount += 1
            if let id { connections.speaks(id) }
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .end = unwrapOutboundIn(data) else { return context.write(data, promise: promise) }
        // Whoever falls silent may be closed, so its answer must have left before.
        let written = promise ?? context.eventLoop.makePromise()
        written.futureResult.assumeIsolated().whenComplete { _ in self.answered() }
        context.write(data, promise: written)
    }

    private func answered() {
        requestCount -= 1
        if requestCount == 0, let id { connections.fellSilent(id) }
    }
}
