import Expectations
import Foundation
import Schedules
import Suites
import TestSupport
import Testing

@Suite struct ServiceDefinitionTests {
    private let folder: Scratch

    init() throws {
        folder = try Scratch()
        try folder.file("suite: good\nasset: files\ncolumns: {id: {required: true}}", "expectations/good.yaml")
    }

    private func load(_ text: String, _ environment: [String: String] = [:]) throws(SuiteProblems) -> Project {
        let assets = """
            assets:
              files: {csv: "x.csv"}
              made: {csv: "y.csv", upstream: [files]}
              silver: {delta: data/silver}
              gold: {delta: data/gold}

            """
        guard let path = try? folder.file(assets + text, "assay.yaml") else { throw SuiteProblems([]) }
        return try Project.load(path: path, environment: environment)
    }

    private func problems(_ text: String, _ environment: [String: String] = [:]) -> [String] {
        do {
            _ = try load(text, environment)
            return []
        } catch { return Fixtures.lines(error, showsFile: false) }
    }

    @Test func aValidationThatSaysNothingIsHourlyAndToldToAll() throws {
        let project = try load(
            "alerts: {a: {slack: \"https://hooks.example.com/x\"}, b: {teams: \"https://t.example.com\"}}")
        let rules = try #require(project.validations.first).rules
        #expect(rules.schedule == .hourly)
        #expect(rules.timeout == 3_600_000_000)
        #expect(rules.catchUp == .latest)
        #expect(rules.retries == 0)
        #expect(rules.watch == nil)
        #expect(rules.alerts == AlertPolicy(routes: ["a", "b"]))
        #expect(project.service == .standard)
    }

