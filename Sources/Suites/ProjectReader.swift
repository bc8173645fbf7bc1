import Expectations
import Tables

/// Reads a project file and the suites beside it, and collects what is wrong with any of them.
struct ProjectReader {
    let file: String
    let environment: [String: String]
    var problems: Problems
    private let folder: String
    private var assets: [Asset] = []
    /// Names of all assets that are written down, be they right or wrong.
    private var assetNames: [String] = []
    private var suites: [Suite] = []
    /// Whether a suite could not be read, so that its name may be missing from the known ones.
    private var hasBrokenSuite = false

    private static let keys = ["store", "reports", "assets", "expectations", "validations", "pipelines", "description"]
    private static let absentKeys = ["alerts", "service", "schedule", "schedules", "connections"]

    init(file: String, environment: [String: String], problems: Problems) {
        self.file = file
        self.environment = environment
        self.problems = problems
        folder = Path.folder(of: file)
    }

    mutating func project(_ root: YAMLNode) -> Project? {
        guard
            let mapping = MappingReader(
                root, "a project", keys: Self.keys, absent: Self.absentKeys, problems: &problems)
        else { return nil }
        readAssets(mapping)
        let expectations = Path.joined(folder, mapping.text("expectations", &problems) ?? "expectations")
        readSuites(in: expectations, named: mapping["expectations"]?.mark)
        let (reports, values) = readReports(mapping)
        let store = Path.joined(folder, mapping.text("store", &problems) ?? "data/assay.db")
        let pipelines = pipelines(mapping, store: store)
        return Project(
            file: file, folder: folder, store: store, reports: Path.joined(folder, reports), reportedValues: values,
            expectations: expectations, assets: assets, suites: suites,
            validations: validations(mapping, gates: Set(pipelines.compactMap { $0.silver.gate?.suite.name })),
            pipelines: pipelines)
    }

    private mutating func pipelines(_ mapping: MappingReader, store: String) -> [PipelineDefinition] {
        guard let node = mapping["pipelines"] else { return [] }
        guard let entries = node.entries else {
            problems.add(
                "bad-value", "pipelines must be a mapping of names to pipelines, got \(node.found)", at: node.mark)
            return []
        }
        let reader = PipelineReader(
            folder: folder, storeFolder: Path.folder(of: store), assets: assets, assetNames: assetNames, suites: suites,
            hasBrokenSuite: hasBrokenSuite)
        var pipelines: [PipelineDefinition] = []
        for entry in entries where !problems.isFull {
            guard let pipeline = reader.pipeline(entry, &problems) else { continue }
            checkWriters(pipeline, beside: pipelines)
            pipelines.append(pipeline)
        }
        return pipelines
    }

    /// Two pipelines that write one table would each believe that it is theirs.
    private mutating func checkWriters(_ pipeline: PipelineDefinition, beside others: [PipelineDefinition]) {
        for other in others {
            for place in pipeline.places where other.places.contains(where: { $0.plainFolder == place.plainFolder }) {
                problems.add(
                    "bad-value",
                    "the pipelines \(quoted(other.name)) and \(quoted(pipeline.name)) both write \(quoted(place.name))",
                    at: pipeline.mark)
            }
            if case .standardInput = pipeline.source.kind, case .standardInput = other.source.kind {
                problems.add(
                    "bad-value",
                    "the pipelines \(quoted(other.name)) and \(quoted(pipeline.name)) both read standard input",
                    at: pipeline.source.mark)
            }
            if other.state == pipeline.state {
                problems.add(
                    "bad-value",
                    "the pipelines \(quoted(other.name)) and \(quoted(pipeline.name)) have the same folder of state",
                    at: pipeline.mark)
            }
        }
    }

    private mutating func readReports(_ mapping: MappingReader) -> (path: String, values: Project.ReportedValues) {
        guard let node = mapping["reports"] else { return ("reports", .masked) }
        guard node.entries != nil else { return (node.text("reports", &problems) ?? "reports", .masked) }
        guard let reports = MappingReader(node, "reports", keys: ["path", "values"], problems: &problems) else {
            return ("reports", .masked)
        }
        return (
            reports.text("path", &problems) ?? "reports", reports["values"]?.choice("values", &problems) ?? .masked
        )
    }

    private mutating func readAssets(_ mapping: MappingReader) {
        guard let node = mapping["assets"] else { return }
        guard let entries = node.entries else {
            problems.add("bad-value", "assets must be a mapping of names to assets, got \(node.found)", at: node.mark)
            return
        }
        assetNames = entries.map(\.key)
        for entry in entries where !problems.isFull {
            if let asset = AssetReader(folder: folder).asset(entry, &problems) { assets.append(asset) }
        }
    }

