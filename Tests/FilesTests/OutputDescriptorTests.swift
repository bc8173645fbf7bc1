import Files
import Foundation
import Tables
import TestSupport
import Testing

/// Lines that go to a file or a pipe as they are made.
@Suite struct OutputDescriptorTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// Half a line and what is written behind it would be one line that nobody can read.
    @Test(arguments: [
        ("", "{}\n"), ("{\"a\":1}\n", "{\"a\":1}\n{}\n"), ("{\"a\":1}\n{\"b", "{\"a\":1}\n{\"b\n{}\n"),
    ]) func endsTheHalfLineThatSomebodyLeft(_ left: String, _ all: String) throws {
        let path = scratch.path("bad.jsonl")
        try Data(left.utf8).write(to: URL(fileURLWithPath: path))
        let output = try OutputDescriptor(appendingTo: path)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == left)
        try output.endLastLine()
        try output.write(Array("{}\n".utf8))
        #expect(try String(contentsOfFile: path, encoding: .utf8) == all)
    }

    /// A limit of file sizes is like a disk that is full: a part of the bytes is taken.
    @Test(arguments: [true, false]) func leavesWholeLinesWhereNoMoreIsTaken(_ appends: Bool) async throws {
        await #expect(processExitsWith: .success) { [directory = scratch.directory as String, appends] in
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 10_000, rlim_max: 10_000)
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            let path = directory + "/a"
            let output = try appends ? OutputDescriptor(appendingTo: path) : descriptor(creating: path)
            let line = Array("{\"n\":12345}\n".utf8)
            var taken = 0
            do throws(SourceError) {
                for _ in 0..<100 {
                    try output.write(Array(repeatElement(line, count: 30).joined()))
                    taken += 30
                }
                exit(1)
            } catch {
                taken += error.rowsIntoBatch ?? 0
                let kept = try Data(contentsOf: URL(fileURLWithPath: path))
                exit(taken == 833 && kept == Data(repeatElement(line, count: taken).joined()) ? 0 : 2)
            }
        }
    }

    /// Whoever starts a process may have set its pipes not to wait.
    @Test func waitsForAPipeThatIsSetNotToWait() throws {
        let pipe = Pipe()
        let (reading, writing) = (pipe.fileHandleForReading, pipe.fileHandleForWriting)
        for handle in [reading, writing] {
            let flags = fcntl(handle.fileDescriptor, F_GETFL)
            _ = fcntl(handle.fileDescriptor, F_SETFL, flags | O_NONBLOCK)
        }
        let bytes = [UInt8](repeating: 0x0A, count: 1_000_000)
        let output = try #require(OutputDescriptor(open: writing.fileDescriptor, name: "pipe"))
        let input = try InputFile(live: reading.fileDescriptor, name: "pipe").stream()
        Thread.detachNewThread {
            try? output.write(bytes)
            try? writing.close()
        }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 10_000, alignment: 16)
        defer { buffer.deallocate() }
        var count = 0
        while case let part = try input.read(into: buffer), part > 0 { count += part }
        #expect(count == bytes.count)
    }
}

/// A file that is open for writing from its beginning, as a shell's `3> FILE` has it.
private func descriptor(creating path: String) throws -> OutputDescriptor {
    let output = OutputDescriptor(open: open(path, O_WRONLY | O_CREAT, 0o600), name: path)
    return try #require(output)
}
