import Foundation
import TestSupport
import Testing

/// Whether the files of docs/deploy say what is true of the package and its binary.
@Suite struct DeploymentTests {
    private func text(_ path: String) throws -> String {
        try String(contentsOf: Assay.package.appendingPathComponent(path), encoding: .utf8)
    }

    @Test func theImageIsBuiltWithTheLibrariesThatTheScriptsInstall() throws {
        let setup = try text("scripts/setup.sh")
        let line = try #require(setup.split(separator: "\n").first { $0.contains("local packages=\"libyaml-dev") })
        let packages = line.split(separator: "\"")[1].split(separator: " ")
        let image = try text("docs/deploy/Dockerfile")
        for package in packages { #expect(image.contains(" \(package)"), "\(package)") }
    }

    /// What the loader looks for, and which Debian package has it; whatever comes with every system is left out.
    private static let packages = [
        "libyaml-0": "libyaml-0-2", "libsqlite3": "libsqlite3-0", "libcurl": "libcurl4", "libpcre2-8": "libpcre2-8-0",
        "libz": "zlib1g", "libzstd": "libzstd1", "libsnappy": "libsnappy1v5", "liblz4": "liblz4-1",
        "libbrotlidec": "libbrotli1", "libbrotlienc": "libbrotli1", "libstdc++": "libstdc++6",
    ]
    private static let ofTheSystem: Set<String> = ["libc", "libm", "libgcc_s", "ld-linux-x86-64", "ld-linux-aarch64"]
    /// Linked statically in the image.
    private static let ofSwift = ["libswift", "libFoundation", "lib_Foundation", "libdispatch", "libBlocksRuntime"]

    @Test func theImageHasTheLibrariesThatTheBinaryIsLinkedTo() throws {
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/readelf") else { return }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/readelf")
        process.arguments = ["-d", Assay.binary.path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let lines = String(decoding: output.fileHandleForReading.everything(), as: UTF8.self).split(
            separator: "\n")
        process.waitUntilExit()
        let needed = lines.filter { $0.contains("(NEEDED)") }.compactMap { line in
            line.split(separator: "[").last.map { String($0.prefix { $0 != "]" }) }
        }
        #expect(needed.count > 8)
        let image = try text("docs/deploy/Dockerfile")
        let guide = try text("docs/guides/operations.md")
        for library in needed where !Self.ofSwift.contains(where: { library.hasPrefix($0) }) {
            let name = String(library.prefix { $0 != "." })
            if Self.ofTheSystem.contains(name) { continue }
            let package = try #require(Self.packages[name], "which package has \(library)?")
            #expect(image.contains(" \(package) "), "\(package) is missing in the image")
            #expect(guide.contains(" \(package) "), "\(package) is missing in the guide")
        }
    }

    @Test func commandsHaveTheOptionsThatAreWritten() throws {
        let assay = try Assay()
        defer { assay.remove() }
        let serve = try assay("serve", "--help").output
        for option in ["--project", "--log-format"] { #expect(serve.contains(option)) }
        #expect(try assay("health", "--help").output.contains("--url"))
        for file in ["assay.service", "Dockerfile", "kubernetes/assay.yaml"] {
            #expect(try text("docs/deploy/" + file).contains("serve"))
        }
    }

    /// By `assay health`, which knows TLS.
    @Test func everyProbeWorksWithTLS() throws {
        #expect(
            try text("docs/deploy/Dockerfile").contains(
                "CMD [\"/usr/local/bin/assay\", \"health\", \"--url\", \"http://"))
        let manifest = try text("docs/deploy/kubernetes/assay.yaml")
        #expect(!manifest.contains("httpGet"))
        #expect(manifest.split(separator: "\n").count { $0.contains("command: [assay, health, --url, \"http://") } == 3)
    }

    /// Who applies the folder must not get a token that everybody knows, nor lose his own.
    @Test func whatIsAppliedHasNoSecret() throws {
        for file in ["assay.yaml", "configuration.yaml"] {
            #expect(try !text("docs/deploy/kubernetes/" + file).contains("kind: Secret\n"))
        }
        let template = try text("docs/deploy/kubernetes/secret.yaml.template")
        let values = template.split(separator: "\n").drop { $0 != "stringData:" }.dropFirst()
        #expect(values.count == 2 && values.allSatisfy { $0.hasSuffix(": \"\"") })
    }

    /// The project in the manifests is one.
    @Test func theConfigurationIsSound() throws {
        let assay = try Assay()
        defer { assay.remove() }
        let lines = try text("docs/deploy/kubernetes/configuration.yaml").split(
            separator: "\n", omittingEmptySubsequences: false)
        func block(_ key: String) -> String {
            let rest = lines.drop { $0 != "  \(key): |" }.dropFirst()
            return rest.prefix { $0.hasPrefix("    ") }.map { $0.dropFirst(4) + "\n" }.joined()
        }
        let project = block("assay.yaml").replacing("/etc/assay-expectations", with: "expectations")
        try assay.write(project, to: "assay.yaml")
        try assay.write(block("orders.yaml"), to: "expectations/orders.yaml")
        let variables = [
            "READ_TOKEN": "replace-me-with-32-random-characters",
            "SLACK_WEBHOOK": "https://hooks.slack.example/replace/me",
        ]
        let check = try assay("check", environment: variables)
        #expect(check.status == 0, "\(check.errors)")
    }
}
