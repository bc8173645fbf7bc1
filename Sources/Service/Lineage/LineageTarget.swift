import Foundation
public import Suites
public import Transport

/// Takes one event to where lineage is gathered.
public struct LineageTarget: Sendable {
    /// Why an event didn't arrive.
    public struct Failure: Error, Sendable, Equatable {
        /// Without secrets.
        public let words: String
        /// Whether the same event may arrive another time.
        public let mayHelpToRetry: Bool

        public init(words: String, mayHelpToRetry: Bool) {
            self.words = words
            self.mayHelpToRetry = mayHelpToRetry
        }
    }

    /// Returns once the event has arrived.
    public let send: @Sendable (_ event: String) async throws(Failure) -> Void

    public init(send: @escaping @Sendable (String) async throws(Failure) -> Void) { self.send = send }

    /// Where a project says.
    public init(_ target: ServiceDefinition.Lineage.Target, over http: HTTPSender) {
        switch target {
        case .file(let path): self.init(appendingTo: path)
        case .http(let url, let token, let allowsPrivate):
            self.init(send: { event async throws(Failure) in
                let fields =
                    [HTTPField("Content-Type", "application/json")]
                    + (token.map { [HTTPField("Authorization", "Bearer \($0)")] } ?? [])
                let request = HTTPRequest(
                    .post, url, headers: fields, body: Array(event.utf8),
                    addresses: allowsPrivate ? .anywhere : .publicOnly, responseLimit: 1 << 16, extent: .head)
                let answer: HTTPResponse
                do throws(TransportError) { answer = try await http.send(request) } catch {
                    throw Failure(
                        words: "\(error.place): \(error.message) [\(error.code)]", mayHelpToRetry: error.mayHelpToRetry)
                }
                guard !answer.isSuccess else { return }
                throw Failure(
                    words: "it answered \(answer.status)",
                    // What a request says of itself doesn't change; a missing right may come.
                    mayHelpToRetry: answer.status >= 500 || [401, 403, 404, 408, 425, 429].contains(answer.status))
            })
        }
    }

    /// A file of JSON Lines that only grows; it is made where it isn't there.
    ///
    /// An event is durable before it counts as sent. What a crash tore is ended by a line break, and its event follows whole.
    public init(appendingTo path: String) {
        self.init(send: { event async throws(Failure) in
            let words = await BlockingWork.run { _ in Self.append(event, to: path) }
            if let words { throw Failure(words: "\(path): \(words)", mayHelpToRetry: true) }
        })
    }

    /// Why it failed.
    private static func append(_ event: String, to path: String) -> String? {
        let descriptor = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { return String(cString: strerror(errno)).lowercased() }
        defer { close(descriptor) }
        var last: UInt8 = 0x0A
        let end = lseek(descriptor, 0, SEEK_END)
        if end > 0 { _ = pread(descriptor, &last, 1, end - 1) }
        let line = Array(((last == 0x0A ? "" : "\n") + event + "\n").utf8)
        var written = 0
        while written < line.count {
            let count = line[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 || errno == EINTR else { return String(cString: strerror(errno)).lowercased() }
            written += max(count, 0)
        }
        return fsync(descriptor) == 0 || errno == EINVAL ? nil : String(cString: strerror(errno)).lowercased()
    }
}
