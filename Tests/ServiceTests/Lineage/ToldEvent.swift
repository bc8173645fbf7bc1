import Foundation
import Ledger
import Tables
import Testing

/// An event as a catalogue reads it; one that lacks what the specification demands can't be read.
struct ToldEvent {
    let type: String
    let time: String
    let run: String
    let job: String
    let inputs: [String]
    let outputs: [String]
    let json: JSON

    init(_ text: String) throws {
        json = try #require(JSON(text: text))
        type = try #require(json["eventType"]?.string)
        #expect(["START", "RUNNING", "COMPLETE", "FAIL", "ABORT", "OTHER"].contains(type))
        time = try #require(json["eventTime"]?.string)
        #expect(time.wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?Z/) != nil)
        #expect(json["producer"]?.string?.hasPrefix("urn:assay:") == true)
        #expect(
            json["schemaURL"]?.string == "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent")
        run = try #require(json["run"]?["runId"]?.string)
        #expect(UUID(uuidString: run) != nil)
        job = try #require(json["job"]?["name"]?.string)
        #expect(!job.isEmpty && json["job"]?["namespace"]?.string?.isEmpty == false)
        inputs = try Self.names(json["inputs"])
        outputs = try Self.names(json["outputs"])
    }

    private static func names(_ datasets: JSON?) throws -> [String] {
        try #require(datasets?.items).map { dataset in
            #expect(dataset["namespace"]?.string == "file")
            return try #require(dataset["name"]?.string)
        }
    }

    /// All that waits in a ledger, in the order in which it would be sent, which is that of each job; nothing waits any more.
    static func taken(from ledger: Ledger) throws -> [ToldEvent] {
        var events: [ToldEvent] = []
        while true {
            let taken = try ledger.takeLineage(
                holder: "test", at: .max / 2, hold: 1, longestPause: .max / 4, limit: 1_000)
            guard !taken.isEmpty else { return events }
            for entry in taken {
                events.append(try ToldEvent(entry.event))
                try ledger.forgetLineage(entry.number, holder: "test")
            }
        }
    }
}
