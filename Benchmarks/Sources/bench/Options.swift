import Foundation

/// The command line's options.
struct Options {
    var rows = 2_000_000
    var runs = 5
    var only: [String] = []
    var writes = true
    var peers = Contender.peers
    var assay = ""
    var before: String?
    var root = ""
    var data: String?

    init(_ arguments: [String]) throws {
        var rest = arguments[...]
        func value(_ option: String) throws -> String {
            guard let value = rest.popFirst() else { throw Failure("\(option) takes a value") }
            return value
        }
        func count(_ option: String) throws -> Int {
            let text = try value(option)
            guard let number = Int(text), number >= 1 else { throw Failure("\(option) takes a number, not \(text)") }
            return number
        }
        while let option = rest.popFirst() {
            switch option {
            case "--rows": rows = try count(option)
            case "--runs": runs = try count(option)
            case "--only": only.append(try value(option))
            case "--no-write": writes = false
            case "--no-peers": peers = []
            case "--assay": assay = try value(option)
            case "--against": before = try value(option)
            case "--root": root = try value(option)
            case "--data": data = try value(option)
            default: throw Failure("there is no option \(option); scripts/bench --help lists them")
            }
        }
        // Part of the table is not the table.
        if !only.isEmpty || before != nil { writes = false }
    }
}
