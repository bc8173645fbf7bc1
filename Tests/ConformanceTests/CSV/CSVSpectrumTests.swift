import Expectations
import Formats
import Foundation
import Tables
import Testing

@Suite("csv-spectrum", .enabled(if: Corpora.areThere, Corpora.absence))
struct CSVSpectrumTests {
    static let names: [String] =
        Corpora.areThere
        ? ((try? Corpora.json("csv/index.json"))?["files"]?.items ?? []).compactMap { $0["name"]?.text } : []

    @Test func isThere() { #expect(Self.names.count == 7) }

    @Test(arguments: names) func readsTheValuesThatAreExpected(_ name: String) throws {
        let expected = try Corpora.json("csv/json/\(name).json").items
        var options = CSVOptions()
        options.header = .present
        let columns = try CSVSource([try Corpora.path("csv/csvs/\(name).csv")], options: options).schema.names
        options.declaredTypes = Dictionary(uniqueKeysWithValues: columns.map { (ColumnName($0), .string) })
        let source = try CSVSource([try Corpora.path("csv/csvs/\(name).csv")], options: options)
        let needs = columns.indices.map { ($0, ColumnNeed([.values, .text])) }
        let worker = try source.open(Projection(Dictionary(uniqueKeysWithValues: needs)), ordinals: nil).makeWorker()
        var records: [[String]] = []
        while let batch = try worker.next() {
            for row in 0..<batch.rowCount {
                // A missing value is an empty field there.
                records.append(columns.indices.map { batch.column($0).text(at: row) ?? "" })
            }
        }
        #expect(expected.first.map { $0.members.map(\.name) } ?? columns == columns)
        #expect(records == expected.map { record in record.members.map { $0.value.text ?? "?" } })
    }
}
