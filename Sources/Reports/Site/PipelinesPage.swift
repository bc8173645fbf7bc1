import Expectations
import Tables

/// How pipelines fare: where each record went.
public struct PipelinesPage: Sendable {
    public let pipelines: [PipelineEntry]

    public init(_ pipelines: [PipelineEntry]) { self.pipelines = pipelines }

    public func html() throws(ReportError) -> String {
        let headline = pipelines.isEmpty ? "No pipelines" : standstill ?? "Pipelines"
        return try Self.template.render([
            "title": headline, "headline": headline, "footNote": "",
            "pipelines": pipelines.map { Self.model($0) }, "hasPipelines": !pipelines.isEmpty,
        ])
    }

    /// As in `1 of 3 pipelines held`; `nil` where nothing is in the way of any.
    private var standstill: String? {
        for state in ["held", "waiting"] {
            let count = pipelines.count { $0.state == state }
            if count > 0 { return "\(Wording.count(count)) of \(Wording.count(pipelines.count, "pipeline")) \(state)" }
        }
        return nil
    }

    static func model(_ pipeline: PipelineEntry) -> [String: Any] {
        let isDamaged = !pipeline.imbalancedBatches.isEmpty
        let (status, sign) =
            switch pipeline.state {
            case _ where isDamaged: ("failed", "✕")
            case "running": ("passed", "✓")
            case "held", "waiting": ("held", "!")
            default: ("calm", "○")
            }
        var model: [String: Any] = [
            "name": HTMLText.clean(pipeline.name), "anchor": pipeline.name,
            "path": SitePath.pipeline(pipeline.name), "status": status, "statusSign": sign,
            "statusWord": HTMLText.clean(pipeline.state.prefix(1).uppercased() + pipeline.state.dropFirst()),
            "batches": Wording.count(pipeline.batchCount), "backlog": backlog(pipeline),
            "quarantined": Wording.count(pipeline.quarantined), "quarantinePath": SitePath.quarantine(pipeline.name),
            "hasHops": !pipeline.hops.isEmpty, "requests": Wording.count(pipeline.waitingRequests),
            "hasRequests": pipeline.waitingRequests > 0,
            "hops": pipeline.hops.map { hop -> [String: Any] in
                [
                    "hop": HTMLText.clean(hop.name), "in": Wording.count(hop.input), "out": Wording.count(hop.output),
                    "quarantine": Wording.count(hop.quarantined), "dropped": Wording.count(hop.dropped),
                    "filtered": Wording.count(hop.filtered), "repeated": Wording.count(hop.deduplicated),
                    "late": Wording.count(hop.late),
                ]
            },
        ]
        if let reason = pipeline.reason { model["reason"] = HTMLText.clean(reason, limit: 400) }
        if isDamaged {
            let numbers = pipeline.imbalancedBatches.prefix(10).map { "\($0)" }.joined(separator: ", ")
            model["damage"] = "The records of these batches don't add up: \(numbers)"
        }
        if let watermark = pipeline.watermark {
            model["watermark"] = [
                "watermarkISO": PageWording.iso(watermark), "watermark": PageWording.time(watermark),
            ]
        }
        if let last = pipeline.lastBatchAt {
            var latest = ["lastISO": PageWording.iso(last), "last": PageWording.time(last)]
            latest["lastRecords"] = pipeline.lastBatchRecords.map { Wording.count($0, "record") }
            latest["lastTook"] = pipeline.lastBatchSeconds.map { PageWording.duration($0) }
            model["last"] = latest
        }
        return model
    }

    private static func backlog(_ pipeline: PipelineEntry) -> String {
        guard let files = pipeline.backlogFiles else { return "–" }
        return Wording.count(files, "file")
            + (pipeline.backlogBytes.map { $0 > 0 ? ", \(PageWording.bytes(Int($0)))" : "" } ?? "")
    }

    private static let template = SiteFrame.page(
        """
        <div class="lead"><h1>{{headline}}</h1></div>
        {{#pipelines}}
        <section class="suite" id="{{anchor}}"><header class="{{status}}"><h2 class="name">\(SiteFrame.pill){{name}}</h2>
        {{#reason}}<p class="why">{{reason}}</p>{{/reason}}{{#damage}}<p class="why">{{damage}}</p>{{/damage}}
        <div class="band"><dl class="numbers">
        {{#last}}<div><dt>Latest batch</dt><dd>\(SiteFrame.time("last"))</dd></div>
        {{#lastRecords}}<div><dt>It had</dt><dd>{{lastRecords}}{{#lastTook}} in {{lastTook}}{{/lastTook}}</dd></div>{{/lastRecords}}{{/last}}
        <div><dt>Batches</dt><dd>{{batches}}</dd></div><div><dt>Waiting</dt><dd>{{backlog}}</dd></div>
        {{#watermark}}<div><dt>Watermark</dt><dd>\(SiteFrame.time("watermark"))</dd></div>{{/watermark}}
        <div><dt>In quarantine</dt><dd><a href="{{quarantinePath}}">{{quarantined}}</a></dd></div>
        {{#hasRequests}}<div><dt>Requests waiting</dt><dd>{{requests}}</dd></div>{{/hasRequests}}
        </dl></div></header>
        {{#hasHops}}<div class="part"><div class="scroll"><table class="wide"><thead><tr><th scope="col">Layer<th scope="col" class="n">In\
        <th scope="col" class="n">Out<th scope="col" class="n">Quarantined<th scope="col" class="n">Dropped<th scope="col" class="n">\
        Filtered<th scope="col" class="n">Repeated<th scope="col" class="n">Late</thead><tbody>
        {{#hops}}<tr><td>{{hop}}<td class="n">{{in}}<td class="n">{{out}}<td class="n">{{quarantine}}<td class="n">{{dropped}}\
        <td class="n">{{filtered}}<td class="n">{{repeated}}<td class="n">{{late}}{{/hops}}
        </tbody></table></div></div>{{/hasHops}}
        </section>
        {{/pipelines}}
        {{^hasPipelines}}<p class="soft">The project has no pipelines.</p>{{/hasPipelines}}
        """, part: .pipelines)
}
