import Expectations
import Intake
import Pipeline
import Service
import Suites
import Tables

/// Where the records of one pipeline arrive: a landing folder, or a spool that something fills.
enum StreamIntake {
    case landing(LandingArrivals)
    case http(SpoolArrivals, Spool, HTTPSourceDefinition)
    case standardInput(SpoolArrivals, Spool)

    /// `tell` hears of what a spool lost before.
    init(_ definition: PipelineDefinition, tell: (String) -> Void) throws(SpoolError) {
        switch definition.source.kind {
        case .files(let landing):
            self = .landing(LandingArrivals(LandingFolder(LandingOptions(landing))))
        case .http(let http):
            var limits = SpoolLimits()
            limits.maximumBytes = http.maximumBytes
            limits.maximumRequestBytes = http.maximumRequestBytes
            limits.maximumRecordBytes = min(limits.maximumRecordBytes, http.maximumRequestBytes)
            let spool = try Self.spool(definition, limits, tell)
            self = .http(SpoolArrivals(spool), spool, http)
        case .standardInput:
            let spool = try Self.spool(definition, SpoolLimits(), tell)
            self = .standardInput(SpoolArrivals(spool, hasEnd: true), spool)
        }
    }

    private static func spool(
        _ definition: PipelineDefinition, _ limits: SpoolLimits, _ tell: (String) -> Void
    ) throws(SpoolError) -> Spool {
        var limits = limits
        // What can't be read as a row mustn't share its segment with others.
        let longest = definition.source.records.maximumRowBytes ?? limits.maximumRecordBytes
        limits.maximumRecordBytes = min(limits.maximumRecordBytes, longest)
        let spool = try Spool(
            definition.spoolFolder, limits: limits, now: { RunClock.system.microseconds * 1_000 })
        for damage in spool.recovery.damage { tell("\(damage)") }
        return spool
    }

    var arrivals: any Arrivals {
        switch self {
        case .landing(let arrivals): arrivals
        case .http(let arrivals, _, _), .standardInput(let arrivals, _): arrivals
        }
    }

    /// Takes nothing more: a pipeline that has ended must not promise anything.
    func close() {
        switch self {
        case .landing: break
        case .http(_, let spool, _), .standardInput(_, let spool): spool.close()
        }
    }

    /// Copies standard input into the spool until it ends, or the task is cancelled; does nothing for other sources.
    func feed(_ pipeline: String) async -> ExitStatus {
        guard case .standardInput(let arrivals, let spool) = self else { return .passed }
        defer { arrivals.end() }
        do {
            _ = try await SpoolFeeder(0, name: "standard input", into: spool).run()
            return .passed
        } catch let error as SpoolError {
            Console.complain("\(pipeline): \(error.summary)")
        } catch let error as SourceError {
            Console.complain("\(pipeline): \(error.summary)")
        } catch {
            Console.complain("\(pipeline): \(error)")
        }
        return .undecided
    }
}

/// The server that the pipelines of a run are posted to.
struct PostedStreams {
    private let server: Server

    /// `nil` where no pipeline has a source of http.
    init?(_ streams: [RunningStream], at address: BindAddress) throws {
        var pipelines: [String: IngestPipeline] = [:]
        var tokens: [AccessToken] = []
        for stream in streams {
            guard case .http(_, let spool, let source) = stream.intake else { continue }
            let name = stream.definition.name
            pipelines[name] = IngestPipeline(spool, keepsAttributes: source.keepsAttributes)
            guard let secret = try Mistakes.shown({ try source.token }) else {
                guard address.isLoopback else {
                    throw UserMistake(
                        "the pipeline \(name) has no token, and others than this machine can reach \(address.host)\n"
                            + "  hint: give its source one: http: {token: \"${INGEST_TOKEN}\"}")
                }
                continue
            }
            guard let token = AccessToken(secret, pipelines: [name]) else {
                throw UserMistake(
                    "the token of the pipeline \(name) is too short: \(AccessToken.minimumLength) characters at least")
            }
            tokens.append(token)
        }
        guard !pipelines.isEmpty else { return nil }
        do throws(ServiceError) {
            server = try Server(address: address, pipelines: pipelines, tokens: tokens)
        } catch { throw UserMistake(error.summary) }
    }

    /// Serves until it is stopped.
    func run() async -> ExitStatus {
        do {
            try await server.run { port in
                Console.standardError("records are taken at port \(port): POST /ingest/PIPELINE")
            }
            return .passed
        } catch let error as ServiceError {
            Console.complain(error.summary, hint: error.hint)
        } catch {
            Console.complain("the server ended: \(error)")
        }
        return .undecided
    }

    func stop() async { await server.stop() }
}

extension BindAddress {
    /// The same as a mistake of the user's where it is none.
    static func read(_ text: String) throws -> BindAddress {
        guard let address = BindAddress(text) else {
            throw UserMistake("--listen takes host:port or a port, not \"\(text)\"")
        }
        return address
    }
}
