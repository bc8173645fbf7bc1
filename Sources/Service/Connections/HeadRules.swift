import NIOCore
import NIOHTTP1

/// What RFC 9112 asks of a server beyond reading heads: one host a request, an end of the connection where HTTP/1.0 doesn't ask for
/// more, and a word for heads that are too large.
///
/// What it refuses takes the way of a head that can't be read: it is answered in its turn, and the connection closes behind the answer.
final class HeadRules: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private var isRefused = false
    private var isTooLarge = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isRefused else { return }
        guard case .head(var head) = unwrapInboundIn(data) else { return context.fireChannelRead(data) }
        let hosts = head.headers["host"].count
        let isOld = [.http0_9, .http1_0].contains(head.version)
        guard hosts == 1 || (hosts == 0 && isOld) else {
            isRefused = true
            return context.fireErrorCaught(HTTPParserError.invalidHeaderToken)
        }
        if isOld, !head.isKeepAlive { head.headers.replaceOrAdd(name: "connection", value: "close") }
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if case .headerOverflow? = error as? HTTPParserError { isTooLarge = true }
        context.fireErrorCaught(error)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard isTooLarge, case .head(var head) = unwrapOutboundIn(data), Self.isOfAnUnreadHead(head) else {
            return context.write(data, promise: promise)
        }
        head.status = .requestHeaderFieldsTooLarge
        context.write(wrapOutboundOut(.head(head)), promise: promise)
    }

    /// Whether it is the framework's answer to what can't be read, and not one to a request before it.
    private static func isOfAnUnreadHead(_ head: HTTPResponseHead) -> Bool {
        head.status == .badRequest && head.headers["connection"] == ["close"] && head.headers["content-length"] == ["0"]
    }
}