    private mutating func readSuites(in folder: String, named mark: SourceMark?) {
        guard let paths = SuiteFolder.files(in: folder) else {
            if let mark { problems.add("unreadable-file", "there is no folder \(quoted(folder))", at: mark) }
            return
        }
        var files: [String: String] = [:]
        for path in paths {
            do {
                let suite = try Suite.load(path: path, environment: environment)
                if let other = files[suite.name] {
                    problems.add(
                        "duplicate-suite", "there are two suites named \(quoted(suite.name))",
                        at: SourceMark(file: path, line: 1, column: 1), hint: "the other is \(other)")
                    continue
                }
                files[suite.name] = path
                suites.append(suite)
            } catch {
                problems.add(contentsOf: error)
                hasBrokenSuite = true
            }
        }
    }

    /// `gates` are suites that judge records on their way, and need no asset for it.
    private mutating func validations(_ mapping: MappingReader, gates: Set<String>) -> [Project.Validation] {
        guard let node = mapping["validations"] else {
            return suites.filter { $0.asset != nil || !gates.contains($0.name) }.compactMap { ownValidation($0) }
        }
        guard let items = node.items else {
            problems.add("bad-value", "validations must be a list, got \(node.found)", at: node.mark)
            return []
        }
        var seen: Set<[String]> = []
        var validations: [Project.Validation] = []
        for item in items where !problems.isFull {
            guard let validation = validation(item) else { continue }
            guard seen.insert([validation.suite, validation.asset]).inserted else {
                problems.add(
                    "bad-value", "\(validation.suite) against \(validation.asset) is listed twice", at: item.mark)
                continue
            }
            validations.append(validation)
        }
        return validations
    }

    private mutating func validation(_ item: YAMLNode) -> Project.Validation? {
        guard
            let mapping = MappingReader(
                item, "a validation", keys: ["suite", "asset"], absent: ["schedule", "alerts", "every", "cron"],
                problems: &problems)
        else { return nil }
        guard let node = mapping["suite"] else {
            problems.add("missing-key", "a validation needs suite", at: item.mark)
            return nil
        }
        guard let name = node.text("suite", &problems) else { return nil }
        guard let suite = suites.first(where: { $0.name == name }) else {
            if !hasBrokenSuite { addUnknown("suite", node, name, known: suites.map(\.name)) }
            return nil
        }
        guard let target = mapping["asset"] else {
            guard let own = ownValidation(suite, at: item.mark) else { return nil }
            return Project.Validation(suite: own.suite, asset: own.asset, mark: item.mark)
        }
        guard let asset = target.text("asset", &problems) else { return nil }
        guard assetNames.contains(asset) else {
            addUnknown("asset", target, asset, known: assetNames)
            return nil
        }
        return Project.Validation(suite: name, asset: asset, mark: item.mark)
    }

    /// The suite against the asset that it names.
    private mutating func ownValidation(_ suite: Suite, at mark: SourceMark? = nil) -> Project.Validation? {
        let start = SourceMark(file: suite.file, line: 1, column: 1)
        guard let asset = suite.asset else {
            problems.add(
                "missing-key", "the suite \(quoted(suite.name)) names no asset", at: mark ?? start,
                hint: "add asset: to it, or list it under validations with one")
            return nil
        }
        guard assetNames.contains(asset) else {
            addUnknown("asset", suite.assetMark ?? start, shown: suite.shownAsset, asset, known: assetNames)
            return nil
        }
        return Project.Validation(suite: suite.name, asset: asset, mark: suite.assetMark ?? start)
    }

    private mutating func addUnknown(_ what: String, _ node: YAMLNode, _ name: String, known: [String]) {
        addUnknown(what, node.mark, shown: node.quotedText, name, known: known)
    }

    private mutating func addUnknown(
        _ what: String, _ mark: SourceMark, shown: String, _ name: String, known: [String]
    ) {
        let isFilled = shown != quoted(name)
        let nearest = isFilled ? nil : Suggestion.nearest(to: name, among: known)
        problems.add(
            "unknown-\(what)", "there is no \(what) \(shown)", at: mark,
            hint: nearest.map { "did you mean \($0)?" }
                ?? (known.isEmpty ? "there are none" : "there are \(known.prefix(20).joined(separator: ", "))"))
    }
}
