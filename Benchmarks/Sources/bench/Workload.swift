/// What is measured in turns and told in one part of the table.
struct Workload {
    /// One way to do the work: a row of the table.
    struct Lane {
        let title: String
        let contender: Contender
        let data: DataFile
        let suite: Suite
        var threads: Int?
        var hasQuotedGaps = false
    }

    let name: String
    let title: String
    let lanes: [Lane]
    /// What we want to be true of it; what is not is told under the table.
    let bars: [Bar]
    /// Whether the seconds of peers include their start, as they do for someone who waits for the answer.
    var countsStart = false
    /// A tool or an ability without which the workload can't run.
    var needs: Need?

    enum Need {
        case tool(String)
        /// Assay reads JSON Lines.
        case jsonLines
        /// The peers are installed: one of them writes the data.
        case peers
    }
}

extension Workload {
    /// All workloads: `rows` is the size of the main one, and the others are shares of it.
    static func all(rows: Int, contenders: [(title: String, contender: Contender)], cores: Int) -> [Workload] {
        func against(_ data: DataFile, _ suite: Suite, hasQuotedGaps: Bool = false) -> [Lane] {
            contenders.map {
                Lane(
                    title: $0.title, contender: $0.contender, data: data, suite: suite, hasQuotedGaps: hasQuotedGaps)
            }
        }
        func assay(_ title: String, rows: Int, suite: Suite = .fifteen, threads: Int? = nil) -> Lane {
            Lane(
                title: title, contender: .assay, data: .shape("events", rows: max(1, rows)), suite: suite,
                threads: threads)
        }
        let fifth = max(1, rows / 5)
        // No peer is faster, and none takes less memory.
        let leads = contenders.compactMap { contender -> Bar? in
            guard case .peer(let name) = contender.contender else { return nil }
            return .beats(peer: name, times: 1, shareOfMemory: 1)
        }
        return [
            Workload(
                name: "csv", title: "15 checks, CSV", lanes: against(.shape("events", rows: rows), .fifteen),
                bars: [
                    .beats(peer: "duckdb", times: 4), .beats(peer: "great_expectations", times: 20), .megabytes(100),
                ] + leads),
            Workload(
                name: "unique", title: "16 checks, one of them exact uniqueness, CSV",
                lanes: against(.shape("events", rows: rows), .sixteen),
                bars: [.beats(peer: "duckdb", times: 4, shareOfMemory: 0.2)] + leads),
            Workload(
                name: "one-column", title: "One check on one column of thirty, CSV",
                lanes: against(.shape("wide-30", rows: fifth), .one), bars: leads),
            Workload(
                name: "wide", title: "A check on each of 200 columns, CSV",
                lanes: against(.shape("wide-200", rows: max(1, rows / 25)), .wide(200)), bars: leads),
            Workload(
                name: "quoted", title: "15 checks, every field quoted, CSV",
                lanes: against(.shape("quoted", rows: fifth), .fifteen, hasQuotedGaps: true), bars: leads),
            Workload(
                name: "json", title: "15 checks, JSON Lines", lanes: against(.shape("jsonl", rows: fifth), .fifteen),
                bars: [.beats(peer: "polars", times: 3)] + leads, needs: .jsonLines),
            Workload(
                name: "gzip", title: "15 checks, CSV in gzip",
                lanes: against(.packed(by: "gzip", ending: "gz", rows: fifth), .fifteen), bars: leads,
                needs: .tool("gzip")),
            Workload(
                name: "zstd", title: "15 checks, CSV in Zstandard",
                lanes: against(.packed(by: "zstd -q", ending: "zst", rows: fifth), .fifteen), bars: leads,
                needs: .tool("zstd")),
            Workload(
                name: "parquet", title: "15 checks, Parquet", lanes: against(.parquet(rows: rows), .fifteen),
                bars: leads, needs: .peers),
            Workload(
                name: "parquet-unique", title: "16 checks, one of them exact uniqueness, Parquet",
                lanes: against(.parquet(rows: rows), .sixteen), bars: leads, needs: .peers),
            Workload(
                name: "files", title: "15 checks, 50 small files, CSV",
                lanes: against(.files(50, rows: max(50, rows / 10)), .fifteen), bars: leads),
            Workload(
                name: "start", title: "15 checks, 100 rows: from the command to its answer",
                lanes: against(.shape("events", rows: 100), .fifteen), bars: [.seconds(0.02)] + leads,
                countsStart: true),
            Workload(
                name: "expectations", title: "Ten times the expectations, CSV",
                lanes: [
                    assay("Assay, 300 expectations", rows: fifth, suite: .many(300)),
                    assay("Assay, 3,000 expectations", rows: fifth, suite: .many(3_000)),
                ], bars: [.atMost(times: 3)]),
            Workload(
                name: "threads", title: "15 checks, threads, CSV",
                lanes: [
                    assay("Assay, 1 thread", rows: rows, threads: 1),
                    assay("Assay, 2 threads", rows: rows, threads: 2),
                ] + (cores > 2 ? [assay("Assay, \(cores) threads", rows: rows, threads: cores)] : []),
                bars: [.speedUp(times: 0.9 * Double(max(2, cores)))]),
            Workload(
                name: "scale", title: "15 checks, ten times the data, CSV",
                lanes: [1, 4, 10].map { assay("Assay, \($0)×", rows: rows / 2 * $0) }, bars: [.steady]),
        ]
    }
}
