import Ledger

/// What this process has counted since it began.
struct ProcessMetrics {
    private let state: ServiceMetrics.State
    private let known: Set<Validation>?

    /// `known` as for `LedgerMetrics`.
    init(_ state: ServiceMetrics.State, known: Set<Validation>?) {
        self.state = state
        self.known = known
    }

    func write(to text: inout MetricsText) {
        text.single(
            "assay_validations_in_flight", .gauge, "Validations that run now.", Double(state.validationsInFlight))
        text.family("assay_scheduler_lag_seconds", .gauge, "How long after its slot the latest run was begun.")
        let lags = state.schedulerLag.filter { known?.contains($0.key) ?? true }
        for (validation, lag) in lags.sorted(by: { ($0.key.suite, $0.key.asset) < ($1.key.suite, $1.key.asset) }) {
            text.sample(
                "assay_scheduler_lag_seconds", [("suite", validation.suite), ("asset", validation.asset)], lag)
        }
        text.family("assay_pipeline_batch_seconds", .histogram, "How long batches took.")
        for (pipeline, histogram) in state.batches.sorted(by: { $0.key < $1.key }) {
            histogram.write("assay_pipeline_batch_seconds", [("pipeline", pipeline)], to: &text)
        }
        text.family("assay_deliveries_total", .counter, "Attempts to deliver messages.")
        for (key, count) in state.deliveries.sorted(by: {
            ($0.key.channel, $0.key.result) < ($1.key.channel, $1.key.result)
        }) {
            text.sample(
                "assay_deliveries_total", [("channel", key.channel), ("result", key.result)], Double(count))
        }
        text.family("assay_http_requests_total", .counter, "Requests that were answered.")
        for (key, count) in state.requests.sorted(by: {
            ($0.key.route, $0.key.method, $0.key.status) < ($1.key.route, $1.key.method, $1.key.status)
        }) {
            text.sample(
                "assay_http_requests_total",
                [("route", key.route), ("method", key.method), ("status", "\(key.status)")], Double(count))
        }
        text.family("assay_http_request_duration_seconds", .histogram, "How long requests took.")
        for (route, histogram) in state.requestSeconds.sorted(by: { $0.key < $1.key }) {
            histogram.write("assay_http_request_duration_seconds", [("route", route)], to: &text)
        }
    }
}
