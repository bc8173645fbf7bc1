import Foundation
import TestSupport

/// Other engines as peers, where Python and its packages are at hand.
enum Peer: String {
    case duckdb
    case sqlite3

    /// One line of answers an expression: its value as text, `missing`, or `error`; `nil` where there is no such peer.
    ///
    /// Each expression is asked of one row of a table `t` that `setup` makes.
    func answers(_ expressions: [String], setup: [String]) -> [String]? {
        let script = """
            import importlib, json, sys
            asked = json.load(sys.stdin)
            try:
                peer = importlib.import_module(sys.argv[1])
            except ImportError:
                sys.exit(3)
            con = peer.connect(":memory:")
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
        process.arguments = ["python3", "-c", script, rawValue]
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
        let data = output.fileHandleForReading.everything()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { return nil }
        return try? JSONDecoder().decode([String].self, from: data)
    }
}
