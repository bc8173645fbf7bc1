import Foundation
import Testing

/// Records that somebody lets go on are there like all others: nothing that must be unique comes again behind them.
@Suite struct ReleasedKeysTests {
    @Test(arguments: ["", "deduplicate: {by: [id], within: 24h}, "]) func releasedRecordsTakeTheirValues(
        _ deduplicate: String
    ) throws {
        let assay = try Assay()
        defer { assay.remove() }
        try assay.write(
            """
            assets: {silver.o: {delta: silver}}
            pipelines:
              o:
                source: {files: landing, settle: 0s}
                silver: {asset: silver.o, \(deduplicate)gate: {suite: s}}
            """, to: "assay.yaml")
        try assay.write(
            "suite: s\nasset: silver.o\ncolumns: {email: {unique: true}, amount: {between: [0, 10]}}\n",
            to: "expectations/s.yaml")
        try assay.write(
            #"{"id": 1, "email": "p", "amount": 5}"# + "\n" + #"{"id": 2, "email": "q", "amount": 99}"# + "\n"
                + #"{"id": 3, "email": "p", "amount": 5}"# + "\n", to: "landing/1.jsonl")
        #expect(try assay("run", "--once").output.contains("1 to silver, 2 quarantined"))
        let released = try assay("quarantine", "release", "o", "--all", "--reason", "they are right")
        #expect(released.output == "o: 2 records released: 2 to silver\n")
        try assay.write(
            #"{"id": 4, "email": "q", "amount": 5}"# + "\n" + #"{"id": 5, "email": "r", "amount": 5}"# + "\n",
            to: "landing/2.jsonl")
        let run = try assay("run", "--once")
        #expect(run.output.contains("1 to silver, 1 quarantined"), "\(run.output)\(run.errors)")
    }
}
