import Expectations
import Schedules
import Tables

/// Reads a project file and the suites beside it, and collects what is wrong with any of them.
struct ProjectReader {
    let file: String
    let environment: [String: String]
    var problems: Problems
    private let folder: String
    private var assets: [Asset] = []
    /// Names of all assets that are written down, be they right or wrong.
    private(set) var assetNames: [String] = []
    private(set) var suites: [Suite] = []
    /// Whether a suite could not be read, so that its name may be missing from the known ones.
    private(set) var hasBrokenSuite = false
    /// Suites that no validation judges by and no gate uses.
    var idleSuites: [SuiteError] = []

    private static let keys = [
        "store", "reports", "assets", "expectations", "validations", "pipelines", "alerts", "mail", "maintenance",
        "service", "description",
    ]
    private static let absentKeys = ["schedule", "schedules", "connections"]

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
        let store = store(mapping)
        let pipelines = pipelines(mapping, store: store)
        let service = mapping["service"].map { ServiceReader(folder: folder).service($0, &problems) } ?? .standard
        let routes =
            mapping["alerts"].map { AlertRouteReader(serviceURL: service.url, folder: folder).routes($0, &problems) }
            ?? []
        let mail = mapping["mail"].map { node in
            problems.secretPart(node) { MailServerReader(folder: folder).server(node, &$0) }
        }
        if mail == nil { checkMail(mapping["alerts"]?.entries ?? []) }
        checkUpstream()
        let rules = ValidationRulesReader(
            routes: mapping["alerts"]?.entries?.map(\.key) ?? [],
            pipelines: mapping["pipelines"]?.entries?.map(\.key) ?? [])
        let validations = validations(
            mapping, rules, gates: Set(pipelines.compactMap { $0.silver.gate?.suite.name }))
        return Project(
            file: file, folder: folder, store: store, reports: Path.joined(folder, reports), reportedValues: values,
            expectations: expectations, assets: assets, suites: suites,
            idleSuites: idleSuites.isEmpty ? nil : SuiteProblems(idleSuites), validations: validations,
            pipelines: pipelines, alertRoutes: routes, secretMail: mail ?? SecretPart(nil),
            maintenance: mapping["maintenance"].map { windows($0, pipelines) } ?? [],
            service: service)
    }

    /// Where the service is found, which mistakes elsewhere in the project don't hide.
    mutating func servicePlace(_ root: YAMLNode) -> ServicePlace? {
        guard
            let mapping = MappingReader(
                root, "a project", keys: Self.keys, absent: Self.absentKeys, problems: &problems)
        else { return nil }
        if let store = mapping["store"], problems.lacksVariables(store) { return nil }
        let listen =
            if let node = mapping["service"]?.entries?.first(where: { $0.key == "listen" })?.value {
                problems.lacksVariables(node) ? nil : ServiceReader(folder: folder).listen(node, &problems)
            } else {
                ServiceDefinition.standard.listen as String?
            }
        let maintenance = mapping["maintenance"].map { node in
            MaintenanceReader(assets: [], pipelines: []).windows(node, &problems)
        }
        return ServicePlace(store: store(mapping), listen: listen, maintenance: maintenance ?? [])
    }

    private mutating func store(_ mapping: MappingReader) -> String {
        Path.joined(folder, mapping.text("store", &problems) ?? Project.usualStore)
    }

    private mutating func windows(_ node: YAMLNode, _ pipelines: [PipelineDefinition]) -> [MaintenanceWindow] {
        MaintenanceReader(assets: assetNames, pipelines: pipelines.map { "pipeline \($0.name)" }).windows(
            node, &problems)
    }

    /// Mails need somebody to take them.
    private mutating func checkMail(_ routes: [YAMLNode.Entry]) {
        for route in routes
        where route.value.entries?.contains(where: { $0.key == "email" && !$0.value.isNull }) == true {
            problems.add(
                "missing-key", "the route \(quoted(route.key)) sends mail, and no server is named that takes it",
                at: route.mark, hint: "add mail: {host: …, from: …} to the project")
        }
    }

    private mutating func checkUpstream() {
        for asset in assets {
            for name in asset.upstream where !assetNames.contains(name) {
                addUnknown("asset", asset.mark, shown: quoted(name), name, known: assetNames)
            }
        }
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
            pipelines.append(pipeline)
        }
        checkSharing(pipelines)
        checkStates(pipelines)
        checkLanding(pipelines, store: store)
        return pipelines
    }

    /// Two pipelines that write one table would each believe that it is theirs; of standard input and a state there is one as well.
    private mutating func checkSharing(_ pipelines: [PipelineDefinition]) {
        var folders: [String] = []
        var writers: [String: [(pipeline: PipelineDefinition, place: LayerPlace)]] = [:]
        for pipeline in pipelines {
            var own: Set<String> = []
            for place in pipeline.places where own.insert(place.plainFolder).inserted {
                if writers[place.plainFolder] == nil { folders.append(place.plainFolder) }
                writers[place.plainFolder, default: []].append((pipeline, place))
            }
        }
        for tables in folders.compactMap({ writers[$0] }) {
            refuseSharing(tables.map { $0.pipeline }, "write \(quoted(tables[0].place.name))") { $0.mark }
        }
        let readers = pipelines.filter { if case .standardInput = $0.source.kind { true } else { false } }
        refuseSharing(readers, "read standard input") { $0.source.mark }
        for sharing in Dictionary(grouping: pipelines, by: \.state).values {
            refuseSharing(sharing, "have the same folder of state") { $0.mark }
        }
    }

    /// Refuses states in the folders of tables: readers would find them there, and who removes the one removes the other.
    private mutating func checkStates(_ pipelines: [PipelineDefinition]) {
        let places = pipelines.flatMap(\.places)
        for pipeline in pipelines {
            let steps = Path.steps(pipeline.state)
            guard let place = places.first(where: { steps.starts(with: Path.steps($0.folder)) }) else { continue }
            problems.add(
                "bad-value", "the state of \(quoted(pipeline.name)) would lie in the table \(quoted(place.name))",
                at: pipeline.mark, hint: "give it a folder of its own")
        }
    }

    /// Refuses what several pipelines do, at the second of them.
    private mutating func refuseSharing(
        _ pipelines: [PipelineDefinition], _ deed: String, at mark: (PipelineDefinition) -> SourceMark
    ) {
        guard let last = pipelines.last, pipelines.count > 1 else { return }
        let names = pipelines.dropLast().map { quoted($0.name) }.joined(separator: ", ")
        problems.add(
            "bad-value",
            "the pipelines \(names) and \(quoted(last.name)) \(pipelines.count == 2 ? "both" : "all") \(deed)",
            at: mark(pipelines[1]))
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

    mutating func addUnknown(_ what: String, _ node: YAMLNode, _ name: String, known: [String]) {
        addUnknown(what, node.mark, shown: node.quotedText, name, known: known)
    }

    mutating func addUnknown(
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
