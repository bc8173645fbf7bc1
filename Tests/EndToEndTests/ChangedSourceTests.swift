import Foundation
import Testing

/// A pipeline whose source becomes another one: what was taken before is read, and what comes after is not mistaken for it.
@Suite struct ChangedSourceTests {
    private static let standardInput = "stdin: true"
    private static let folder = "files: landing, settle: 0s"

    private func set(_ source: String, _ assay: Assay) throws {
        try assay.write(
            """
            store: assay.db
            assets: {silver: {delta: silver}}
            pipelines:
              p: {source: {\(source)}, silver: {asset: silver}}

            """, to: "assay.yaml")
    }

    private func identities(_ assay: Assay) throws -> [String] {
        let run = try assay("inspect", "silver", "--rows", "100")
        return run.output.split(separator: "\n").map { String($0.prefix(8)) }.sorted()
    }

    /// A file of the landing folder has the name of the spool's first segment.
    @Test func aSegmentIsNoFileOfTheSameName() throws {
        let assay = try Assay()
        defer { assay.remove() }
        try set(Self.folder, assay)
        try assay.write("{\"id\":1}\n", to: "landing/segment-0000000001.jsonl")
        try #require(try assay("run", "--once").status == 0)
        try set(Self.standardInput, assay)
        let run = try assay("run", "--once", input: "{\"id\":2}\n")
        #expect(run.status == 0, "\(run.errors)")
        #expect(try identities(assay) == ["{\"id\":1,", "{\"id\":2,"])
        #expect(assay.names(in: "data/pipelines/p/spool").filter { $0.hasPrefix("segment") } == [])
    }

    /// Segments that no batch has read keep the source from being a folder, and are read under the one that they came through.
    @Test func whatWasTakenIsReadBeforeTheSourceIsAFolder() throws {
        let assay = try Assay()
        defer { assay.remove() }
        try set(Self.standardInput, assay)
        try #require(try assay("run", "--once", input: "{\"id\":0}\n").status == 0)
        let killed = try assay(
            "run", "--once", input: "{\"id\":1}\n", environment: ["ASSAY_DIE_AT": "planned:1"])
        try #require(killed.status == 9, "\(killed.status) \(killed.errors)")
        try set(Self.folder, assay)
        try assay.write("{\"id\":2}\n", to: "landing/a.jsonl")
        for command in [["run", "--once"], ["plan"]] {
            let refused = try assay.run(command)
            #expect(refused.status == 2, "\(refused.output)\(refused.errors)")
            #expect(refused.errors.contains("[source-changed]"), "\(refused.errors)")
            #expect(refused.errors.contains("segment-0000000002.jsonl"), "\(refused.errors)")
        }
        try set(Self.standardInput, assay)
        try #require(try assay("run", "--once").status == 0)
        try set(Self.folder, assay)
        let run = try assay("run", "--once")
        #expect(run.status == 0, "\(run.errors)")
        #expect(try identities(assay) == ["{\"id\":0,", "{\"id\":1,", "{\"id\":2,"])
    }
}
