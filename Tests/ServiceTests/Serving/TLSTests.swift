import Foundation
import Service
import TestSupport
import Testing

@Suite struct TLSTests {
    private struct Files {
        let certificate: String
        let key: String

        func read() throws(ServiceError) -> ServerTLS { try ServerTLS(certificate: certificate, key: key) }
    }

    /// A certificate for 127.0.0.1 and its key, made for the test.
    private static func make(_ name: String, in scratch: Scratch) throws -> Files {
        let tls = Files(certificate: scratch.path("\(name).pem"), key: scratch.path("\(name).key"))
        try run(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-out", tls.certificate, "-keyout",
                tls.key,
            ])
        return tls
    }

    @discardableResult
    private static func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: output.fileHandleForReading.everything(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }

    static let hasTools =
        (try? run("openssl", ["version"]).status) == 0 && (try? run("curl", ["--version"]).status) == 0

    @Test(.enabled(if: hasTools, "no openssl and curl are there")) func speaksTLSAndNothingElse() async throws {
        let scratch = try Scratch()
        let tls = try Self.make("server", in: scratch)
        let server = try await DeskServer(tls: tls.read())
        let port = server.port
        let answers = try await blocking {
            func curl(_ arguments: [String], _ scheme: String = "https") throws -> (status: Int32, output: String) {
                try Self.run(
                    "curl",
                    ["-s", "--max-time", "600", "--cacert", tls.certificate] + arguments + [
                        "\(scheme)://127.0.0.1:\(port)/healthz"
                    ])
            }
            return [
                try curl([]), try curl(["--tlsv1.3"]), try curl(["--tls-max", "1.2"]),
                try curl(["--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0"]), try curl([], "http"),
                // Closed after its answer, TLS or not.
                try curl(["-H", "Connection: close"]),
            ]
        }
        #expect(answers.prefix(3).allSatisfy { $0.status == 0 && $0.output == "{\"status\":\"ok\"}\n" }, "\(answers)")
        #expect(answers[3].status != 0 && answers[4].status != 0)
        #expect(answers[5].output == "{\"status\":\"ok\"}\n")
        let refused = try await blocking {
            try Self.run(
                "curl", ["-s", "--max-time", "600", "--cacert", tls.certificate, "https://127.0.0.1:\(port)/nothing"])
        }
        #expect(refused.status == 0 && refused.output.contains("not-found"), "\(refused)")
        let heads = try await blocking {
            try ["healthz", "nothing"].map { path in
                try Self.run(
                    "curl",
                    ["-s", "-i", "--max-time", "600", "--cacert", tls.certificate, "https://127.0.0.1:\(port)/\(path)"]
                ).output.lowercased()
            }
        }
        #expect(heads.allSatisfy { $0.contains("\nstrict-transport-security: max-age=31536000\r\n") }, "\(heads)")
        try await server.stop()
    }

    @Test(.enabled(if: hasTools, "no openssl and curl are there")) func saysWhatIsWrongWithItsFiles() throws {
        let scratch = try Scratch()
        let first = try Self.make("first", in: scratch)
        let second = try Self.make("second", in: scratch)
        try "no PEM".write(toFile: scratch.path("text"), atomically: true, encoding: .utf8)
        func error(_ tls: Files) -> ServiceError? {
            do throws(ServiceError) {
                _ = try tls.read()
                return nil
            } catch { return error }
        }
        let cases: [(Files, String, String)] = [
            (
                Files(certificate: first.certificate, key: second.key), "the key is not the certificate's",
                second.key
            ),
            (
                Files(certificate: scratch.path("gone"), key: first.key),
                "the certificate's file is not there, or may not be read", scratch.path("gone")
            ),
            (
                Files(certificate: first.certificate, key: scratch.path("gone")),
                "the key's file is not there, or may not be read", scratch.path("gone")
            ),
            (
                Files(certificate: scratch.path("text"), key: first.key),
                "the file has no certificate that can be read", scratch.path("text")
            ),
            (
                Files(certificate: first.certificate, key: scratch.path("text")),
                "the file has no key that can be read", scratch.path("text")
            ),
        ]
        for (tls, message, place) in cases {
            let error = try #require(error(tls))
            #expect(error.code == "bad-certificate" && error.message == message && error.place == place)
        }
        #expect(error(first) == nil)
    }

    /// Renewed files take effect without a new listener; so does TLS that is switched on or off.
    @Test(.enabled(if: hasTools, "no openssl and curl are there")) func changesItsCertificateWhileItListens()
        async throws
    {
        let scratch = try Scratch()
        let (first, second) = (try Self.make("first", in: scratch), try Self.make("second", in: scratch))
        let server = try await DeskServer(tls: first.read())
        let port = server.port
        func trusts(_ files: Files) async throws -> Bool {
            try await blocking {
                try Self.run(
                    "curl",
                    ["-s", "--max-time", "600", "--cacert", files.certificate, "https://127.0.0.1:\(port)/healthz"]
                ).status == 0
            }
        }
        #expect(try await trusts(first))
        var offer = server.offer
        offer.tls = try second.read()
        try server.server.replace(offer)
        #expect(try await !trusts(first))
        #expect(try await trusts(second))
        offer.tls = nil
        try server.server.replace(offer)
        let plain = try await server.ask("/healthz")
        #expect(plain.status == 200 && plain.field("Strict-Transport-Security") == nil)
        try await server.stop()
    }
}
