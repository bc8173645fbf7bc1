import Expectations
import Foundation
import Suites
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct SourceFileTests {
    /// What loading says, with the folder's path left out.
    private func problems(_ path: String, in folder: Scratch) -> [String] {
        do {
            _ = try Suite.load(path: path, environment: [:])
            return []
        } catch {
            return Fixtures.lines(error).map { $0.replacing(folder.directory, with: "") }
        }
    }

    @Test func loadsAFile() throws {
        let folder = try Scratch()
        let path = try folder.file("\u{FEFF}row_count: 1\n", "orders.yaml")
        let suite = try Suite.load(path: path, environment: [:])
        #expect(suite.name == "orders")
        #expect(suite.file == path)
    }

    @Test func refusesWhatIsNoFile() throws {
        let folder = try Scratch()
        #expect(
            problems(folder.directory + "/a.yaml", in: folder) == ["1:1 there is no file \"/a.yaml\" [unreadable-file]"]
        )
        #expect(problems(folder.directory, in: folder) == ["1:1 \"\" is a folder [unreadable-file]"])
        let pipe = folder.directory + "/pipe.yaml"
        #expect(mkfifo(pipe, 0o600) == 0)
        #expect(problems(pipe, in: folder) == ["1:1 \"/pipe.yaml\" is no regular file [unreadable-file]"])
        #expect(problems("/dev/zero", in: folder) == ["1:1 \"/dev/zero\" is no regular file [unreadable-file]"])
    }

    @Test(.timeLimit(.minutes(10)))
    func refusesLargeFilesUnread() throws {
        let folder = try Scratch()
        let path = try folder.file("", "large.yaml")
        #expect(truncate(path, 1 << 30) == 0)
        #expect(
            problems(path, in: folder) == [
                "1:1 the file has 1,073,741,824 bytes, more than 16 MiB [yaml-limit]"
            ])
    }

    static let encodings: [(String, [UInt8], String)] = [
        (
            "UTF-16, little end first", [0xFF, 0xFE, 0x61, 0],
            "1:1 the file is in UTF-16, it must be in UTF-8 [bad-encoding]"
        ),
        (
            "UTF-16, big end first", [0xFE, 0xFF, 0, 0x61],
            "1:1 the file is in UTF-16, it must be in UTF-8 [bad-encoding]"
        ),
        ("UTF-16 without a mark", [0x61, 0, 0x3A, 0], "1:1 the file is in UTF-16, it must be in UTF-8 [bad-encoding]"),
        (
            "Latin-1", Array("a: 1\nb: é".utf8.dropLast()) + [0x20],
            "2:4 the file is not in UTF-8 from here on [bad-encoding]"
        ),
        (
            "cut in a character", Array("é: 😀".utf8.dropLast()),
            "1:4 the file is not in UTF-8 from here on [bad-encoding]"
        ),
        ("a surrogate", [0x61, 0xED, 0xA0, 0x80], "1:2 the file is not in UTF-8 from here on [bad-encoding]"),
        ("a zero", Array("a: x\0y".utf8), "1:5 the control character U+0000 is not allowed [yaml-syntax]"),
    ]

    @Test(arguments: encodings)
    func refusesOtherEncodings(_ name: String, _ bytes: [UInt8], _ message: String) throws {
        let folder = try Scratch()
        let path = try folder.file(Data(bytes), "a.yaml")
        #expect(problems(path, in: folder).first == message)
    }
}
