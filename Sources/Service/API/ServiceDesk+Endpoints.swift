import HTTPTypes

extension ServiceDesk {
    /// All that can be asked besides sending records: what the desk has not has no routes.
    ///
    /// `isOpen` says that there are no tokens.
    func endpoints(isOpen: Bool) -> [Endpoint] {
        var endpoints = PageEndpoints(desk: self).all + RunEndpoints(desk: self).all
        endpoints += AssetEndpoints(desk: self).all
        if let alerts { endpoints += AlertEndpoints(alerts: alerts).all }
        if let outbox { endpoints += OutboxEndpoints(outbox: outbox).all }
        if let pipelines { endpoints += PipelineEndpoints(pipelines: pipelines).all }
        if let triggers { endpoints += TriggerEndpoints(triggers: triggers).all }
        endpoints += MetricsEndpoint(desk: self).all
        let description = Content(OpenAPI(version: version, isOpen: isOpen).document(endpoints))
        endpoints.append(
            Endpoint(
                method: .get, path: "/api/v1/openapi.json", name: "getDescription", summary: "This description.",
                answer: .anything, need: .read
            ) { _ in description })
        return endpoints
    }
}
