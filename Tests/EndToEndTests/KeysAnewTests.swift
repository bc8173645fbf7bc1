import Foundation
import Testing

/// A rule that is added to a running pipeline knows what silver has, whenever the process dies that reads it.
@Suite struct KeysAnewTests {
    private let assay: Assay

    init() throws {
        assay = try Assay()
        try assay.write(
            """
            assets:
              silver: {delta: silver}
            pipelines:
              events:
                source: {files: landing, settle: 0s}
                silver: {asset: silver, gate: {suite: events}}
            """, to: "assay.yaml")
        try assay.write("suite: events\ncolumns: {id: {required: true}}\n", to: "expectations/events.yaml")
        try land("a", 1, 2)
        #expect(try assay("run", "--once").status == 0)
        try assay.write("suite: events\ncolumns: {id: {unique: true}}\n", to: "expectations/events.yaml")
        try land("b", 1, 3)
    }

    private func land(_ name: String, _ ids: Int...) throws {
        try assay.write(ids.map { "{\"id\": \($0)}\n" }.joined(), to: "landing/\(name).jsonl")
    }

    private func silver() throws -> [String] {
        try assay("inspect", "silver", "--rows", "1000").output.split(separator: "\n").filter { $0.hasPrefix("{") }
            .map(String.init).sorted()
    }

    private static func rows(_ ids: ClosedRange<Int>) -> [String] { ids.map { #"{"id":\#($0),"_rescued":null}"# } }

    @Test func aPlanSaysIt() throws {
        defer { assay.remove() }
        let note =
            "keys are remembered otherwise than before, beginning with those of silver's records: values of id occur once"
        #expect(try assay("plan").output.contains("  \(note)\n"))
        let run = try assay("run", "--once")
        #expect(run.output.contains(note) || run.errors.contains(note), "\(run.output) \(run.errors)")
        #expect(try !assay("plan").output.contains(note))
    }

    @Test(arguments: ["planned", "ran", "keys-written", "prepared", "published"])
    func deathDoublesNone(_ point: String) throws {
        defer { assay.remove() }
        #expect(try assay("run", "--once", environment: ["ASSAY_DIE_AT": point]).status == SIGKILL)
        #expect(try assay("run", "--once").status == 0)
        #expect(try silver() == Self.rows(1...3))
        try land("c", 2, 3, 4)
        #expect(try assay("run", "--once").status == 0)
        #expect(try silver() == Self.rows(1...4))
    }
}
