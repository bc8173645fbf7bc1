public import Expectations
public import Schedules

/// A project: its assets, its suites, and which of them are validated against each other.
public struct Project: Sendable {
    /// How values of rows stand in reports.
    public enum ReportedValues: String, Sendable, Hashable, CaseIterable {
        /// Only what they look like.
        case masked
        /// As they are, those of columns tagged `pii` aside.
        case shown
        case absent
    }

    /// A suite and the asset that it is run against; both are there.
    public struct Validation: Sendable, Hashable {
        /// The suite's name.
        public let suite: String
        /// The asset's name.
        public let asset: String
        /// When the service runs it, and what becomes of its failures.
        public let rules: ValidationRules
        public let mark: SourceMark
    }

    /// The path that it was read from, as it was given.
    public let file: String
    /// The folder that it stands in, which relative paths have been joined to; empty for the working folder.
    public let folder: String
    /// Path of the results' database.
    public let store: String
    /// The same where the project names none, from the project's folder.
    public static let usualStore = "data/assay.db"
    /// Folder of the reports.
    public let reports: String
    public let reportedValues: ReportedValues
    /// Folder of the suites.
    public let expectations: String
    /// In the order of the file.
    public let assets: [Asset]
    /// Sorted by path.
    public let suites: [Suite]
    /// Suites that nothing uses, since they name no asset and are no pipeline's gate: a mistake to who validates or checks the project,
    /// and to nobody else (``checkSuites()``).
    let idleSuites: SuiteProblems?
    /// In the order of the file, or of the suites where the file has none; when empty, whoever runs them has to say so.
    public let validations: [Validation]
    /// In the order of the file.
    public let pipelines: [PipelineDefinition]
    /// In the order of the file.
    public let alertRoutes: [AlertRoute]
    /// The server that takes mails; there where a route sends some.
    ///
    /// Throws what the environment lacks for it.
    public var mail: MailServer? { get throws(SuiteProblems) { try secretMail.get() } }
    let secretMail: SecretPart<MailServer?>
    public let maintenance: [MaintenanceWindow]
    public let service: ServiceDefinition

    /// What the environment lacks for any of its secrets, in the order of the file: a service needs them all.
    public var lacking: [SuiteError] {
        let tokens = pipelines.flatMap { pipeline in
            if case .http(let source) = pipeline.source.kind { source.secretToken.lacking } else { [SuiteError]() }
        }
        let all =
            service.secretTokens.lacking + service.secretLineage.lacking + secretMail.lacking + tokens
            + alertRoutes.flatMap(\.secretChannels.lacking)
        var problems = Problems()
        problems.add(lacking: all)
        return problems.sorted?.errors ?? []
    }

    /// Refuses suites that nothing uses: who validates everything would think that they were asked.
    public func checkSuites() throws(SuiteProblems) { if let idleSuites { throw idleSuites } }

    public func pipeline(named name: String) -> PipelineDefinition? { pipelines.first { $0.name == name } }

    public func alertRoute(named name: String) -> AlertRoute? { alertRoutes.first { $0.name == name } }

    /// What each asset is made of, by name: what the project says, and what its pipelines make out of what.
    public var lineage: [String: [String]] {
        var lineage: [String: [String]] = [:]
        for asset in assets where !asset.upstream.isEmpty { lineage[asset.name] = asset.upstream }
        for pipeline in pipelines {
            var names: [String] = []
            for place in [pipeline.bronze, pipeline.silver.place].compactMap(\.self) {
                if let upstream = names.last { lineage[place.name, default: []].append(upstream) }
                names.append(place.name)
            }
            for gold in pipeline.gold { lineage[gold.place.name, default: []].append(pipeline.silver.place.name) }
        }
        return lineage
    }

    /// The columns that an asset's own tags, or those of a suite that judges it, say are personal.
    public func personalColumns(of asset: Asset) -> Set<String> {
        let names = Set(validations.filter { $0.asset == asset.name }.map(\.suite))
        return suites.filter { names.contains($0.name) }.reduce(asset.personalColumns) {
            $0.union($1.personalColumns)
        }
    }

    public func asset(named name: String) -> Asset? { assets.first { $0.name == name } }

    public func suite(named name: String) -> Suite? { suites.first { $0.name == name } }

    /// Reads a project file and all suites of its folder.
    ///
    /// Throws everything that is wrong with any of the files at once, sorted by file and place; that nothing uses a suite is left to
    /// ``checkSuites()`` where it is all.
    public static func load(path: String, environment: [String: String]) throws(SuiteProblems) -> Project {
        let source: SourceText
        do { source = try SourceFile.read(path) } catch { throw SuiteProblems([error]) }
        var problems = Problems()
        let document = YAMLDocument(source, environment: environment, problems: &problems)
        guard let root = document.root else { throw problems.sorted ?? SuiteProblems([]) }
        var reader = ProjectReader(file: path, environment: environment, problems: problems)
        let project = reader.project(root)
        guard reader.problems.errors.isEmpty, let project else {
            reader.problems.add(contentsOf: SuiteProblems(reader.idleSuites))
            // Who mends the file is told of all of it.
            reader.problems.add(lacking: project?.lacking ?? [])
            throw reader.problems.sorted ?? SuiteProblems([])
        }
        return project
    }
}
