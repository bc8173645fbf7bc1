public import Expectations

/// Whom alerts are told, on which channels, and how often.
public struct AlertRoute: Sendable, Hashable {
    /// A limit to how much is sent to one channel.
    public struct RateLimit: Sendable, Hashable {
        public let count: Int
        /// Microseconds.
        public let period: Int64

        public init(count: Int, period: Int64) {
            self.count = count
            self.period = period
        }
    }

    public let name: String
    /// In the order of the file; throws what the environment lacks for them.
    public var channels: [AlertChannel] { get throws(SuiteProblems) { try secretChannels.get() } }
    let secretChannels: SecretPart<[AlertChannel]>
    /// Alerts of lower severity are not told.
    public let atOrAbove: Severity
    /// Microseconds between two reminders; `nil` for none.
    public let remindEvery: Int64?
    /// `nil` for none.
    public let rateLimit: RateLimit?
    /// Where reports and pages are found, without a slash at its end; `nil` where messages have no links.
    public let links: String?
    public let mark: SourceMark

    public init(
        name: String, channels: [AlertChannel], atOrAbove: Severity, remindEvery: Int64?, rateLimit: RateLimit?,
        links: String?, mark: SourceMark
    ) {
        self.init(
            name: name, channels: SecretPart(channels), atOrAbove: atOrAbove, remindEvery: remindEvery,
            rateLimit: rateLimit, links: links, mark: mark)
    }

    init(
        name: String, channels: SecretPart<[AlertChannel]>, atOrAbove: Severity, remindEvery: Int64?,
        rateLimit: RateLimit?, links: String?, mark: SourceMark
    ) {
        self.name = name
        secretChannels = channels
        self.atOrAbove = atOrAbove
        self.remindEvery = remindEvery
        self.rateLimit = rateLimit
        self.links = links
        self.mark = mark
    }
}

/// One way in which a route reaches people.
public struct AlertChannel: Sendable, Hashable {
    /// What kind of receiver it is, and what reaches it.
    ///
    /// URLs, keys and secrets are not to be shown to anybody.
    public enum Kind: Sendable, Hashable {
        /// JSON of our own form; signed with the secret where there is one.
        case webhook(url: String, secret: String?, headers: [Header])
        case slack(url: String)
        case teams(url: String)
        case googleChat(url: String)
        case discord(url: String)
        /// Events API v2.
        case pagerDuty(url: String, routingKey: String)
        /// Alert API.
        case opsgenie(url: String, apiKey: String)
        case email(to: [String], report: MailedReport)
    }

    public struct Header: Sendable, Hashable {
        public let name: String
        public let value: String

        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// How a mail brings the report.
    public enum MailedReport: String, Sendable, Hashable, CaseIterable {
        case link, attach, none
    }

    public let kind: Kind
    /// Whether addresses of this machine and of private networks may be called.
    public let allowsPrivateAddresses: Bool
    /// A file of certificates to trust instead of the system's; mails go by their server's.
    public let certificateAuthorities: String?

    public init(kind: Kind, allowsPrivateAddresses: Bool, certificateAuthorities: String? = nil) {
        self.kind = kind
        self.allowsPrivateAddresses = allowsPrivateAddresses
        self.certificateAuthorities = certificateAuthorities
    }

    /// As it is called in the project file.
    public var name: String {
        switch kind {
        case .webhook: "webhook"
        case .slack: "slack"
        case .teams: "teams"
        case .googleChat: "google_chat"
        case .discord: "discord"
        case .pagerDuty: "pagerduty"
        case .opsgenie: "opsgenie"
        case .email: "email"
        }
    }
}

/// The server that takes mails, and who they are from.
public struct MailServer: Sendable, Hashable {
    public enum Security: String, Sendable, Hashable, CaseIterable {
        /// Begins in the clear and must change to TLS before anything is said.
        case starttls
        /// TLS from the first byte.
        case tls
        /// In the clear; with a password only where the server is on this machine.
        case none
    }

    public let host: String
    public let port: Int
    public let security: Security
    public let user: String?
    public let password: String?
    /// `Name <address>`, or an address.
    public let from: String
    /// A file of certificates to trust instead of the system's.
    public let certificateAuthorities: String?

    public init(
        host: String, port: Int, security: Security, user: String?, password: String?, from: String,
        certificateAuthorities: String?
    ) {
        self.host = host
        self.port = port
        self.security = security
        self.user = user
        self.password = password
        self.from = from
        self.certificateAuthorities = certificateAuthorities
    }
}
