import Reports

/// What pipelines tell monitoring.
struct PipelineMetrics {
    let pipelines: [PipelineEntry]
    /// Microseconds since 1970-01-01T00:00:00Z.
    let now: Int64

    init(_ pipelines: [PipelineEntry], now: Int64) {
        self.pipelines = pipelines
        self.now = now
    }

    func write(to text: inout MetricsText) {
        func family(
            _ name: String, _ kind: MetricsText.Kind, _ help: String, _ value: (PipelineEntry) -> Double?
        ) {
            text.family(name, kind, help)
            for pipeline in pipelines {
                guard let value = value(pipeline) else { continue }
                text.sample(name, [("pipeline", pipeline.name)], value)
            }
        }
        family("assay_pipeline_running", .gauge, "1 where it runs and nothing is in its way, else 0.") {
            $0.state == "running" ? 1 : 0
        }
        family("assay_pipeline_held", .gauge, "1 where its circuit breaker holds it, else 0.") {
            $0.state == "held" ? 1 : 0
        }
        family("assay_pipeline_waiting", .gauge, "1 where it runs and the machine is in its way, else 0.") {
            $0.state == "waiting" ? 1 : 0
        }
        family("assay_pipeline_batches_total", .counter, "Batches that were committed.") { Double($0.batchCount) }
        family("assay_pipeline_last_batch_timestamp_seconds", .gauge, "When the latest batch was made.") {
            $0.lastBatchAt.map { Double($0) / 1e6 }
        }
        family("assay_pipeline_last_batch_seconds", .gauge, "How long the latest batch took.") { $0.lastBatchSeconds }
        family("assay_pipeline_backlog_files", .gauge, "Files that no batch has read.") {
            $0.backlogFiles.map { Double($0) }
        }
        family("assay_pipeline_backlog_bytes", .gauge, "Bytes that no batch has read.") {
            $0.backlogBytes.map { Double($0) }
        }
        family("assay_pipeline_watermark_lag_seconds", .gauge, "How far event time is behind the clock.") {
            $0.watermark.map { Double(now - $0) / 1e6 }
        }
        family("assay_pipeline_quarantined_records", .gauge, "Records in quarantine.") { Double($0.quarantined) }
        family("assay_pipeline_imbalanced_batches", .gauge, "Batches whose records don't add up.") {
            Double($0.imbalancedBatches.count)
        }
        text.family(
            "assay_pipeline_rule_failures_total", .counter,
            "Records that broke a rule, by what became of them for its sake."
        )
        for pipeline in pipelines {
            for rule in pipeline.rules {
                text.sample(
                    "assay_pipeline_rule_failures_total",
                    [("pipeline", pipeline.name), ("rule", rule.sentence), ("action", rule.action ?? "")],
                    Double(rule.count))
            }
        }
        text.family("assay_pipeline_records_total", .counter, "Records of a layer by what became of them.")
        for pipeline in pipelines {
            for hop in pipeline.hops {
                let fates = [
                    ("in", hop.input), ("out", hop.output), ("quarantined", hop.quarantined), ("dropped", hop.dropped),
                    ("filtered", hop.filtered), ("deduplicated", hop.deduplicated), ("late", hop.late),
                ]
                for (fate, count) in fates {
                    text.sample(
                        "assay_pipeline_records_total",
                        [("pipeline", pipeline.name), ("layer", hop.name), ("fate", fate)], Double(count))
                }
            }
        }
    }
}
