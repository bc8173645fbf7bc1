import Foundation
import Reports
import Service
import Synchronization
import Testing

@testable import ServicePreview

/// A quarantine that takes as long to read as anybody waits for it.
private final class EndlessBook: PipelineBook {
    private let standIn = StandIn()
    let readers = Mutex(0)
    private let begun = AsyncStream<Void>.makeStream()

    func pipelines() -> [PipelineEntry] { standIn.pipelines() }
    func pipeline(_ name: String) -> PipelineEntry? { standIn.pipeline(name) }

    func quarantine(
        _ name: String, _ filter: QuarantineFilter, limit: Int, isUnwanted: () -> Bool
    ) throws -> QuarantineListing? {
        readers.withLock { $0 += 1 }
        begun.continuation.yield()
        while !isUnwanted() { Thread.sleep(forTimeInterval: 0.01) }
        throw CancellationError()
    }

    func request(_ request: QuarantineRequest, of name: String, at now: Int64) -> RequestReceipt? { nil }

    func isBeingRead() async { for await _ in begun.stream { return } }
}

@Suite struct ReadingLanesTests {
    @Test func readingManyRecordsHoldsUpNobodyElse() async throws {
        let book = EndlessBook()
        let server = try await DeskServer(pipelines: book)
        try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<18 {
                group.addTask {
                    try await server.ask("/api/v1/pipelines/clickstream/quarantine?limit=\(number + 1)").status
                }
            }
            await book.isBeingRead()
            for path in ["/readyz", "/metrics", "/api/v1/runs", "/"] {
                let answer = try await server.ask(path)
                #expect(answer.status == 200, "\(path)")
            }
            // One is being answered, and sixteen may wait.
            #expect(try await group.next() == 429)
            #expect(book.readers.withLock { $0 } == 1)
            try await server.stop()
            while let status = try await group.next() { #expect(status == 503) }
        }
        #expect(book.readers.withLock { $0 } == 1)
    }

    /// A client that gave up has closed its connection; whoever comes next has its turn.
    @Test func aClientThatGaveUpHoldsUpNobody() async throws {
        let book = EndlessBook()
        let server = try await DeskServer(pipelines: book)
        let client = try RawClient(port: server.port)
        try client.send("GET /api/v1/pipelines/clickstream/quarantine HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        await book.isBeingRead()
        client.endSending()
        let next = Task { try await server.ask("/api/v1/pipelines/clickstream/quarantine?limit=7").status }
        await book.isBeingRead()
        #expect(book.readers.withLock { $0 } == 2)
        try await server.stop()
        #expect(try await next.value == 503)
    }
}
