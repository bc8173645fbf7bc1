import Foundation
import Tables

@testable import Delta

/// Another implementation of the protocol, where it is installed: `pip install deltalake`.
enum Peer {
    static let deltalake = has("deltalake, pyarrow")
    static let duckDB = has("duckdb")
    static let skipped = "deltalake is not installed here: pip install deltalake"

    private static func has(_ modules: String) -> Bool {
        (try? run("import \(modules)", [])) != nil
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// What a Python script prints; its arguments are `sys.argv[1:]`.
    @discardableResult static func run(_ script: String, _ arguments: [String]) throws -> String {
        let process = try start(script, arguments)
        process.waitUntilExit()
        return try process.output()
    }

    /// A script that runs by itself.
    static func start(_ script: String, _ arguments: [String]) throws -> Running {
        // Without waiting for the threads of the peer, which end a process by chance as if it had failed.
        let ending = "\nimport sys, os\nsys.stdout.flush()\nos._exit(0)"
        return try Running(executable: "/usr/bin/env", ["python3", "-c", script + ending] + arguments)
    }

    /// A process whose output goes to files, so that no amount of it blocks.
    final class Running {
        let process = Process()
        private let files: [URL]

        init(executable: String, _ arguments: [String], environment: [String: String] = [:]) throws {
            files = (0..<2).map { _ in
                FileManager.default.temporaryDirectory.appendingPathComponent("assay-peer-\(UUID().uuidString)")
            }
            for file in files { try Data().write(to: file) }
            process.executableURL = URL(fileURLWithPath: executable)
            process.arguments = arguments
            process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
            process.standardOutput = try FileHandle(forWritingTo: files[0])
            process.standardError = try FileHandle(forWritingTo: files[1])
            process.standardInput = FileHandle.nullDevice
            try process.run()
        }

        deinit { for file in files { try? FileManager.default.removeItem(at: file) } }

        func waitUntilExit() { process.waitUntilExit() }

        func output() throws -> String {
            guard process.terminationStatus == 0 else {
                throw Failure(description: try String(contentsOf: files[1], encoding: .utf8))
            }
            return try String(contentsOf: files[0], encoding: .utf8)
        }
    }

    /// Python that prints a table's rows as JSON lists of texts: the schema's columns, in its order.
    static let printing = """
        import sys, json, datetime, decimal, math
        from deltalake import DeltaTable, write_deltalake
        import pyarrow as pa
        def text(v):
            if v is None: return None
            if isinstance(v, bool): return 'true' if v else 'false'
            if isinstance(v, float): return None if math.isnan(v) else repr(v)
            if isinstance(v, datetime.datetime):
                if v.tzinfo is not None: v = v.astimezone(datetime.timezone.utc)
                s = v.strftime('%Y-%m-%dT%H:%M:%S')
                if v.microsecond: s += ('.%06d' % v.microsecond).rstrip('0')
                return s + 'Z'
            if isinstance(v, datetime.date): return v.isoformat()
            if isinstance(v, bytes): return v.decode()
            if isinstance(v, (list, dict)): return json.dumps(v, separators=(',', ':'), ensure_ascii=False)
            return str(v)
        def rows(table):
            names = [f.name for f in table.schema().fields]
            data = table.to_pyarrow_table().select(names).to_pydict()
            return sorted([[text(v) for v in row] for row in zip(*[data[n] for n in names])], key=str)
        def show(table):
            print(json.dumps({'version': table.version(), 'rows': rows(table)}))

        """

    /// What `show` printed.
    static func shown(_ output: String) throws -> (version: Int, rows: [[String?]]) {
        guard let json = JSON(text: output.trimmingCharacters(in: .whitespacesAndNewlines)),
            let version = json["version"]?.integer, let rows = json["rows"]?.items
        else { throw Failure(description: "the peer printed: \(output)") }
        return (Int(version), rows.map { $0.items?.map(\.string) ?? [] })
    }
}

/// A version's rows as a reading of ours gives them: the schema's columns as texts.
struct ReadRows {
    let rows: [[String?]]

    init(_ snapshot: Snapshot, workers: Int = 1) throws {
        let source = try DeltaSource(snapshot)
        let columns = try snapshot.schema.fields.map { field in
            guard let index = source.schema.index(of: field.name) else { throw Peer.Failure(description: field.name) }
            return index
        }
        let reader = try source.open(
            Projection(Dictionary(uniqueKeysWithValues: columns.map { ($0, [.values, .text]) })), ordinals: nil)
        var batches: [Batch] = []
        var running = (0..<workers).map { _ in reader.makeWorker() }
        // Turn by turn, so that files are shared.
        while let worker = running.first {
            running.removeFirst()
            guard let batch = try worker.next() else { continue }
            batches.append(batch)
            running.append(worker)
        }
        batches.sort { $0.ordinal < $1.ordinal }
        guard batches.map(\.ordinal) == Array(batches.indices) else { throw Peer.Failure(description: "gaps") }
        rows = batches.flatMap { batch in
            (0..<batch.rowCount).map { row in columns.map { batch.column($0).text(at: row) } }
        }
    }

    /// In an order that both sides can make.
    var sorted: [[String?]] { Self.sorted(rows) }

    static func sorted(_ rows: [[String?]]) -> [[String?]] {
        rows.sorted { left, right in
            left.map { $0 ?? "\u{0}" }.lexicographicallyPrecedes(right.map { $0 ?? "\u{0}" })
        }
    }
}