    @Test func readsAllThatCanBeSaidOfASchedule() throws {
        let project = try load(
            """
            pipelines:
              p: {source: {files: landing}, silver: {asset: silver}, gold: [{asset: gold, window: {column: at, size: 1h}, aggregate: {n: "count(*)"}}]}
            alerts: {a: {email: x@example.com}}
            mail: {host: smtp.example.com, from: x@example.com}
            validations:
              - suite: good
                schedule: {cron: "0 6 * * MON-FRI", timezone: Europe/Berlin}
                jitter: 30s
                timeout: never
                retries: 3
                catch_up: all
                after: p
                watch: 10s
                alerts: []
                alert_after: 2 of 3
                resolve_after: 2
            """)
        let rules = try #require(project.validations.first).rules
        let schedule = try Schedule(
            .cron(Cron("0 6 * * MON-FRI")), zone: ScheduleZone("Europe/Berlin"), jitter: 30_000_000)
        #expect(
            rules
                == ValidationRules(
                    schedule: schedule, timeout: nil, retries: 3, catchUp: .all, after: ["p"], watch: 10_000_000,
                    alerts: AlertPolicy(failures: 2, window: 3, successes: 2, routes: [])))
        #expect(project.lineage == ["made": ["files"], "gold": ["silver"]])
    }

    @Test(arguments: [
        ("schedule: \"@daily\"", "at 00:00"), ("every: 15m", "every 15m"), ("schedule: manual", "when somebody asks"),
    ])
    func cadences(_ text: String, _ said: String) throws {
        let project = try load("validations: [{suite: good, \(text)}]")
        #expect(try #require(project.validations.first).rules.schedule.cadence.description.contains(said))
    }

    @Test func whatIsWrongWithASchedule() {
        #expect(
            problems(
                """
                validations:
                  - {suite: good, schedule: "0 25 * * *"}
                  - {suite: good, asset: made, schedule: "@daily", every: 1h, timezone: Europe/Berln}
                  - {suite: good, asset: silver, every: 0s, catch_up: newest, after: [q], watch: 10ms, timeout: 0s}
                  - {suite: good, asset: gold, alerts: [nobody], alert_after: 4 of 3, resolve_after: 0, shedule: x}
                """) == [
                    "7:32 schedule: the hour must be 0 through 23, got 25 [bad-cron]",
                    "8:52 a validation has schedule or every, not both [bad-value]",
                    "8:73 there is no time zone \"Europe/Berln\" [bad-zone]",
                    "hint: did you mean Europe/Berlin?",
                    "9:41 an interval must be 1s through 366d, got 0s [bad-schedule]",
                    "9:55 catch_up must be one of latest, all, none, got \"newest\" [bad-value]",
                    "9:71 there is no pipeline \"q\" [unknown-pipeline]",
                    "hint: there are none",
                    "9:82 watch must be at least a second [bad-value]",
                    "9:97 timeout must be more than nothing, or never [bad-value]",
                    "10:41 there is no route \"nobody\" [unknown-route]",
                    "hint: there are none",
                    "10:63 alert_after must be a number of failures and of runs, got \"4 of 3\" [bad-value]",
                    "hint: write it as in 2 of 3: two of the latest three runs failed",
                    "10:86 resolve_after must be a whole number from 1 through 100, got 0 [bad-value]",
                    "10:89 a validation has no key \"shedule\" [unknown-key]",
                    "hint: did you mean schedule?",
                ])
    }

    @Test func whatHasNoEffectInAScheduleIsAMistake() {
        #expect(
            problems(
                """
                validations:
                  - {suite: good, schedule: manual, jitter: 5s, catch_up: all}
                  - {suite: good, asset: made, every: 1m, jitter: 61s}
                  - {suite: good, asset: gold, every: 1m, jitter: 60s}
                  - {suite: good, asset: silver, every: 36h, timezone: Asia/Kolkata}
                """) == [
                    "7:37 jitter goes with times, and schedule: manual has none [bad-value]",
                    "7:49 catch_up goes with times, and schedule: manual has none [bad-value]",
                    "8:51 jitter must not be longer than every: the next slot is due by then [bad-value]",
                    "10:46 timezone goes with cron lines and whole days: shorter intervals are due at the same time everywhere [bad-value]",
                ])
        #expect(problems("validations: [{suite: good, every: 2d, timezone: Asia/Kolkata}]").isEmpty)
        #expect(
            problems("validations: [{suite: good, schedule: manual, timezone: Asia/Kolkata}]") == [
                "6:47 timezone goes with times, and schedule: manual has none [bad-value]"
            ])
    }

    @Test func everyChannelWithAURLMayHaveItsOwnAuthorities() throws {
        let project = try load(
            """
            alerts:
              team:
                webhook: {url: "https://example.com/x", ca: ca.pem}
                slack: {url: "https://example.com/x", ca: ca.pem}
                pagerduty: {routing_key: k, ca: ca.pem}
                opsgenie: {api_key: k, ca: /etc/ssl/ca.pem}
                teams: "https://example.com/x"
            """)
        #expect(
            try project.alertRoute(named: "team")?.channels.map(\.certificateAuthorities) == [
                folder.path("ca.pem"), folder.path("ca.pem"), folder.path("ca.pem"), "/etc/ssl/ca.pem", nil,
            ])
    }

    /// Whoever looks at results doesn't have the service's secrets.
    @Test func secretsAreWantedByWhoeverUsesThem() throws {
        let text = """
            mail: {host: smtp.example.com, user: u, password: "${SMTP}", from: a@example.com}
            alerts:
              chat: {slack: "${HOOK}", at_or_above: critical}
              pager: {pagerduty: {routing_key: "${KEY}"}, email: [a@example.com]}
              mails: {email: [a@example.com]}
            service:
              tokens: [{token: "${TOKEN}", role: read}]
              lineage: {url: "https://lineage.example.com", token: "${LINEAGE}"}
            pipelines:
              p: {source: {http: {token: "${INGEST}"}}, silver: {asset: silver}}
            """
        let project = try load(text)
        func lacks(_ body: () throws(SuiteProblems) -> Void) -> [String] {
            do { try body() } catch { return error.errors.map { "\($0.location?.line ?? 0) \($0.message)" } }
            return []
        }
        let routes = project.alertRoutes
        #expect(routes.map(\.name) == ["chat", "pager", "mails"] && routes[0].atOrAbove == .critical)
        #expect(lacks { () throws(SuiteProblems) in _ = try routes[0].channels } == ["8 the environment has no HOOK"])
        #expect(lacks { () throws(SuiteProblems) in _ = try routes[1].channels } == ["9 the environment has no KEY"])
        #expect(lacks { () throws(SuiteProblems) in _ = try routes[2].channels } == [])
        #expect(lacks { () throws(SuiteProblems) in _ = try project.mail } == ["6 the environment has no SMTP"])
        #expect(
            lacks { () throws(SuiteProblems) in _ = try project.service.tokens } == ["12 the environment has no TOKEN"])
        #expect(project.lacking.compactMap(\.location?.line) == [6, 8, 9, 12, 13, 15])
        #expect(project.lacking.allSatisfy { $0.code == "unset-variable" })
        let all = [
            "SMTP": "s", "HOOK": "https://hooks.slack.com/a", "KEY": "k", "TOKEN": "0123456789abcdef", "LINEAGE": "l",
            "INGEST": "0123456789abcdef",
        ]
        #expect(try load(text, all).lacking.isEmpty)
        #expect(try load(text, all).mail?.password == "s")
    }

    /// A secret that is there and wrong is a mistake, and so is what stands beside one that isn't.
    @Test func mistakesBesideSecretsAreFoundWithoutThem() throws {
        #expect(
            problems("alerts: {chat: {slack: {url: \"${HOOK}\", allow_privat: true}}}") == [
                "6:31 the environment has no HOOK [unset-variable]", "hint: set it, or give a default: ${HOOK:-…}",
                "6:41 slack has no key \"allow_privat\" [unknown-key]", "hint: did you mean allow_private?",
            ])
    }

    /// Where the service is asked how it is must be known whatever else is wrong.
    @Test func theServicesPlaceIsReadOfAProjectWithMistakes() throws {
        func place(_ text: String, _ environment: [String: String] = [:]) throws -> ServicePlace? {
            ServicePlace(ofProject: try folder.file(text, "assay.yaml"), environment: environment)
        }
        let broken = "colour: blue\nvalidations: [{suite: nothing}]\n"
        #expect(
            try place(broken + "store: here.db\nservice: {listen: \"127.0.0.1:${P}\", tokens: \"${NONE}\"}", ["P": "9"])
                == ServicePlace(store: folder.path("here.db"), listen: "127.0.0.1:9"))
        #expect(
            try place(broken) == ServicePlace(store: folder.path("data/assay.db"), listen: "127.0.0.1:8080"))
        #expect(try place("service: {listen: [1]}")?.listen == nil)
        #expect(
            try place("service: {listen: \"${NONE}\"}")
                == ServicePlace(store: folder.path("data/assay.db"), listen: nil))
        #expect(try place("store: \"${NONE}\"") == nil)
        #expect(try place("service: {listen: 1") == nil)
        #expect(ServicePlace(ofProject: folder.path("gone.yaml"), environment: [:]) == nil)
        let windows = """
            maintenance:
              - {assets: ["*"], from: 2026-12-24T18:00, until: 2026-12-27T08:00, reason: migration}
              - {assets: ["*"], from: 2026-12-24T18:00}
            """
        #expect(try place(broken + windows)?.maintenance.map(\.reason) == ["migration"])
    }

    @Test func readsRoutes() throws {
        let project = try load(
            """
            service: {url: "https://assay.example.com/"}
            mail: {host: smtp.example.com, user: u, password: "${P}", from: "Assay <assay@example.com>", ca: ca.pem}
            alerts:
              team:
                slack: ["${S}", "https://hooks.slack.com/b"]
                email: {to: [a@example.com, b@example.com, A@Example.com], report: attach}
                at_or_above: warning
                remind_every: never
                rate_limit: 20 per 10m
              ops:
                webhook: {url: "http://10.0.0.1/x", secret: s, headers: {X-Team: data}, allow_private: true}
                pagerduty: {routing_key: "${K}"}
                opsgenie: {api_key: k, region: eu}
                google_chat: "https://chat.googleapis.com/x"
                discord: "https://discord.com/x"
                teams: {url: "https://teams.example.com/x"}
                links: https://elsewhere.example.com
            """, ["P": "secret", "S": "https://hooks.slack.com/a", "K": "key"])
        #expect(project.alertRoutes.map(\.name) == ["team", "ops"])
        let team = try #require(project.alertRoute(named: "team"))
        #expect(
            try team.channels.map(\.kind) == [
                .slack(url: "https://hooks.slack.com/a"), .slack(url: "https://hooks.slack.com/b"),
                .email(to: ["a@example.com", "b@example.com"], report: .attach),
            ])
        #expect(team.atOrAbove == .warning)
        #expect(team.remindEvery == nil)
        #expect(team.rateLimit == AlertRoute.RateLimit(count: 20, period: 600_000_000))
        #expect(team.links == "https://assay.example.com")
        let ops = try #require(project.alertRoute(named: "ops"))
        #expect(
            try ops.channels == [
                AlertChannel(
                    kind: .webhook(
                        url: "http://10.0.0.1/x", secret: "s",
                        headers: [AlertChannel.Header(name: "X-Team", value: "data")]), allowsPrivateAddresses: true),
                AlertChannel(
                    kind: .pagerDuty(url: "https://events.pagerduty.com/v2/enqueue", routingKey: "key"),
                    allowsPrivateAddresses: false),
                AlertChannel(
                    kind: .opsgenie(url: "https://api.eu.opsgenie.com", apiKey: "k"), allowsPrivateAddresses: false),
                AlertChannel(kind: .googleChat(url: "https://chat.googleapis.com/x"), allowsPrivateAddresses: false),
                AlertChannel(kind: .discord(url: "https://discord.com/x"), allowsPrivateAddresses: false),
                AlertChannel(kind: .teams(url: "https://teams.example.com/x"), allowsPrivateAddresses: false),
            ])
        #expect(ops.remindEvery == 86_400_000_000)
        #expect(ops.links == "https://elsewhere.example.com")
        #expect(try project.mail?.port == 587)
        #expect(try project.mail?.password == "secret")
        #expect(try project.mail?.certificateAuthorities?.hasSuffix("/ca.pem") == true)
    }

    @Test func whatIsWrongWithRoutesNeverShowsASecret() {
        let said = problems(
            """
            alerts:
              a: {slak: "https://x"}
              b: {slack: "http://hooks.example.com/${S}"}
              c: {email: "not an address"}
              d: {webhook: {url: "https://u:p@example.com/", headers: {"X Y": a, Z: "a\\nb"}}}
              e: {pagerduty: {}, opsgenie: {api_key: k, region: mars}}
              f: {slack: "https://x.example.com", rate_limit: often, remind_every: 1s, at_or_above: loud}
            mail: {host: "a b", from: x, security: none, password: "${S}"}
            """, ["S": "topsecret"])
        #expect(
            said == [
                "7:7 the route \"a\" has no key \"slak\" [unknown-key]",
                "hint: did you mean slack?",
                "8:14 slack must begin with https:// [bad-value]",
                "hint: for an address of your own network, say allow_private: true beside it",
                "9:14 email must be a mail address, got \"not an address\" [bad-value]",
                "hint: write it as in data@example.com",
                "10:22 url must not have a user or a password in it [bad-value]",
                "10:60 \"X Y\" is no name of a header [bad-value]",
                "10:73 Z must be one line of text [bad-value]",
                "11:18 pagerduty needs routing_key [missing-key]",
                "11:53 region must be us or eu, got \"mars\" [bad-value]",
                "12:51 rate_limit must be a number of messages and a duration, got the text \"often\" [bad-value]",
                "hint: write it as in 20 per 10m",
                "12:72 remind_every must be at least a minute, or never [bad-value]",
                "12:89 at_or_above must be one of info, warning, critical, got \"loud\" [bad-value]",
                "13:27 from must be a mail address, got \"x\" [bad-value]",
                "hint: write it as in data@example.com",
            ])
        #expect(!said.joined().contains("topsecret"))
    }

    @Test func mailNeedsAServer() {
        #expect(
            problems("alerts: {a: {email: x@example.com}}") == [
                "6:10 the route \"a\" sends mail, and no server is named that takes it [missing-key]",
                "hint: add mail: {host: …, from: …} to the project",
            ])
    }

    @Test func readsMaintenance() throws {
        let project = try load(
            """
            maintenance:
              - {assets: ["sil*"], from: 2026-12-24T18:00, until: 2026-12-27T08:00, timezone: Europe/Berlin, reason: moving}
              - {assets: ["*"], cron: "0 2 * * SUN", for: 2h}
            """)
        #expect(project.maintenance.count == 2)
        let first = try #require(project.maintenance.first)
        #expect(first.span == .once(from: 1_798_131_600_000_000, until: 1_798_354_800_000_000))
        #expect(first.covers(asset: "silver") && !first.covers(asset: "gold"))
        #expect(
            problems(
                """
                maintenance:
                  - {assets: [silvr], from: 2026-12-24T18:00, until: 2026-12-23T18:00}
                  - {from: x}
                  - {assets: ["*"], cron: "0 2 * * SUN"}
                  - {assets: ["gol*", "zzz*"], cron: "0 2 * * SUN", for: 1h}
                  - {assets: [], cron: "0 2 * * SUN", for: 1h}
                """) == [
                    "7:5 the window ends before it begins [bad-schedule]",
                    "hint: from: and until: are times of the same zone's clock",
                    "7:15 there is no asset \"silvr\" [unknown-asset]",
                    "hint: did you mean silver?",
                    "8:5 a maintenance window needs assets [missing-key]",
                    "hint: write assets: [\"*\"] for all",
                    "9:27 a maintenance window with cron needs for: how long it lasts [missing-key]",
                    "10:23 no asset's name fits \"zzz*\" [unknown-asset]",
                    "11:14 a maintenance window needs assets [bad-value]",
                    "hint: write assets: [\"*\"] for all",
                ])
    }

    @Test func readsTheService() throws {
        let project = try load(
            """
            service:
              listen: 0.0.0.0:8443
              url: https://assay.example.com
              tokens:
                - {token: "${T}", role: read, name: anna}
                - {token: 0123456789abcdef-in, role: ingest, pipelines: [p]}
              tls: {certificate: cert.pem, key: key.pem}
              grace: 1m
              validations_at_once: 4
              retention: {results: 400d, samples: 30d, reports: forever}
              lineage: {url: "https://lineage.example.com/api/v1/lineage", namespace: n, token: t}
            """, ["T": "0123456789abcdef-read"])
        let service = project.service
        #expect(
            try service.tokens == [
                ServiceDefinition.Token(secret: "0123456789abcdef-read", role: .read, name: "anna"),
                ServiceDefinition.Token(secret: "0123456789abcdef-in", role: .ingest, pipelines: ["p"]),
            ])
        #expect(service.listen == "0.0.0.0:8443" && service.listenMark?.line == 7)
        #expect(service.certificate?.chain.hasSuffix("cert.pem") == true && service.certificate?.keyMark.column == 37)
        #expect(service.grace == 60_000_000)
        #expect(service.validationsAtOnce == 4)
        #expect(
            service.retention
                == ServiceDefinition.Retention(
                    results: 400 * 86_400_000_000, samples: 30 * 86_400_000_000, reports: nil))
        #expect(
            try service.lineage
                == ServiceDefinition.Lineage(
                    target: .http(
                        url: "https://lineage.example.com/api/v1/lineage", token: "t", allowsPrivateAddresses: false),
                    namespace: "n"))
        #expect(
            problems(
                """
                service:
                  tokens: [{token: short, role: read}, {token: 0123456789abcdef, role: boss}]
                  tls: {certificate: c}
                  lineage: {namespace: n}
                  retention: {results: 1m}
                  listn: 80
                """) == [
                    "7:20 a token must have 16 visible ASCII characters or more [bad-value]",
                    "hint: make one: openssl rand -hex 32",
                    "7:72 role must be one of read, operate, ingest, got \"boss\" [bad-value]",
                    "8:8 tls needs certificate and key [missing-key]",
                    "9:12 lineage needs url or file, and not both [bad-value]",
                    "10:24 results must be kept an hour or longer [bad-value]",
                    "11:3 service has no key \"listn\" [unknown-key]",
                    "hint: did you mean listen?",
                ])
    }
}
