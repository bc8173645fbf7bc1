import Files
import Foundation
import Parquet
import Tables

/// Writes typed rows as Parquet with zstd of level 3, on one core, and tells how fast; for `scripts/bench --writing`.
///
/// The rows are left in the folder as `rows.parquet`, unpacked, for peers to write the same.
@main
struct WriteParquet {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, let rows = Int(arguments[1]), let runs = Int(arguments[2]), rows > 0, runs > 0
        else {
            FileHandle.standardError.write(Data("usage: write-parquet ROWS RUNS FOLDER\n".utf8))
            exit(2)
        }
        let folder = arguments[3]
        let events = Events(rows: rows)
        _ = try write(events, to: "\(folder)/rows.parquet", .uncompressed)
        var seconds: [Double] = []
        var size: Int64 = 0
        for _ in 0..<runs {
            let start = ContinuousClock.now
            size = try write(events, to: "\(folder)/assay.parquet", .zstd)
            let taken = start.duration(to: .now).components
            seconds.append(Double(taken.seconds) + Double(taken.attoseconds) / 1e18)
        }
        let best = seconds.min() ?? 0
        let median = seconds.sorted()[seconds.count / 2]
        // The peer is told how many bytes the same values are.
        print("input \(events.byteCount)")
        print("assay \(best) \(median) \(size)")
    }

    private static func write(_ events: Events, to path: String, _ codec: BlockCodec) throws -> Int64 {
        var options = ParquetWriterOptions()
        options.codec = codec
        options.compressionLevel = codec == .zstd ? 3 : nil
        let output = try OutputFile(path: path)
        let writer = try ParquetWriter(to: output, schema: try ParquetSchema(Events.schema), options: options)
        for batch in events.batches { try writer.append(batch) }
        let size = try writer.finish().byteCount
        try output.commit()
        return size
    }
}
