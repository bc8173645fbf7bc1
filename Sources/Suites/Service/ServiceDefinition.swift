public import Expectations

/// How `assay serve` listens, whom it lets in, and what it keeps for how long.
public struct ServiceDefinition: Sendable, Hashable {
    /// Whom a token lets do what.
    public struct Token: Sendable, Hashable {
        public enum Role: String, Sendable, Hashable, CaseIterable {
            /// Sees pages, results, metrics.
            case read
            /// Besides: triggers, acknowledges, snoozes, replays.
            case operate
            /// Sends records, and nothing else.
            case ingest
        }

        public let secret: String
        public let role: Role
        /// Pipelines that records may be sent to; `nil` for all.
        public let pipelines: [String]?
        /// Whose it is, as it is kept with what is done by it.
        public let name: String?

        public init(secret: String, role: Role, pipelines: [String]? = nil, name: String? = nil) {
            self.secret = secret
            self.role = role
            self.pipelines = pipelines
            self.name = name
        }
    }

    /// Paths of a certificate chain and its key, in PEM.
    public struct Certificate: Sendable, Hashable {
        public let chain: String
        public let chainMark: SourceMark
        public let key: String
        public let keyMark: SourceMark

        public init(chain: String, at chainMark: SourceMark, key: String, at keyMark: SourceMark) {
            self.chain = chain
            self.chainMark = chainMark
            self.key = key
            self.keyMark = keyMark
        }
    }

    /// How long things are kept, in microseconds; `nil` for ever.
    public struct Retention: Sendable, Hashable {
        public let results: Int64?
        /// Failing rows and frequent values of results.
        public let samples: Int64?
        public let reports: Int64?

        public init(results: Int64?, samples: Int64?, reports: Int64?) {
            self.results = results
            self.samples = samples
            self.reports = reports
        }
    }

    /// Where OpenLineage events go.
    public struct Lineage: Sendable, Hashable {
        public enum Target: Sendable, Hashable {
            case http(url: String, token: String?, allowsPrivateAddresses: Bool)
            /// A file of JSON Lines that grows.
            case file(String)
        }

        public let target: Target
        /// The namespace of jobs.
        public let namespace: String

        public init(target: Target, namespace: String) {
            self.target = target
            self.namespace = namespace
        }
    }

    /// `host:port`, or a port of this machine.
    public let listen: String
    public let listenMark: SourceMark?
    /// How the service is reached from outside, without a slash at its end; for links in messages.
    public let url: String?
    /// Throws what the environment lacks for them.
    public var tokens: [Token] { get throws(SuiteProblems) { try secretTokens.get() } }
    let secretTokens: SecretPart<[Token]>
    public let certificate: Certificate?
    /// How long runs in hand may go on when the service is asked to stop: microseconds.
    public let grace: Int64
    /// Validations that run at the same time, at most.
    public let validationsAtOnce: Int
    public let retention: Retention
    /// `nil` for nowhere; throws what the environment lacks for it.
    public var lineage: Lineage? { get throws(SuiteProblems) { try secretLineage.get() } }
    let secretLineage: SecretPart<Lineage?>
    public let mark: SourceMark?

    public static let standard = ServiceDefinition(
        listen: "127.0.0.1:8080", listenMark: nil, url: nil, tokens: SecretPart([]), certificate: nil,
        grace: 30_000_000,
        validationsAtOnce: 2,
        retention: Retention(results: nil, samples: nil, reports: nil), lineage: SecretPart(nil), mark: nil)

    init(
        listen: String, listenMark: SourceMark?, url: String?, tokens: SecretPart<[Token]>, certificate: Certificate?,
        grace: Int64, validationsAtOnce: Int, retention: Retention, lineage: SecretPart<Lineage?>, mark: SourceMark?
    ) {
        self.listen = listen
        self.listenMark = listenMark
        self.url = url
        secretTokens = tokens
        self.certificate = certificate
        self.grace = grace
        self.validationsAtOnce = validationsAtOnce
        self.retention = retention
        secretLineage = lineage
        self.mark = mark
    }
}
