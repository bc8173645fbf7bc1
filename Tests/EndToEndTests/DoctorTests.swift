import Foundation
import Ledger
import TestServers
import TestSupport
import Testing

/// The doctor over projects in which one thing is broken on purpose.
@Suite struct DoctorTests {
    private struct Finding: Decodable, Equatable {
        let check: String
        let level: String
        let subject: String
        let message: String
        let advice: String?
    }

    private struct Report: Decodable {
        let version: Int
        let findings: [Finding]
    }

    private static let sound = "store: assay.db\nreports: reports\nassets:\n  orders: {csv: orders.csv}\n"

    private func project(_ more: String = "", base: String = sound) throws -> Assay {
        let assay = try Assay()
        try assay.write("id,amount\n1,2\n", to: "orders.csv")
        try assay.write(
            "suite: orders\nasset: orders\ncolumns:\n  amount: {required: true}\n", to: "expectations/orders.yaml")
        try assay.write(base + more, to: "assay.yaml")
        return assay
    }

    private func look(
        _ assay: Assay, _ arguments: [String] = [], environment: [String: String] = [:]
    ) throws -> (status: Int32, findings: [Finding]) {
        let run = try assay.run(["doctor", "--format", "json"] + arguments, environment: environment)
        let report = try JSONDecoder().decode(Report.self, from: Data(run.output.utf8))
        #expect(report.version == 1)
        return (run.status, report.findings)
    }

    private func problems(_ findings: [Finding], _ check: String) -> [Finding] {
        findings.filter { $0.check == check && $0.level == "problem" }
    }

