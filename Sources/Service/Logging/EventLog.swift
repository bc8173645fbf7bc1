import Foundation
public import Logging
public import Suites

/// A handler of swift-log's that writes one line an event, without secrets.
///
/// The names of what an event is about come first and in one order (`run`, `suite`, `asset`, …), all others after them by name.
public struct EventLog: LogHandler {
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?
    public var logLevel: Logger.Level

    private let format: LogFormat
    private let secrets: @Sendable () -> Secrets
    private let now: @Sendable () -> Int64
    private let write: @Sendable (String) -> Void

    public init(
        level: Logger.Level, format: LogFormat, secrets: Secrets = Secrets(),
        now: @escaping @Sendable () -> Int64, write: @escaping @Sendable (String) -> Void = EventLog.standardError
    ) {
        self.init(level: level, format: format, secretsNow: { secrets }, now: now, write: write)
    }

    /// `secretsNow` gives what is to be hidden at the moment; `now` microseconds since 1970; `write` takes whole lines, and from many
    /// threads at once.
    public init(
        level: Logger.Level, format: LogFormat, secretsNow: @escaping @Sendable () -> Secrets,
        now: @escaping @Sendable () -> Int64, write: @escaping @Sendable (String) -> Void = EventLog.standardError
    ) {
        logLevel = level
        self.format = format
        secrets = secretsNow
        self.now = now
        self.write = write
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        var all = metadata
        for (key, value) in metadataProvider?.get() ?? [:] { all[key] = value }
        for (key, value) in event.metadata ?? [:] { all[key] = value }
        let secrets = secrets()
        var values = Self.sorted(all).map { (key: $0.key, value: secrets.redacted($0.value.description)) }
        if let error = event.error { values.append(("error", secrets.redacted(String(describing: error)))) }
        write(
            format.line(
                at: now(), level: event.level.rawValue, event: secrets.redacted(event.message.description),
                values: values))
    }

    private static let first = [
        "run", "suite", "asset", "expectation", "pipeline", "batch", "route", "channel", "incident", "code",
    ]

    private static func sorted(_ metadata: Logger.Metadata) -> [(key: String, value: Logger.MetadataValue)] {
        let ranks = Dictionary(first.enumerated().map { ($1, $0) }) { rank, _ in rank }
        return metadata.sorted { left, right in
            (ranks[left.key] ?? first.count, left.key) < (ranks[right.key] ?? first.count, right.key)
        }
    }

    /// Writes a line to standard error in one call, so that lines of several threads don't mix.
    ///
    /// Nobody is told where that fails: there is no other place to tell it.
    public static let standardError: @Sendable (String) -> Void = { line in
        let bytes = Array(line.utf8)
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while let base = UnsafeRawBufferPointer(rebasing: rest).baseAddress, !rest.isEmpty {
                let count = Foundation.write(2, base, rest.count)
                guard count > 0 || errno == EINTR else { return }
                rest = rest.dropFirst(max(count, 0))
            }
        }
    }
}
