import Files
import Foundation
import Parquet
import Tables
import Testing

@Suite("Files of the format's own project")
struct CorpusTests {
    @Test(.enabled(if: ParquetCorpus.folder != nil, ParquetCorpus.absence), arguments: ParquetCorpus.entries("data"))
    func holdsTheExpectedRows(_ entry: ParquetCorpus.Entry) throws {
        let file = try ParquetFile(InputFile(path: entry.path, packing: Compression.none))
        let lines = try String(contentsOfFile: try #require(entry.expected), encoding: .utf8).split(separator: "\n")
        let reader = file.rows()
        var row = 0
        while true {
            let rows = try reader.next()
            if rows.isEmpty { break }
            for values in rows {
                let value = ParquetValue.structure(
                    zip(reader.fields, values).map { ParquetValue.Member(name: $0.name, value: $1) })
                try #require(row < lines.count)
                let expected = try #require(JSON(text: String(lines[row])))
                #expect(TaggedJSON.difference(value, expected) == nil, "row \(row)")
                row += 1
            }
        }
        #expect(row == lines.count)
        #expect(row == entry.rows)
    }

    @Test(.enabled(if: ParquetCorpus.folder != nil, ParquetCorpus.absence), arguments: ParquetCorpus.entries("data"))
    func isReadInBatches(_ entry: ParquetCorpus.Entry) throws {
        let source = try ParquetSource([entry.path])
        let comparison = try BatchComparison(source)
        #expect(comparison.rowCount == entry.rows)
        #expect(comparison.differences == [])
    }

    @Test(
        .enabled(if: ParquetCorpus.folder != nil, ParquetCorpus.absence), arguments: ParquetCorpus.entries("bad_data"))
    func isRefusedOrReadCleanly(_ entry: ParquetCorpus.Entry) {
        do throws(SourceError) {
            let file = try ParquetFile(InputFile(path: entry.path, packing: Compression.none))
            let reader = file.rows()
            while try !reader.next().isEmpty {}
        } catch {
            #expect(["corrupt", "truncated", "unsupported"].contains(error.code))
            #expect(error.place == entry.path)
        }
        #expect(throws: Never.self) {
            do throws(SourceError) { _ = try BatchComparison(try ParquetSource([entry.path])) } catch {
                #expect(error.place == entry.path)
            }
        }
    }
}