    @Test func aSoundProjectHasNoProblem() throws {
        let assay = try project()
        defer { assay.remove() }
        #expect(try assay("validate").status == 0)
        let (status, findings) = try look(assay)
        #expect(status == 0, "\(findings.filter { $0.level != "ok" })")
        let libraries = findings.filter { $0.check == "libraries" }
        #expect(
            libraries.map(\.subject) == [
                "libcurl", "SQLite", "libyaml", "PCRE2", "zlib", "zstd", "lz4", "snappy", "brotli",
            ])
        #expect(libraries.allSatisfy { $0.message.first?.isNumber == true || $0.subject == "snappy" })
        #expect(
            findings.contains { $0.check == "store" && $0.subject == "assay.db" && $0.message.hasPrefix("sound, ") })
        #expect(findings.contains { $0.check == "assets" && $0.subject == "orders" && $0.message == "1 file" })
        #expect(assay.names(in: ".").allSatisfy { !$0.contains("assay-doctor") })
    }

    @Test func linesAreForPeople() throws {
        let assay = try project()
        defer { assay.remove() }
        let run = try assay("doctor")
        #expect(
            run.output.contains("ok       project       assay.yaml: 1 suite, 1 asset, 1 validation, 0 pipelines\n"))
    }

    @Test func mistakesAreCounted() throws {
        let assay = try project("colour: blue\n")
        defer { assay.remove() }
        let (status, findings) = try look(assay)
        #expect(status == 1)
        let problem = try #require(problems(findings, "project").first)
        #expect(problem.message.hasPrefix("a mistake, the first: ") && problem.message.contains("colour"))
        #expect(problem.advice == "assay check shows them with their places")
    }

    /// Whatever `check` refuses a doctor must find.
    @Test func mistakesThatOnlyAServiceMeetsAreTold() throws {
        let assay = try project(
            """
              late: {csv: late.csv}
            service:
              listen: 0.0.0.0:80800
              tls: {certificate: gone.pem, key: assay.yaml}
              tokens: [{token: "${ASSAY_NO_SUCH_TOKEN}", role: read}]

            """)
        defer { assay.remove() }
        let (status, findings) = try look(assay)
        #expect(status == 1)
        #expect(
            problems(findings, "project").map { "\($0.subject) \($0.message)" } == [
                "assay.yaml:7:11 \"0.0.0.0:80800\" is no address to listen on [unusable-address]",
                "assay.yaml:8:22 gone.pem: the certificate's file is not there, or may not be read [bad-certificate]",
                "assay.yaml:9:21 the environment has no ASSAY_NO_SUCH_TOKEN [unset-variable]",
            ])
        let check = try assay("check")
        #expect(check.status == 2 && check.errors.hasSuffix("3 problems in 1 file\n"), "\(check.errors)")
    }

    @Test func withoutAProjectFileTheMachineIsLookedAtStill() throws {
        let assay = try Assay()
        defer { assay.remove() }
        let (status, findings) = try look(assay)
        #expect(status == 1)
        #expect(problems(findings, "project").map(\.message) == ["there is no project file"])
        #expect(findings.contains { $0.check == "limits" } && !findings.contains { $0.check == "store" })
    }

    @Test func aDamagedStoreIsFound() throws {
        let assay = try project()
        defer { assay.remove() }
        #expect(try assay("validate").status == 0)
        let path = assay.folder.appendingPathComponent("assay.db")
        for name in ["assay.db-wal", "assay.db-shm"] {
            try? FileManager.default.removeItem(at: assay.folder.appendingPathComponent(name))
        }
        var data = try Data(contentsOf: path)
        for index in 8_192..<data.count { data[index] = 0xA5 }
        try data.write(to: path)
        let (status, findings) = try look(assay)
        #expect(status == 1)
        #expect(problems(findings, "store").first?.message.contains("damaged") == true)
    }

    @Test func anotherProgramsFileIsNoStore() throws {
        let assay = try project()
        defer { assay.remove() }
        try assay.write("a text", to: "assay.db")
        let (_, findings) = try look(assay)
        #expect(problems(findings, "store").first?.message.contains("[not-a-database]") == true)
    }

    @Test func aStoreThatAnybodyCanChangeIsTold() throws {
        let assay = try project()
        defer { assay.remove() }
        #expect(try assay("validate").status == 0)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o666], ofItemAtPath: assay.folder.appendingPathComponent("assay.db").path)
        let (_, findings) = try look(assay)
        #expect(problems(findings, "store").map(\.advice) == ["chmod o-w"])
    }

    /// A clock that was ahead leaves its traces in the store.
    @Test func whatAClockThatWasAheadHasDoneIsTold() throws {
        let assay = try project()
        defer { assay.remove() }
        #expect(try assay("validate", "--now", "2199-01-01T00:00:00Z").status == 0)
        // 2200-01-01T00:00:00Z.
        let slot: Int64 = 7_258_118_400_000_000
        let ledger = try Ledger(path: assay.folder.appendingPathComponent("assay.db").path)
        try ledger.transaction { transaction in
            try transaction.register([(Validation(suite: "orders", asset: "orders"), "every hour")], now: slot)
        }
        try ledger.close()
        let (status, findings) = try look(assay)
        #expect(status == 0)
        let warnings = findings.filter { $0.check == "store" && $0.level == "warning" }
        #expect(
            warnings.map(\.message) == [
                "schedules were done through 2200-01-01T00:00:00Z, which is ahead of the clock",
                "a run is dated 2199-01-01T00:00:00Z, which is ahead of the clock",
            ])
        #expect(
            warnings.map(\.advice) == [
                "look at the clock; where it was set back, cron lines wait until then, or for a day at the most",
                "look at the clock; what is dated ahead of it isn't shown as the latest run where there are others",
            ])
    }

    @Test func foldersThatAreFilesAreTold() throws {
        let assay = try project(
            base: "store: blocked/assay.db\nreports: blocked/reports\nassets:\n  orders: {csv: orders.csv}\n")
        defer { assay.remove() }
        try assay.write("", to: "blocked")
        let (status, findings) = try look(assay)
        #expect(status == 1)
        #expect(problems(findings, "reports").count == 1 && problems(findings, "store").count == 1)
    }

    @Test func dataThatIsNotThereIsTold() throws {
        let assay = try project("  ghost: {csv: nowhere/*.csv}\n  table: {delta: nowhere/table}\n")
        defer { assay.remove() }
        let (status, findings) = try look(assay)
        #expect(status == 1)
        #expect(problems(findings, "assets").map(\.subject) == ["ghost", "table"])
    }

    @Test func aTemporaryFolderMustBeThereAndPrivate() throws {
        let assay = try project()
        defer { assay.remove() }
        let absent = try look(assay, environment: ["TMPDIR": "/nowhere/at/all"])
        #expect(problems(absent.findings, "temporary").map(\.subject) == ["/nowhere/at/all"])
        let shared = assay.folder.appendingPathComponent("shared").path
        try FileManager.default.createDirectory(atPath: shared, withIntermediateDirectories: false)
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: shared)
        let open = try look(assay, environment: ["TMPDIR": shared])
        #expect(
            problems(open.findings, "temporary").map(\.message) == ["everybody may remove the files of others there"])
    }

    /// Only whoever connects finds out by himself, which may be at night.
    @Test func certificatesThatCannotBeReadAreNamed() throws {
        let assay = try project(
            """
            alerts: {team: {webhook: {url: "https://127.0.0.1:9/x", allow_private: true, ca: gone.pem}}}
            mail: {host: 127.0.0.1, port: 9, security: none, from: "a@example.com", ca: assay.yaml}

            """)
        defer { assay.remove() }
        let gone = "the file of certificates to trust can't be read: gone.pem"
        let (_, findings) = try look(assay)
        #expect(
            problems(findings, "certificates").map { "\($0.subject): \($0.message)" } == [
                "team, webhook: \(gone) [bad-certificates]",
                "mail: the file of certificates to trust has none in PEM: assay.yaml [bad-certificates]",
            ])
        let check = try assay.run(["check"])
        #expect(check.status == 0 && check.errors.contains("warning: team, webhook: \(gone)\n"), "\(check.errors)")
    }

    @Test func receiversThatCannotBeReachedAreToldWithoutTheirSecrets() throws {
        let assay = try project(
            """
            alerts:
              team:
                slack: "https://assay-no-such-host.invalid/services/T0/secretPath01"
                webhook: {url: "http://127.0.0.1:9/hook/secretPath02", allow_private: true}
            mail: {host: 127.0.0.1, port: 9, security: none, from: "a@example.com"}

            """)
        defer { assay.remove() }
        let (status, findings) = try look(assay)
        #expect(status == 1)
        #expect(
            Set(problems(findings, "receivers").map { "\($0.subject): \($0.message)" }) == [
                "team, slack: assay-no-such-host.invalid:443: its name can't be resolved [unknown-host]",
                "team, webhook: 127.0.0.1:9: nobody answers there [unreachable]",
            ])
        #expect(problems(findings, "mail").map(\.message) == ["nobody answers there [unreachable]"])
        #expect(!findings.contains { "\($0)".contains("secretPath") })
    }

    @Test(.enabled(if: TestServer.isThere, Comment(rawValue: TestServer.absence)))
    func everyReceiverIsWrittenToWhereThatIsAskedFor() throws {
        let server = try TestServer.http()
        let assay = try project(
            """
            alerts:
              team:
                webhook:
                  - {url: "http://127.0.0.1:\(server.port)/first/200", allow_private: true}
                  - {url: "http://127.0.0.1:\(server.port)/echo/404/secretPath03", allow_private: true}

            """)
        defer { assay.remove() }
        #expect(try look(assay).status == 0)
        #expect(try server.received().isEmpty, "nothing is sent that nobody asked for")
        let (status, findings) = try look(assay, ["--send"])
        #expect(status == 1)
        let routes = findings.filter { $0.check == "routes" }
        #expect(routes.map(\.level) == ["ok", "problem"])
        #expect(routes.last?.message.contains("404") == true)
        #expect(!findings.contains { "\($0)".contains("secretPath") })
        let received = try server.received()
        #expect(received.count == 2)
    }

    @Test func aSecretInAFileThatOthersReadIsTold() throws {
        let assay = try project("service: {tokens: [{token: a-token-that-is-long-enough-to-be-one, role: read}]}\n")
        defer { assay.remove() }
        let path = assay.folder.appendingPathComponent("assay.yaml").path
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        #expect(try look(assay).findings.contains { $0.check == "project" && $0.level == "warning" })
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        #expect(try !look(assay).findings.contains { $0.check == "project" && $0.level == "warning" })
    }

    /// Each kind of secret by its first place; what comes from the environment doesn't stand there.
    @Test func everyKindOfSecretThatOthersReadIsTold() throws {
        let assay = try project(
            """
            alerts:
              team:
                slack: ["https://127.0.0.1:9/services/T0/inlinePath01", "https://127.0.0.1:9/services/T0/inlinePath02"]
                webhook: {url: "https://127.0.0.1:9/x", secret: inline-secret-03, headers: {Authorization: "Bearer inline-header-04"}}
                pagerduty: {url: "https://127.0.0.1:9", routing_key: inline-routing-key-05}
                opsgenie: {url: "https://127.0.0.1:9", api_key: "${OPSGENIE}"}
                email: [a@example.com]
            mail: {host: 127.0.0.1, port: 9, user: u, password: inline-password-06, from: "a@example.com"}
            service: {tokens: [{token: inline-token-of-some-length-07, role: read}]}

            """)
        defer { assay.remove() }
        let path = assay.folder.appendingPathComponent("assay.yaml").path
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        let findings = try look(assay, environment: ["OPSGENIE": "outside-api-key-08"]).findings
        let words = " stands there, and everybody on this machine can read the file"
        #expect(
            findings.filter { $0.check == "project" && $0.level == "warning" }.map { "\($0.subject) \($0.message)" }
                == [
                    "assay.yaml:13:28 a token\(words)", "assay.yaml:12:53 the mail server's password\(words)",
                    "assay.yaml:7:33 a receiver's address\(words)",
                    "assay.yaml:8:53 the secret that a webhook is signed with\(words)",
                    "assay.yaml:8:97 a header of a webhook\(words)",
                    "assay.yaml:9:58 a routing key of PagerDuty\(words)",
                ])
        #expect(!findings.contains { "\($0)".contains("inline-") || "\($0)".contains("inlinePath") })
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
        #expect(
            try !look(assay, environment: ["OPSGENIE": "outside-api-key-08"]).findings.contains {
                $0.message.contains("stands there")
            })
    }

    @Test func aStoreWhoseFolderIsNotThereIsTold() throws {
        let assay = try project(
            base: "store: dta/results.db\nreports: reports\nassets:\n  orders: {csv: orders.csv}\n")
        defer { assay.remove() }
        let (status, findings) = try look(assay)
        #expect(status == 1)
        #expect(problems(findings, "store").map(\.message) == ["the store's folder isn't there"])
        let run = try assay("validate")
        #expect(
            run.status == 3 && run.errors.contains("there is no directory")
                && run.errors.contains("[unwritable-directory]"))
        #expect(assay.names(in: ".").allSatisfy { $0 != "dta" })
    }

    @Test func fewOpenFilesAreTold() throws {
        let assay = try project()
        defer { assay.remove() }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "ulimit -n 128; exec \"$0\" doctor", Assay.binary.path]
        process.currentDirectoryURL = assay.folder
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.everything(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 1)
        #expect(text.contains("problem  limits        open files: 128 at a time; raise it: ulimit -n 65536"))
    }

    @Test func aServiceThatIsNotThereHasNoHealth() throws {
        let assay = try project()
        defer { assay.remove() }
        let run = try assay("health", "--url", "http://127.0.0.1:9/readyz", "--timeout", "2")
        #expect(run.status == 3)
        #expect(run.errors == "error: 127.0.0.1:9: nobody answers there [unreachable]\n")
        let slip = try assay("health", "--url", "127.0.0.1")
        #expect(
            slip.status == 3 && slip.errors.hasPrefix("error: 127.0.0.1: the address can't be used"), "\(slip.errors)")
    }
}
