import Foundation
import Intake
import Service

// A server for the tests to kill: takes a folder, says its port on standard output, and serves the pipeline "events" until then.
let arguments = CommandLine.arguments
guard arguments.count == 2 else {
    FileHandle.standardError.write(Data("usage: IngestVictim FOLDER\n".utf8))
    exit(2)
}
var limits = SpoolLimits()
limits.segmentBytes = 1 << 16
let spool = try Spool(arguments[1], limits: limits) { Int64(Date().timeIntervalSince1970 * 1e9) }
let server = try Server(address: BindAddress(host: "127.0.0.1", port: 0), pipelines: ["events": spool])
try await server.run { port in FileHandle.standardOutput.write(Data("\(port)\n".utf8)) }
