import Foundation

/// Data for a workload: made once, kept in the folder of data, and named after what it is.
struct DataFile {
    let name: String
    private let make: (Tools, _ path: String) throws -> Void

    /// A file by `make-data`.
    static func shape(_ shape: String, rows: Int) -> DataFile {
        DataFile(name: "\(shape)-\(rows).\(shape == "jsonl" ? "jsonl" : "csv")") { tools, path in
            try tools.run([tools.makeData, shape, String(rows), path])
        }
    }

    /// The clickstream, packed by `gzip` or `zstd`.
    static func packed(by tool: String, ending: String, rows: Int) -> DataFile {
        DataFile(name: "events-\(rows).csv.\(ending)") { tools, path in
            let plain = try tools.path(of: .shape("events", rows: rows))
            try tools.run(["/bin/sh", "-c", "\(tool) -c \"$1\" > \"$2\"", tool, plain, path])
        }
    }

    /// The clickstream in Parquet, written by Polars as it writes by default.
    static func parquet(rows: Int) -> DataFile {
        DataFile(name: "events-\(rows).parquet") { tools, path in
            let plain = try tools.path(of: .shape("events", rows: rows))
            let script = "import polars, sys; polars.scan_csv(sys.argv[1], try_parse_dates=True).sink_parquet(sys.argv[2])"
            try tools.run([tools.python, "-c", script, plain, path])
        }
    }

    /// So many files of the clickstream, together so many rows; a pattern stands for them.
    static func files(_ count: Int, rows: Int) -> DataFile {
        DataFile(name: "events-\(rows)-in-\(count)/*.csv") { tools, path in
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
            for number in 1...count {
                try tools.run([
                    tools.makeData, "events", String(max(1, rows / count)), "\(folder)/part-\(number).csv",
                ])
            }
        }
    }

    /// Makes the data where it is not there yet.
    func prepare(with tools: Tools, in folder: String) throws -> String {
        let path = "\(folder)/\(name)"
        let target = name.contains("/") ? URL(fileURLWithPath: path).deletingLastPathComponent().path : path
        if FileManager.default.fileExists(atPath: target) { return path }
        say("making \(name)")
        // Made under another name first: what was interrupted is not taken for whole.
        let draft = "\(target).draft"
        try? FileManager.default.removeItem(atPath: draft)
        if name.contains("/") {
            try FileManager.default.createDirectory(atPath: draft, withIntermediateDirectories: true)
            try make(tools, "\(draft)/part")
        } else {
            try make(tools, draft)
        }
        try FileManager.default.moveItem(atPath: draft, toPath: target)
        return path
    }
}
