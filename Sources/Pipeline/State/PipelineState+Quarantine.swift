public import Suites

extension PipelineState {
    /// A version of the pipeline's quarantine, the newest when absent; `nil` where nothing was ever kept apart.
    ///
    /// Errors: `table-lost` where something was and the table isn't there, and those of reading tables.
    public func quarantine(_ place: LayerPlace, version: Int? = nil) throws(PipelineError) -> QuarantineTable? {
        if let table = try QuarantineTable(place, version: version) { return table }
        guard try writtenTables()["quarantine"] != nil else { return nil }
        throw PipelineError(
            .tableLost, "there is no table here, and the pipeline's state knows of records that were kept apart",
            place: place.folder,
            hint: "restore it; or, where the pipeline's quarantine: names another table now, name the one that it had")
    }
}
