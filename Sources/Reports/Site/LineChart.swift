import Expectations
import Ledger
import Tables

/// A number over time as a line, oldest value at the left.
struct LineChart {
    private static let width = 240
    private static let height = 44
    private static let margin = 3.0

    /// What the template draws; `nil` for a series without a value.
    static func model(_ series: MetricSeries) -> [String: Any]? {
        let points = Array(series.points.reversed())
        let values = points.map(\.value).filter(\.isFinite)
        guard let last = values.last, let low = values.min(), let high = values.max() else { return nil }
        let numbers = ChartNumbers([low, last, high])
        let (latest, least, most) = (numbers.text(last), numbers.text(low), numbers.text(high))
        var model: [String: Any] = [
            "metricName": HTMLText.clean(series.name.replacing("_", with: " "), limit: 80),
            "metricColumn": HTMLText.clean(series.column ?? "", limit: 80), "hasColumn": series.column != nil,
            "condition": HTMLText.clean(series.condition ?? "", limit: 120), "hasCondition": series.condition != nil,
            "latest": latest, "range": least == most ? "always" : "\(least) – \(most)",
            "chartWidth": width, "chartHeight": height,
            "chartLabel":
                HTMLText.clean("\(series.name) \(series.column ?? "")", limit: 120) + ": \(latest), "
                + "between \(least) and \(most) in \(Wording.count(values.count, "run"))",
        ]
        if values.count > 1 { model["lines"] = lines(points, low: low, high: high).map { ["linePoints": $0] } }
        return model
    }

    /// The line breaks where a value is absent: what isn't known isn't drawn.
    ///
    /// A value that stands alone is a dot.
    private static func lines(_ points: [MetricPoint], low: Double, high: Double) -> [String] {
        let first = Double(points.first?.run.startedAt ?? 0)
        let duration = max(1, Double(points.last?.run.startedAt ?? 0) - first)
        let span = high - low
        var lines: [[String]] = [[]]
        for point in points {
            guard point.value.isFinite else {
                lines.append([])
                continue
            }
            let x = (Double(point.run.startedAt) - first) / duration * Double(width)
            // A difference of two finite numbers may not be finite.
            let share = span > 0 && span.isFinite ? (point.value - low) / span : 0.5
            let y = margin + (1 - share) * (Double(height) - 2 * margin)
            lines[lines.count - 1].append("\(rounded(x)),\(rounded(y))")
        }
        return lines.filter { !$0.isEmpty }.map { ($0.count > 1 ? $0 : $0 + $0).joined(separator: " ") }
    }

    private static func rounded(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }

    static let chart = """
        <div class="chart"><h3>{{metricName}}{{#hasColumn}} <span class="soft">of {{metricColumn}}</span>{{/hasColumn}}</h3>\
        {{#hasCondition}}<p class="soft"><code>{{condition}}</code></p>{{/hasCondition}}\
        <svg viewBox="0 0 {{chartWidth}} {{chartHeight}}" preserveAspectRatio="none" role="img" aria-label="{{chartLabel}}">\
        {{#lines}}<polyline class="line" points="{{linePoints}}"/>{{/lines}}</svg><b>{{latest}}</b> <span class="soft">{{range}}</span></div>
        """
}
