import Foundation
import Testing

/// A project with one pipeline, some of whose records were kept apart.
struct QuarantineFixture {
    let assay: Assay

    enum Format: String, CaseIterable, Sendable {
        case csv, json
    }

    /// Ten records, of which 2, 4 and 6 break the rule about amounts, and 8 can't be read.
    init(_ format: Format = .csv) throws {
        assay = try Assay()
        try assay.write(
            """
            assets:
              silver.orders: {delta: silver}
              bronze.orders: {delta: bronze}
            pipelines:
              orders:
                source: {files: landing, format: \(format.rawValue), settle: 0s}
                bronze: {asset: bronze.orders}
                silver:
                  asset: silver.orders
                  deduplicate: {by: [id]}
                  gate: {suite: orders}
            """, to: "assay.yaml")
        try suite(minimum: 0)
        var text = format == .csv ? "id,amount,note,email\n" : ""
        for id in 1...10 {
            let amount = [2, 4, 6].contains(id) ? -id : id
            switch format {
            case .csv:
                text += "\(id),\(amount),\(id % 2 == 0 ? "\"\"" : ""),p\(id)@example.com\(id == 8 ? ",more" : "")\n"
            case .json:
                let end = id == 8 ? "" : "}"
                text +=
                    #"{"id": \#(id), "amount": \#(amount), "note": "", "email": "p\#(id)@example.com"\#(end)"# + "\n"
            }
        }
        try assay.write(text, to: "landing/a.\(format == .csv ? "csv" : "jsonl")")
        let run = try assay("run", "--once")
        try #require(run.status == 0, "\(run.errors)")
    }

    /// The rule about amounts.
    func suite(minimum: Int, onFail: String = "quarantine") throws {
        try assay.write(
            """
            suite: orders
            asset: silver.orders
            columns:
              email: {tags: [pii]}
            expectations:
              - expect_column_values_to_be_between: {column: amount, min_value: \(minimum), on_fail: \(onFail)}
            """, to: "expectations/orders.yaml")
    }

    /// The rows of silver, in an order of their own.
    func silver() throws -> [String] {
        let run = try assay("inspect", "silver", "--rows", "1000")
        try #require(run.status == 0, "\(run.errors)")
        return run.output.split(separator: "\n").map(String.init).filter { $0.hasPrefix("{") }.sorted()
    }

    func silverIDs() throws -> [Int] {
        try silver().compactMap { line in
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            return object?["id"] as? Int
        }.sorted()
    }

    /// All files of the project with what is in them, but for those beside a database by which its readers agree.
    var files: [String: Data] {
        let paths = FileManager.default.enumerator(atPath: assay.folder.path)?.compactMap { $0 as? String } ?? []
        return Dictionary(
            uniqueKeysWithValues: paths.filter { !$0.hasSuffix("-shm") && !$0.hasSuffix("-wal") }.compactMap { path in
                (try? Data(contentsOf: assay.folder.appendingPathComponent(path))).map { (path, $0) }
            })
    }

    /// So many judgements have a status.
    func count(_ status: String) throws -> Int {
        let run = try assay("quarantine", "list", "orders", "--status", status, "--format", "json")
        try #require(run.status == 0, "\(run.errors)")
        let list = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [[String: Any]]
        return list?.first?["count"] as? Int ?? -1
    }

    /// Ids of open records, oldest last.
    func ids(rule: String) throws -> [String] {
        let run = try assay("quarantine", "list", "orders", "--rule", rule, "--format", "json")
        let list = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [[String: Any]]
        return (list?.first?["records"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String }
    }
}
