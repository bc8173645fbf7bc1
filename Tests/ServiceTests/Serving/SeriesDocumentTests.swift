import Ledger
import Testing

@testable import Service

@Suite struct SeriesDocumentTests {
    private static let runs = [
        RunReference(id: "run \"2\"", startedAt: 1_793_534_400_000_000),
        RunReference(id: "run-1", startedAt: 1_793_530_800_000_000),
    ]

    @Test func isWhatWasAsked() {
        let document = SeriesDocument(
            asset: "silver.év\n",
            series: [
                MetricSeries(
                    name: "row_count", column: nil, condition: nil,
                    points: [MetricPoint(run: Self.runs[0], value: 12), MetricPoint(run: Self.runs[1], value: 0.5)]),
                MetricSeries(name: "mean", column: "amount", condition: "id > 1", points: []),
                MetricSeries(
                    name: "max", column: "amount", condition: nil,
                    points: [
                        MetricPoint(run: Self.runs[0], value: .nan), MetricPoint(run: Self.runs[1], value: -1e300),
                    ]),
            ])
        #expect(
            String(decoding: document.bytes, as: UTF8.self) == #"""
                {"asset":"silver.év\n","series":[{"name":"row_count","column":null,"condition":null,"points":[\#
                {"run":"run \"2\"","at":"2026-11-01T12:00:00Z","value":12.0},\#
                {"run":"run-1","at":"2026-11-01T11:00:00Z","value":0.5}]},\#
                {"name":"mean","column":"amount","condition":"id > 1","points":[]},\#
                {"name":"max","column":"amount","condition":null,"points":[\#
                {"run":"run \"2\"","at":"2026-11-01T12:00:00Z","value":null},\#
                {"run":"run-1","at":"2026-11-01T11:00:00Z","value":-1e+300}]}]}

                """#)
    }

    @Test func nothingIsADocumentToo() {
        let document = SeriesDocument(asset: "a", series: [])
        #expect(String(decoding: document.bytes, as: UTF8.self) == #"{"asset":"a","series":[]}"# + "\n")
    }
}
