import Foundation

/// Who judges.
enum Contender: Hashable {
    case assay
    /// Another build of Assay.
    case before
    case peer(String)

    static let peers = ["duckdb", "polars", "great_expectations"]

    /// - Parameter hasQuotedGaps: missing values are written `""`; Assay must be told, the peers take them so unasked.
    func command(_ tools: Tools, suite: String, data: String, threads: Int?, hasQuotedGaps: Bool) -> [String] {
        switch self {
        case .assay, .before:
            var command = [self == .assay ? tools.assay : tools.before ?? tools.assay]
            command += ["validate", suite, "--data", data, "--quiet", "--no-keep"]
            command += threads.map { ["--threads", String($0)] } ?? []
            return command + (hasQuotedGaps ? ["--missing", ""] : [])
        case .peer(let name):
            return [tools.python, tools.peer(name), suite, data]
        }
    }
}

/// What one run took.
struct Measurement {
    /// From the start of the process to its end.
    let processSeconds: Double
    /// The work alone, as a peer times it after its imports; the whole process for Assay.
    let workSeconds: Double
    let cpuSeconds: Double
    let peakMegabytes: Double

    /// Runs a command and makes sure that it did what it was asked: every expectation holds.
    init(_ command: [String], tools: Tools) throws {
        let file = "\(tools.dataFolder)/measured"
        let output = try tools.run([tools.measure, file] + command).output
        let numbers = try String(contentsOfFile: file, encoding: .utf8).split(whereSeparator: \.isWhitespace)
            .compactMap { Double($0) }
        guard numbers.count == 5 else { throw Failure("\(tools.measure) wrote \(numbers.count) numbers") }
        guard numbers[0] == 0 else {
            throw Failure("exit status \(Int(numbers[0])) of: \(command.joined(separator: " "))")
        }
        processSeconds = numbers[1]
        cpuSeconds = numbers[2] + numbers[3]
        peakMegabytes = numbers[4] * 1_024 / 1e6
        guard let line = output.split(separator: "\n").last, line.hasPrefix("{") else {
            workSeconds = processSeconds
            return
        }
        let answer = try JSONDecoder().decode(PeerAnswer.self, from: Data(line.utf8))
        guard answer.held == answer.of else {
            throw Failure(
                "\(answer.peer) finds that \(answer.of - answer.held) of \(answer.of) expectations don't hold")
        }
        workSeconds = answer.seconds
    }
}

/// The line that a peer prints.
private struct PeerAnswer: Decodable {
    let peer: String
    let seconds: Double
    let held: Int
    let of: Int
}
