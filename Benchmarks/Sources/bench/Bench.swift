import Foundation

/// Runs Assay and its peers on the same data and suites, in turns, and writes the table of docs/benchmarks.md.
@main struct Bench {
    static func main() {
        do {
            try run(Options(Array(CommandLine.arguments.dropFirst())))
        } catch {
            say("\(error)")
            exit(2)
        }
    }

    private static func run(_ options: Options) throws {
        let machine = Machine()
        let tools = Tools(
            root: options.root, assay: options.assay, before: options.before,
            dataFolder: options.data ?? "\(options.root)/Benchmarks/.data")
        try FileManager.default.createDirectory(atPath: tools.dataFolder, withIntermediateDirectories: true)

        var skipped: [String] = []
        var versions = [try assayVersion(tools)]
        var contenders: [(title: String, contender: Contender)] = [("Assay", .assay)]
        if options.before != nil { contenders.append(("Assay, the other build", .before)) }
        for peer in options.peers {
            if let version = try peerVersion(peer, tools) {
                versions.append(version)
                contenders.append((version.components(separatedBy: " on ")[0], .peer(peer)))
            } else {
                skipped.append("\(peer): not installed; `scripts/bench --peers` installs the peers.")
            }
        }

        let all = Workload.all(rows: options.rows, contenders: contenders, cores: Machine.cores)
        for name in options.only where !all.contains(where: { $0.name == name }) {
            throw Failure("there is no workload \(name); there are \(all.map(\.name).joined(separator: ", "))")
        }
        var results: [WorkloadResult] = []
        for workload in all where options.only.isEmpty || options.only.contains(workload.name) {
            if let reason = try obstacle(workload, tools) {
                say("\(workload.name): skipped, \(reason)")
                skipped.append("\(workload.title): \(reason).")
                continue
            }
            results.append(try measure(workload, runs: options.runs, tools))
        }
        let report = Report(
            machine: machine, versions: versions, rows: options.rows, runs: options.runs, results: results,
            skipped: skipped)
        print(report.markdown)
        if options.writes {
            try report.write(to: "\(options.root)/docs/benchmarks.md")
            say("wrote docs/benchmarks.md")
        }
    }

    /// Every lane once, then every lane again: what slows the machine for a while slows all of them.
    private static func measure(_ workload: Workload, runs: Int, _ tools: Tools) throws -> WorkloadResult {
        let commands = try workload.lanes.map { lane in
            let (data, suite) = (try tools.path(of: lane.data), try tools.path(of: lane.suite))
            return (
                bytes: try tools.size(of: data), data: data,
                command: lane.contender.command(
                    tools, suite: suite, data: data, threads: lane.threads, hasQuotedGaps: lane.hasQuotedGaps)
            )
        }
        for data in Set(commands.map(\.data)) { try tools.warm(data) }
        var measured = workload.lanes.map { _ in [Measurement]() }
        for run in 1...runs {
            say("\(workload.name): run \(run) of \(runs)")
            for (index, lane) in commands.enumerated() {
                measured[index].append(try Measurement(lane.command, tools: tools))
            }
        }
        return WorkloadResult(
            workload: workload,
            lanes: workload.lanes.indices.map {
                LaneResult(
                    lane: workload.lanes[$0], bytes: commands[$0].bytes, runs: measured[$0],
                    countsStart: workload.countsStart)
            })
    }

    /// Why a workload can't run here, if it can't.
    private static func obstacle(_ workload: Workload, _ tools: Tools) throws -> String? {
        switch workload.needs {
        case nil: return nil
        case .tool(let name):
            let found = try tools.run(["/bin/sh", "-c", "command -v \(name)"], mayFail: true).status == 0
            return found ? nil : "\(name) is not installed"
        case .peers:
            let found = try tools.run([tools.python, "-c", "import polars"], mayFail: true).status == 0
            return found ? nil : "the peers are not installed: scripts/bench --peers"
        case .jsonLines:
            let data = try tools.path(of: DataFile.shape("jsonl", rows: 100))
            let command = Contender.assay.command(
                tools, suite: try tools.path(of: Suite.fifteen), data: data, threads: nil, hasQuotedGaps: false)
            return try tools.run(command, mayFail: true).status == 0 ? nil : "this build of Assay reads no JSON Lines"
        }
    }

    private static func assayVersion(_ tools: Tools) throws -> String {
        let version = try tools.run([tools.assay, "--version"]).output
        let isOurs = tools.assay.hasPrefix("\(tools.root)/.build/")
        let commit = try tools.run(
            ["/usr/bin/env", "git", "-C", tools.root, "rev-parse", "--short", "HEAD"], mayFail: true)
        let name = version.hasPrefix("assay") ? "A\(version.dropFirst())" : "Assay \(version)"
        return isOurs && commit.status == 0 ? "\(name) (\(commit.output))" : name
    }

    /// The peer's name and version, or nothing where it isn't installed.
    private static func peerVersion(_ peer: String, _ tools: Tools) throws -> String? {
        guard FileManager.default.isExecutableFile(atPath: tools.python) else { return nil }
        let (suite, data) = (
            try tools.path(of: Suite.fifteen), try tools.path(of: DataFile.shape("events", rows: 100))
        )
        let answer = try tools.run([tools.python, tools.peer(peer), suite, data], mayFail: true)
        guard answer.status == 0, let line = answer.output.split(separator: "\n").last else { return nil }
        let fields = try JSONDecoder().decode(Version.self, from: Data(line.utf8))
        return "\(fields.peer) \(fields.version)"
    }

    private struct Version: Decodable {
        let peer: String
        let version: String
    }
}
