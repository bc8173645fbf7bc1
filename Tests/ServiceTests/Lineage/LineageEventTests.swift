import Expectations
import Foundation
import Ledger
import Service
import Tables
import TestSupport
import Testing

extension LineageEvents {
    /// All that is told of a run that comes to its end.
    func events(of run: RunResult, inputs: [LineageDataset]) -> [String] {
        let validation = Validation(suite: run.suite, asset: run.asset)
        return [
            start(of: run.id, validation, at: run.startedAt, inputs: inputs).event, end(of: run, inputs: inputs),
        ]
    }
}

@Suite struct LineageEventTests {
    private let maker = LineageEvents(namespace: "assay", version: "1.2.3", showsValues: true)
    private let inputs = [LineageDataset(namespace: "file", name: "/data/customers")]

    private func event(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func aRunBeginsAndIsComplete() throws {
        let events = try maker.events(of: LineageSamples.run(), inputs: inputs).map { try event($0) }
        #expect(events.map { $0["eventType"] as? String } == ["START", "COMPLETE"])
        #expect(events.map { $0["eventTime"] as? String } == ["2026-11-01T12:00:00Z", "2026-11-01T12:00:02.5Z"])
        let jobs = events.compactMap { $0["job"] as? [String: Any] }
        #expect(
            jobs.allSatisfy {
                $0["namespace"] as? String == "assay" && $0["name"] as? String == "customers.silver.customers"
            })
        let runs = Set(events.compactMap { ($0["run"] as? [String: Any])?["runId"] as? String })
        #expect(runs.count == 1)
        let id = try #require(UUID(uuidString: runs.first ?? ""))
        #expect(id.uuidString.dropFirst(14).first == "7" && "89AB".contains(id.uuidString.dropFirst(19).first ?? "x"))
        let time = UInt64(id.uuidString.replacing("-", with: "").prefix(12), radix: 16)
        #expect(time == UInt64(LineageSamples.noon / 1_000))
    }

    @Test func theSameRunHasTheSameEventsAndAnotherHasOthers() {
        let first = maker.events(of: LineageSamples.run(), inputs: inputs)
        #expect(first == maker.events(of: LineageSamples.run(), inputs: inputs))
        #expect(first != maker.events(of: LineageSamples.run("run-2"), inputs: inputs))
    }

    @Test func dataThatCannotBeReadIsAFailure() throws {
        let failure = RunFailure(code: "not-found", message: "there is no file", hint: nil)
        let last = try #require(maker.events(of: LineageSamples.run(failure: failure), inputs: inputs).last)
        let event = try event(last)
        #expect(event["eventType"] as? String == "FAIL")
        #expect(last.contains("\"message\":\"there is no file [not-found]\",\"programmingLanguage\":\"SWIFT\""))
        #expect(!last.contains("inputFacets"))
    }

