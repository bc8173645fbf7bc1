import Expectations
import Expressions
import Tables

/// Reads the `pipelines` of a project file.
struct PipelineReader {
    /// The folder that relative paths begin at.
    let folder: String
    /// Folder of the results' database: what pipelines remember lies beside it.
    let storeFolder: String
    let assets: [Asset]
    /// Names of all assets that are written down, be they right or wrong.
    let assetNames: [String]
    let suites: [Suite]
    /// Whether a suite could not be read, so that its name may be missing from the known ones.
    let hasBrokenSuite: Bool

    private static let keys = [
        "source", "bronze", "silver", "gold", "quarantine", "state", "trigger", "batch", "optimize", "retention",
        "description",
    ]

    /// `nil` where something is wrong that leaves no pipeline.
    func pipeline(_ entry: YAMLNode.Entry, _ problems: inout Problems) -> PipelineDefinition? {
        let subject = "the pipeline \(quoted(entry.key))"
        guard isPlain(entry.key) else {
            problems.add(
                "bad-value", "\(subject) can't be called so", at: entry.mark,
                hint: "names of pipelines consist of letters, digits, - and _, since folders are named after them")
            return nil
        }
        guard let mapping = MappingReader(entry.value, subject, keys: Self.keys, problems: &problems) else {
            return nil
        }
        let source = mapping["source"].flatMap { node in
            StreamSourceReader(folder: folder).source(node, &problems)
        }
        if mapping["source"] == nil {
            problems.add("missing-key", "\(subject) needs source: where its records come from", at: entry.mark)
        }
        let silver = mapping["silver"].flatMap { self.silver($0, &problems) }
        if mapping["silver"] == nil {
            problems.add("missing-key", "\(subject) needs silver: the table of what passes its gate", at: entry.mark)
        }
        let bronze = mapping["bronze"].flatMap { layer($0, "bronze", &problems) }
        let gold = mapping["gold"].map { self.gold($0, &problems) } ?? []
        let quarantine =
            mapping["quarantine"].flatMap { layer($0, "quarantine", &problems) }
            ?? LayerPlace(
                name: Path.joined(storeFolder, "quarantine/\(entry.key)"),
                folder: Path.joined(storeFolder, "quarantine/\(entry.key)"))
        let state =
            mapping.text("state", &problems).map { Path.joined(folder, $0) }
            ?? Path.joined(storeFolder, "pipelines/\(entry.key)")
        let trigger = trigger(mapping, source, &problems)
        let upkeep = upkeep(mapping, &problems)
        guard let source, let silver else { return nil }
        checkDistinct([bronze, silver.place, quarantine] + gold.map(\.place), subject, entry.mark, &problems)
        checkNames(gold, &problems)
        return PipelineDefinition(
            name: entry.key, source: source, state: state, trigger: trigger, bronze: bronze, silver: silver,
            gold: gold,
            quarantine: quarantine, upkeep: upkeep, mark: entry.mark)
    }

