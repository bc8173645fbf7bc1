import Foundation
import TestSupport
import Testing

@testable import Statistics

@Suite struct SpillFileTests {
    @Test func givesBackWhatWasWritten() throws {
        let scratch = try Scratch()
        let file = try SpillFile(in: scratch.directory)
        try Array("spilled".utf8).withUnsafeBytes { try file.write($0, at: 3) }
        var bytes = [UInt8](repeating: 0, count: 5)
        try bytes.withUnsafeMutableBytes { try file.read(into: $0, at: 5) }
        #expect(String(decoding: bytes, as: UTF8.self) == "illed")
        #expect(scratch.names.isEmpty)
    }

    #if os(Linux)
        /// By the kernel's own words on each open file: octal flags, of which 02000000 is `O_CLOEXEC`.
        @Test func isNotHandedDown() throws {
            let scratch = try Scratch()
            let file = try SpillFile(in: scratch.directory)
            let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").filter {
                (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)"))?
                    .hasPrefix(scratch.directory) ?? false
            }
            let descriptor = try #require(descriptors.first)
            let facts = try String(contentsOfFile: "/proc/self/fdinfo/\(descriptor)", encoding: .utf8)
            let flags = try #require(
                facts.split(separator: "\n").first { $0.hasPrefix("flags:") }?.split(separator: "\t").last)
            #expect(Int(flags, radix: 8).map { $0 & 0o2000000 } == 0o2000000)
            withExtendedLifetime(file) {}
        }
    #endif
}
