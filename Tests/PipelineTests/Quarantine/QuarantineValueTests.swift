import Formats
import Foundation
import Tables
import Testing

@testable import Pipeline

/// What the quarantine's workflow keeps and compares.
@Suite struct QuarantineValueTests {
    private func record(
        _ rules: [String] = ["r"], file: String = "a.csv", raw: String? = nil, values: String? = nil,
        at time: Int64 = 10
    ) -> QuarantinedRecord {
        QuarantinedRecord(
            id: "one", attempt: 1, quarantinedAt: time, batch: 1, file: file, row: 1, offset: nil, rules: rules,
            errors: nil, raw: raw, rawBase64: nil, record: values, suite: nil, suiteFingerprint: nil)
    }

    @Test func aSelectorMeansWhatFitsAllOfIt() {
        var selector = QuarantineSelector()
        #expect(selector.means(record()))
        selector.since = 10
        selector.until = 11
        selector.rule = "r"
        selector.file = "a.csv"
        selector.ids = ["one"]
        #expect(selector.means(record()))
        #expect(!selector.means(record(at: 11)))
        #expect(!selector.means(record(at: 9)))
        #expect(!selector.means(record(["q"])))
        #expect(!selector.means(record(file: "b.csv")))
        #expect(QuarantineSelector(json: selector.json) == selector)
        #expect(QuarantineSelector(json: QuarantineSelector().json) == QuarantineSelector())
    }

    @Test func setsValuesAlongPaths() throws {
        let object = try #require(JSON(text: #"{"a": {"b": 1, "c": 2}, "d": 3, "a": {"b": 4}}"#))
        #expect(object.setting(["a", "b"], to: .integer(5)).text() == #"{"a":{"b":1,"c":2},"d":3,"a":{"b":5}}"#)
        #expect(JSON.object([]).setting(["x", "y"], to: .null).text() == #"{"x":{"y":null}}"#)
    }

    @Test func linesAreWhatWasRead() {
        let json = ReplayLine(record(raw: "{\"a\":\n1}"), format: .json, isPatched: false)
        #expect(json?.text == "{\"a\": 1}")
        #expect(json?.form == .raw)
        let csv = ReplayLine(
            record(values: #"{"a.b":"1","_rescued":{"x":"2","a.b":"3","_batch":"4"}}"#), format: .csv, isPatched: false)
        #expect(csv?.text == #"{"a.b":"1","x":"2"}"#)
        #expect(csv?.form == .values)
        #expect(ReplayLine(record(["malformed"], raw: "{", values: "{}"), format: .json, isPatched: false) == nil)
        let mended = ReplayLine(record(["malformed"], raw: "{", values: #"{"a.b":1}"#), format: .json, isPatched: true)
        #expect(mended?.text == #"{"a":{"b":1}}"#)
        let beginning = #"{"_rescued":{"_corrupt_record_beginning":"1,2"}}"#
        for rule in ["row-too-long", "unclosed-quote"] {
            #expect(ReplayLine(record([rule], values: beginning), format: .csv, isPatched: true) == nil)
            #expect(ReplayLine(record([rule], raw: "{", values: "{}"), format: .json, isPatched: true) == nil)
        }
        let bytes = record(values: #"{"a":{"base64":"/w=="}}"#)
        #expect(ReplayLine(bytes, format: .parquet, isPatched: false) == nil)
    }

    @Test func aJudgementIsResolvedOnce() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("quarantine-\(UUID().uuidString)")
            .path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let state = try PipelineState(folder: folder)
        let request = QuarantineRequest(
            kind: .discard, selector: QuarantineSelector(), version: 3, actor: "ann", reason: "test", time: 5)
        let number = try PipelineState.leave(request, in: folder)
        let resolution = Resolution(
            id: "one", attempt: 1, status: .discarded, actor: "ann", reason: "test", time: 5, fate: .discarded)
        try state.discard([resolution], of: number, next: QuarantineTable.Place(ordinal: 0, row: 1))
        #expect(throws: PipelineError.self) {
            try state.discard([resolution], of: number, next: QuarantineTable.Place(ordinal: 0, row: 2))
        }
        let stored = try #require(try state.request(number))
        #expect(stored.outcome.resolved == 1)
        #expect(stored.next == QuarantineTable.Place(ordinal: 0, row: 1))
        #expect(stored.request.version == 3)
        #expect(try state.resolutions(of: [record()])[record().key] == resolution)
        #expect(PipelineState.isRunning(folder))
        try state.close()
        #expect(!PipelineState.isRunning(folder))
    }
}