    /// Letters, digits, `-` and `_`: the name is also that of a folder and of a path of the service.
    private func isPlain(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 100
            && name.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
                default: false
                }
            }
    }

    private func checkDistinct(
        _ places: [LayerPlace?], _ subject: String, _ mark: SourceMark, _ problems: inout Problems
    ) {
        var seen: Set<String> = []
        for place in places.compactMap(\.self) where !seen.insert(place.plainFolder).inserted {
            problems.add("bad-value", "\(subject) writes two layers into \(quoted(place.name))", at: mark)
        }
    }

    /// Hops are named after assets, `gold.` or not: two must not be called alike.
    private func checkNames(_ gold: [GoldDefinition], _ problems: inout Problems) {
        var seen: Set<String> = []
        for table in gold {
            let name = table.place.name.hasPrefix("gold.") ? String(table.place.name.dropFirst(5)) : table.place.name
            guard !seen.insert(name).inserted else { continue }
            problems.add("bad-value", "two gold tables are called \(quoted(name))", at: table.mark)
        }
    }

    private func trigger(
        _ mapping: MappingReader, _ source: StreamSource?, _ problems: inout Problems
    ) -> StreamTrigger {
        let standard = source.map { StreamTrigger(every: $0.usualTrigger) } ?? StreamTrigger()
        let every = mapping["trigger"]?.duration("trigger", &problems)
        guard let node = mapping["batch"],
            let batch = MappingReader(node, "batch", keys: ["max_files", "max_bytes"], problems: &problems)
        else { return StreamTrigger(every: every ?? standard.every) }
        return StreamTrigger(
            every: every ?? standard.every,
            maximumFiles: batch["max_files"]?.integer("max_files", in: 1...1_000_000, &problems)
                ?? standard.maximumFiles,
            maximumBytes: batch["max_bytes"]?.byteCount("max_bytes", &problems) ?? standard.maximumBytes)
    }

    /// `optimize: {every: 1h}` and `retention: 90d`.
    private func upkeep(_ mapping: MappingReader, _ problems: inout Problems) -> PipelineUpkeep {
        var every: Int64?
        if let node = mapping["optimize"],
            let optimize = MappingReader(node, "optimize", keys: ["every"], problems: &problems)
        {
            every = optimize["every"]?.duration("every", &problems)
            if optimize["every"] == nil {
                problems.add("missing-key", "optimize needs every, as in {every: 1h}", at: node.mark)
            } else if let length = every, length < 60_000_000 {
                problems.add("bad-value", "optimize.every must be at least 1m", at: node.mark)
            }
        }
        let retention = mapping["retention"]?.duration("retention", &problems) ?? PipelineUpkeep.usualRetention
        if retention < PipelineUpkeep.leastRetention, let node = mapping["retention"] {
            problems.add("bad-value", "retention must be at least 1h", at: node.mark)
        }
        return PipelineUpkeep(optimizeEvery: every, retention: retention)
    }

    /// A layer: `{asset: NAME}`, where the asset is a Delta table.
    func layer(_ node: YAMLNode, _ name: String, _ problems: inout Problems) -> LayerPlace? {
        guard let mapping = MappingReader(node, name, keys: ["asset", "partition_by"], problems: &problems) else {
            return nil
        }
        return layer(mapping, node.mark, &problems)
    }

    func layer(_ mapping: MappingReader, _ mark: SourceMark, _ problems: inout Problems) -> LayerPlace? {
        let partitions = mapping["partition_by"]?.texts("partition_by", &problems) ?? []
        guard let node = mapping["asset"] else {
            problems.add("missing-key", "\(mapping.subject) needs asset: the Delta table that it writes", at: mark)
            return nil
        }
        guard let name = node.text("asset", &problems) else { return nil }
        guard let asset = assets.first(where: { $0.name == name }) else {
            guard !assetNames.contains(name) else { return nil }
            problems.add(
                "unknown-asset", "there is no asset \(node.quotedText)", at: node.mark,
                hint: Suggestion.nearest(to: name, among: assetNames).map { "did you mean \($0)?" }
                    ?? "add it to assets, as in \(name): {delta: data/\(name)}")
            return nil
        }
        guard asset.format == .delta, asset.version == .latest, let folder = asset.patterns.first else {
            problems.add(
                "bad-value", "\(mapping.subject) is written as a Delta table, and the asset \(quoted(name)) is none",
                at: node.mark, hint: "write \(name): {delta: FOLDER} under assets")
            return nil
        }
        return LayerPlace(name: name, folder: folder, partitionColumns: partitions)
    }

    func suite(_ node: YAMLNode, _ problems: inout Problems) -> Suite? {
        guard let name = node.text("suite", &problems) else { return nil }
        if let suite = suites.first(where: { $0.name == name }) { return suite }
        if !hasBrokenSuite {
            problems.add(
                "unknown-suite", "there is no suite \(node.quotedText)", at: node.mark,
                hint: Suggestion.nearest(to: name, among: suites.map(\.name)).map { "did you mean \($0)?" })
        }
        return nil
    }
}

extension YAMLNode {
    /// Microseconds; anything but a duration is a problem.
    func duration(_ name: String, _ problems: inout Problems) -> Int64? {
        if case .scalar(let scalar) = content, case .text(var text) = scalar.resolved,
            let duration = text.withUTF8({ DurationText.parse(UnsafeRawBufferPointer($0)) })
        {
            return duration
        }
        problems.add("bad-value", "\(name) must be a duration such as 90s, 15m, 2h or 1d, got \(found)", at: mark)
        return nil
    }

    /// A number of bytes, as in `512MB`, at least 1; anything else is a problem.
    func byteCount(_ name: String, _ problems: inout Problems) -> Int64? {
        if case .scalar(let scalar) = content {
            let text =
                switch scalar.resolved {
                case .text(let text): text
                case .number(let number): number.description
                default: ""
                }
            if let count = ByteCountText.parse(text), count > 0 { return count }
        }
        problems.add("bad-value", "\(name) must be a size such as 64MB or 2GiB, got \(found)", at: mark)
        return nil
    }

    /// A value expression in one line of text; anything else is a problem at its place.
    func expression(_ name: String, _ problems: inout Problems) -> ValueExpression? {
        guard let text = text(name, &problems) else { return nil }
        do throws(ExpressionError) { return try ValueExpression.parse(text) } catch {
            add(error, name, &problems)
            return nil
        }
    }

    /// Tells of a mistake in the text of an expression; what the environment put into it is shown nowhere.
    func add(_ error: ExpressionError, _ name: String, _ problems: inout Problems) {
        guard !isFilled else {
            problems.add(error.code, "\(name): \(quotedText) can't be read once it is filled in", at: mark)
            return
        }
        problems.add(
            error.code, "\(name): \(error.message)",
            at: SourceMark(file: mark.file, line: mark.line, column: mark.column + (error.offset ?? 0)),
            hint: error.hint)
    }
}