    @Test func assertionsSayWhatWasAskedAndHowItEnded() throws {
        let text = try #require(maker.events(of: LineageSamples.run(), inputs: inputs).last)
        #expect(
            text.contains(
                #"""
                "assertions":[{"assertion":"expect_column_values_to_not_be_null","success":true,"column":"id","severity":"error","name":"ids"},\#
                {"assertion":"expect_column_values_to_match_regex","success":false,"column":"email","severity":"warn"},\#
                {"assertion":"expect_table_row_count_to_be_between","success":true,"severity":"info"},\#
                {"assertion":"expect_compound_columns_to_be_unique","success":true,"severity":"error"}]
                """#))
    }

    /// Only numbers of whole columns, finite ones; of personal columns counts alone, of times no extremes.
    @Test func metricsAreThoseThatMayBeTold() throws {
        let text = try #require(maker.events(of: LineageSamples.run(), inputs: inputs).last)
        #expect(
            text.contains(
                #""rowCount":4,"bytes":120,"fileCount":1,"columnMetrics":{"email":{"nullCount":2},"#
                    + #""age":{"nullCount":1,"distinctCount":3,"min":1.5,"max":90.0}}"#))
    }

    @Test func extremesAreToldWhereValuesAreShownOnly() throws {
        let discreet = LineageEvents(namespace: "assay", version: "1.2.3", showsValues: false)
        let text = try #require(discreet.events(of: LineageSamples.run(), inputs: inputs).last)
        #expect(
            text.contains(
                #""columnMetrics":{"email":{"nullCount":2},"age":{"nullCount":1,"distinctCount":3}}"#))
    }

    /// From 2⁵³ on a reading may not be exact.
    @Test(arguments: [
        (987_654_321, #""columnMetrics":{"id":{"max":987654321}}"#), (-0.0, #""columnMetrics":{"id":{"max":0}}"#),
        (0x1p53 - 1, #""columnMetrics":{"id":{"max":9007199254740991}}"#), (0x1p53, #""columnMetrics":{}"#),
    ]) func wholeNumbersAreExactOrNotTold(_ value: Double, _ wanted: String) throws {
        let run = LineageSamples.run(metrics: [MetricReading(name: "max", column: "id", value: value)])
        #expect(try #require(maker.events(of: run, inputs: inputs).last).contains(wanted))
    }

    @Test func noValueOfARowIsInThem() {
        #expect(maker.events(of: LineageSamples.run(), inputs: inputs).allSatisfy { !$0.contains("secret@") })
    }

    @Test func theSchemaHasItsNestedFields() throws {
        let text = try #require(maker.events(of: LineageSamples.run(), inputs: inputs).last)
        #expect(text.contains(#"{"name":"id","type":"int64","ordinal_position":1}"#))
        #expect(
            text.contains(
                #"{"name":"place","type":"struct","ordinal_position":5,"fields":[{"name":"city","type":"string","ordinal_position":1}]}"#
            ))
        #expect(text.contains(#""datasetVersion":"7""#))
    }

    @Test(arguments: [
        ("data/orders.csv", "/srv/data/orders.csv"), ("/data/./a/../orders.csv", "/data/orders.csv"),
        ("data/2026-*/part-?.csv", "/srv/data"), ("/data/*.csv", "/data"), ("*.csv", "/srv"), ("/*.csv", "/"),
        ("data/gold/revenue", "/srv/data/gold/revenue"),
    ])
    func datasetsAreNamedByTheirPath(_ path: String, _ wanted: String) {
        let dataset = LineageDataset(path: path, workingFolder: "/srv")
        #expect(dataset.namespace == "file" && dataset.name == wanted)
    }
}

/// OpenLineage's own client as the judge, where it is installed.
@Suite struct LineagePeerTests {
    static let script = """
        import json, sys
        lines = sys.stdin.readlines()
        from openlineage.client.generated import base, data_quality_assertions_dataset as a, data_quality_metrics_input_dataset as m
        from openlineage.client.generated import schema_dataset as s, dataset_version_dataset as v, error_message_run as e
        from openlineage.client.generated import processing_engine_run as p, job_type_job as j, parent_run as r
        from openlineage.client.generated import input_statistics_input_dataset as n, output_statistics_output_dataset as o
        facets = {
            "dataQualityAssertions": a.DataQualityAssertionsDatasetFacet, "dataQualityMetrics": m.DataQualityMetricsInputDatasetFacet,
            "schema": s.SchemaDatasetFacet, "version": v.DatasetVersionDatasetFacet, "errorMessage": e.ErrorMessageRunFacet,
            "processing_engine": p.ProcessingEngineRunFacet, "jobType": j.JobTypeJobFacet,
            "parent": r.ParentRunFacet, "inputStatistics": n.InputStatisticsInputDatasetFacet,
            "outputStatistics": o.OutputStatisticsOutputDatasetFacet,
        }
        def made(kind, members):
            members = dict(members)
            schema = members.pop("_schemaURL"); producer = members.pop("_producer")
            facet = kind(producer=producer, **members)
            assert schema == kind._get_schema(), (schema, kind._get_schema())
            return facet
        def all_of(found): return {name: made(facets[name], value) for name, value in found.items()}
        for line in lines:
            event = json.loads(line)
            schema = event.pop("schemaURL")
            assert schema == base.RunEvent._get_schema(), schema
            for item in (event.get("inputs") or []):
                for assertion in item.get("inputFacets", {}).get("dataQualityAssertions", {}).get("assertions", []): a.Assertion(**assertion)
                for column in item.get("inputFacets", {}).get("dataQualityMetrics", {}).get("columnMetrics", {}).values(): m.ColumnMetrics(**column)
                for field in item.get("facets", {}).get("schema", {}).get("fields", []): s.SchemaDatasetFacetFields(**field)
            run = base.Run(runId=event["run"]["runId"], facets=all_of(event["run"]["facets"]))
            job = base.Job(namespace=event["job"]["namespace"], name=event["job"]["name"], facets=all_of(event["job"]["facets"]))
            inputs = [base.InputDataset(namespace=i["namespace"], name=i["name"], facets=all_of(i.get("facets", {})),
                inputFacets=all_of(i.get("inputFacets", {}))) for i in event["inputs"]]
            outputs = [base.OutputDataset(namespace=i["namespace"], name=i["name"], facets=all_of(i.get("facets", {})),
                outputFacets=all_of(i.get("outputFacets", {}))) for i in event["outputs"]]
            base.RunEvent(eventTime=event["eventTime"], producer=event["producer"], run=run, job=job,
                eventType=base.EventType(event["eventType"]), inputs=inputs, outputs=outputs)
            print("sound")
        """

    static let isThere = (try? judge("")) == ""

    @Test(.enabled(if: isThere, "no python3 with openlineage-python is there to read events"))
    func openLineagesClientReadsThem() throws {
        let maker = LineageEvents(namespace: "assay", version: "1.2.3", showsValues: true)
        let inputs = [LineageDataset(namespace: "file", name: "/data/customers")]
        let failure = RunFailure(code: "not-found", message: "there is no file", hint: nil)
        let events = [LineageSamples.run(), LineageSamples.run(failure: failure)].flatMap {
            maker.events(of: $0, inputs: inputs)
        }
        #expect(try Self.judge(events.joined(separator: "\n") + "\n") == String(repeating: "sound\n", count: 4))
    }

    static func judge(_ events: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(events.utf8))
        try input.fileHandleForWriting.close()
        let answer = output.fileHandleForReading.everything()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.featureUnsupported) }
        return String(decoding: answer, as: UTF8.self)
    }
}
