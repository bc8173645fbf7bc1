import Foundation

/// DuckDB as a peer, where Python and its package are at hand.
enum DuckDB {
    /// One line of answers an expression: its value as text, `missing`, or `error`; `nil` where there is no DuckDB.
    ///
    /// Each expression is asked of one row of a table `t` that `setup` makes.
    static func answers(_ expressions: [String], setup: [String]) -> [String]? {
        let script = """
            import json, sys
            try:
                import duckdb
            except ImportError:
                sys.exit(3)
            asked = json.load(sys.stdin)
            con = duckdb.connect()
            con.execute("SET threads = 1")
            for statement in asked["setup"]:
                con.execute(statement)
            answers = []
            for text in asked["expressions"]:
                try:
                    value = con.execute("SELECT CAST((" + text + ") AS VARCHAR) FROM t").fetchone()[0]
                    answers.append("missing" if value is None else value)
                except Exception as error:
                    answers.append("error")
            json.dump(answers, sys.stdout)
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        guard let question = try? JSONEncoder().encode(["setup": setup, "expressions": expressions]),
            (try? process.run()) != nil
        else { return nil }
        let writer = Thread {
            try? input.fileHandleForWriting.write(contentsOf: question)
            try? input.fileHandleForWriting.close()
        }
        writer.start()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { return nil }
        return try? JSONDecoder().decode([String].self, from: data)
    }
}
