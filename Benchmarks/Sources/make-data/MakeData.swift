import Foundation

/// Writes data for the benchmarks: the same shape and number of rows give the same bytes on every machine.
@main struct MakeData {
    static let usage = """
        usage: make-data SHAPE ROWS FILE
          events    a clickstream of ten columns, CSV
          quoted    the same, every field quoted, some with doubled quotes and line breaks
          jsonl     the same as JSON Lines
          wide-N    a table of N columns, CSV

        """

    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard arguments.count == 3, let rows = Int(arguments[2]), rows >= 1 else { stop() }
        let (shape, path) = (arguments[1], arguments[3])
        switch shape {
        case "events": try events(rows, path, .plain)
        case "quoted": try events(rows, path, .quoted)
        case "jsonl": try events(rows, path, .jsonLines)
        default:
            guard shape.hasPrefix("wide-"), let count = Int(shape.dropFirst(5)), count >= 1 else { stop() }
            let columns = Wide.columns(count)
            var writer = try RowWriter(path: path, spelling: .plain, columns: columns)
            try Wide.write(rows: rows, columns: columns, to: &writer)
            try writer.close()
        }
    }

    private static func events(_ rows: Int, _ path: String, _ spelling: Spelling) throws {
        var writer = try RowWriter(path: path, spelling: spelling, columns: Events.columns)
        try Events.write(rows: rows, isWild: spelling == .quoted, to: &writer)
        try writer.close()
    }

    private static func stop() -> Never {
        FileHandle.standardError.write(Data(usage.utf8))
        exit(2)
    }
}
