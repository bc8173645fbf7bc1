import Expectations

/// What lands is never what was written.
extension ProjectReader {
    /// Refuses landing folders in which tables, states or the store lie: what a batch writes would land for the next one.
    ///
    /// Several pipelines may read one folder, or one the folders in it: each remembers what it has read, and nothing is moved.
    mutating func checkLanding(_ pipelines: [PipelineDefinition], store: String) {
        let written = Self.written(by: pipelines, store: store)
        for pipeline in pipelines {
            guard case .files(let landing) = pipeline.source.kind else { continue }
            let found = written.filter { landing.reads($0) }
            guard !found.isEmpty else { continue }
            let isBelow = found.allSatisfy { Path.steps($0.path).count > Path.steps(landing.folder).count }
            problems.add(
                "bad-value",
                "the landing folder would have land what is written: " + found.map(\.name).joined(separator: ", "),
                at: pipeline.source.mark,
                hint: "let files land in a folder of their own"
                    + (isBelow && landing.isRecursive ? ", or say recursive: false" : ""))
        }
    }

    /// Each once, in the order of the file.
    private static func written(by pipelines: [PipelineDefinition], store: String) -> [WrittenPlace] {
        var places: [WrittenPlace] = []
        for pipeline in pipelines {
            places += pipeline.places.map { WrittenPlace(name: quoted($0.name), path: $0.folder, isFolder: true) }
            places.append(
                WrittenPlace(name: "the state of \(quoted(pipeline.name))", path: pipeline.state, isFolder: true))
        }
        places.append(WrittenPlace(name: "the store", path: store, isFolder: false))
        var seen: Set<[Substring]> = []
        return places.filter { seen.insert(Path.steps($0.path)).inserted }
    }
}

/// A folder or file that Assay writes.
private struct WrittenPlace {
    /// For messages.
    let name: String
    let path: String
    let isFolder: Bool
}

extension LandingDefinition {
    /// Whether what is written there would be found as if it had landed; a database beside the files that land is no data.
    fileprivate func reads(_ place: WrittenPlace) -> Bool {
        let (own, other) = (Path.steps(folder), Path.steps(place.path))
        if isRecursive, other.starts(with: own) { return true }
        return place.isFolder && own.starts(with: other)
    }
}
