import Files
import Foundation
import Tables
import TestSupport
import Testing

@Suite struct OutputFailureTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func error(writing path: String) -> OutputError? {
        do throws(OutputError) {
            let file = try OutputFile(path: path)
            try file.write(Array("text".utf8))
            try file.commit()
            return nil
        } catch { return error }
    }

    @Test func saysThatTheFolderIsMissing() {
        let path = scratch.path("none/a")
        #expect(
            error(writing: path)?.summary
                == "\(path): the folder isn't there: no such file or directory [unwritable-directory]")
        #expect(error(writing: path)?.mayHelpToRetry == true && error(writing: path)?.fault == .outside)
    }

    @Test func saysThatTheNameIsTaken() throws {
        let path = scratch.path("folder")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        #expect(
            error(writing: path)?.summary == "\(path): something else has the file's name: is a directory [name-taken]")
        #expect(scratch.names == ["folder"])
    }

    @Test(arguments: ["", ".", "..", "a\0b"]) func refusesWhatIsNoName(_ name: String) {
        #expect(error(writing: scratch.path(name))?.code == "bad-name")
        #expect(error(writing: scratch.path(name))?.fault == .assay)
    }

    @Test func takesTheLongestName() throws {
        let name = String(repeating: "é", count: 127)
        #expect(error(writing: scratch.path(name)) == nil)
        #expect(scratch.names == [name])
        #expect(error(writing: scratch.path(name + "ab"))?.code == "bad-name")
        #expect(scratch.names == [name])
    }

    @Test func obeysTheLimitOfFileSizes() async throws {
        await #expect(processExitsWith: .success) { [directory = scratch.directory as String] in
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 1_000_000, rlim_max: 1_000_000)
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            let file = try OutputFile(path: directory + "/a")
            do throws(OutputError) {
                for _ in 0..<100 { try file.write([UInt8](repeating: 7, count: 100_000)) }
                exit(1)
            } catch {
                exit(error.code == "file-too-large" ? 0 : 2)
            }
        }
        #expect(scratch.names == [])
    }

    @Test func leavesOnlyAHiddenFileWhenKilled() async throws {
        try Data("old".utf8).write(to: URL(fileURLWithPath: scratch.path("a")))
        await #expect(processExitsWith: .signal(SIGKILL)) { [directory = scratch.directory as String] in
            let file = try OutputFile(path: directory + "/a")
            try file.write([UInt8](repeating: 7, count: 1_000_000))
            kill(getpid(), SIGKILL)
        }
        #expect(try String(contentsOfFile: scratch.path("a"), encoding: .utf8) == "old")
        #expect(scratch.names.filter { !$0.hasPrefix(".") } == ["a"])
    }
}

/// Real disks that are full or read-only; only where the tests may mount some, as root on Linux.
@Suite(.enabled(if: SmallDisk.isPossible, "mounting needs root")) struct SmallDiskTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func aFullDiskLeavesNothing() throws {
        let disk = try SmallDisk(scratch.path("small"), kilobytes: 512)
        defer { disk.unmount() }
        let file = try OutputFile(path: disk.path + "/a")
        let error = #expect(throws: OutputError.self) {
            for _ in 0..<100 { try file.write([UInt8](repeating: 7, count: 10_000)) }
            try file.commit()
        }
        #expect(error?.code == "disk-full" && error?.place == disk.path + "/a")
        #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path) == [])
        let small = try OutputFile(path: disk.path + "/b")
        try small.write([UInt8](repeating: 7, count: 10_000))
        try small.commit()
        #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path) == ["b"])
    }

    /// The bytes fit in the buffer, so that only the last step finds the disk full.
    @Test func aFullDiskIsFoundBeforeTheNameIsGiven() throws {
        let disk = try SmallDisk(scratch.path("small"), kilobytes: 64)
        defer { disk.unmount() }
        let file = try OutputFile(path: disk.path + "/a")
        try file.write([UInt8](repeating: 7, count: 200_000))
        let error = #expect(throws: OutputError.self) { _ = try file.commitIfAbsent() }
        #expect(error?.code == "disk-full")
        #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path) == [])
    }

    @Test func aReadOnlyDiskIsReported() throws {
        let disk = try SmallDisk(scratch.path("sealed"), kilobytes: 64)
        defer { disk.unmount() }
        try disk.seal()
        let error = #expect(throws: OutputError.self) { _ = try OutputFile(path: disk.path + "/a") }
        #expect(
            error?.summary
                == "\(disk.path)/a: the folder can't be written to: read-only file system [unwritable-directory]")
    }
}
