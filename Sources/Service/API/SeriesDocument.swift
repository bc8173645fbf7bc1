import Ledger
import Tables

/// The numbers of an asset over time as JSON, written without a document in between.
///
/// A year of hourly runs is tens of thousands of points; what is said of a run is made once for all series.
struct SeriesDocument {
    let asset: String
    let series: [MetricSeries]

    /// On one line, with a line feed.
    var bytes: [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(128 * series.reduce(1) { $0 + $1.points.count })
        var beginnings: [String: [UInt8]] = [:]
        JSON.object([JSON.Member("asset", .string(asset))]).write(to: &output)
        Self.goOn(with: ",\"series\":[", in: &output)
        for (place, series) in series.enumerated() {
            if place > 0 { output.append(UInt8(ascii: ",")) }
            Self.head(of: series).write(to: &output)
            Self.goOn(with: ",\"points\":[", in: &output)
            for (place, point) in series.points.enumerated() {
                if place > 0 { output.append(UInt8(ascii: ",")) }
                output += Self.beginning(of: point.run, &beginnings)
                Documents.number(point.value).write(to: &output)
                output.append(UInt8(ascii: "}"))
            }
            output += "]}".utf8
        }
        output += "]}\n".utf8
        return output
    }

    private static func head(of series: MetricSeries) -> JSON {
        .object([
            JSON.Member("name", .string(series.name)), JSON.Member("column", Documents.text(series.column)),
            JSON.Member("condition", Documents.text(series.condition)),
        ])
    }

    /// Of a point, all but its value.
    private static func beginning(of run: RunReference, _ known: inout [String: [UInt8]]) -> [UInt8] {
        if let known = known[run.id] { return known }
        var output: [UInt8] = []
        JSON.object([JSON.Member("run", .string(run.id)), JSON.Member("at", Documents.time(run.startedAt))])
            .write(to: &output)
        goOn(with: ",\"value\":", in: &output)
        known[run.id] = output
        return output
    }

    /// Opens again the object that was written last, and has members.
    private static func goOn(with text: StaticString, in output: inout [UInt8]) {
        output.removeLast()
        text.withUTF8Buffer { output.append(contentsOf: $0) }
    }
}
