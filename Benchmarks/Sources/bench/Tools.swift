import Foundation

/// The programs that are run, and the folder where data is kept.
struct Tools {
    /// The repository.
    let root: String
    let assay: String
    /// Another build of Assay, to compare with.
    let before: String?
    let dataFolder: String

    private var products: String { "\(root)/Benchmarks/.build/release" }
    var makeData: String { "\(products)/make-data" }
    var measure: String { "\(products)/measure" }
    var python: String { "\(root)/Benchmarks/.venv/bin/python" }
    func peer(_ name: String) -> String { "\(root)/Benchmarks/peers/with_\(name).py" }

    func path(of file: DataFile) throws -> String { try file.prepare(with: self, in: dataFolder) }

    /// Writes a suite beside the data.
    func path(of suite: Suite) throws -> String {
        let path = "\(dataFolder)/suite-\(suite.name).json"
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try encoder.encode(suite).write(to: URL(fileURLWithPath: path))
        return path
    }

    /// Bytes of a file, or of the files of a pattern.
    func size(of path: String) throws -> Int {
        try files(path).reduce(0) { sum, file in
            sum + (try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int ?? 0)
        }
    }

    /// Reads data once, so that every run finds it in memory.
    func warm(_ path: String) throws {
        for file in try files(path) {
            guard let handle = FileHandle(forReadingAtPath: file) else { continue }
            while let part = try handle.read(upToCount: 4 << 20), !part.isEmpty {}
            try handle.close()
        }
    }

    /// Runs a command to its end and gives what it printed; stops where it fails, unless that is expected.
    @discardableResult
    func run(_ command: [String], mayFail: Bool = false) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        let output = Pipe()
        process.standardOutput = output
        process.standardError = mayFail ? FileHandle.nullDevice : FileHandle.standardError
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let text = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard mayFail || process.terminationStatus == 0 else {
            throw Failure("exit status \(process.terminationStatus) of: \(command.joined(separator: " "))")
        }
        return (process.terminationStatus, text)
    }

    private func files(_ path: String) throws -> [String] {
        guard path.hasSuffix("/*.csv") else { return [path] }
        let folder = String(path.dropLast("/*.csv".count))
        return try FileManager.default.contentsOfDirectory(atPath: folder).map { "\(folder)/\($0)" }
    }
}

/// What ends the benchmark: a sentence.
struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// Tells how far it is, on standard error.
func say(_ text: String) { FileHandle.standardError.write(Data("bench: \(text)\n".utf8)) }
