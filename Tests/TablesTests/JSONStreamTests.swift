import Tables
import Testing

/// Documents that are written in pieces against the same ones that are written at once.
@Suite struct JSONStreamTests {
    private final class Pieces {
        var all: [[UInt8]] = []
        var text: String { String(decoding: all.joined(), as: UTF8.self) }
    }

    @Test(arguments: [false, true]) func writesWhatTheWholeDocumentIs(_ isIndented: Bool) {
        let parts: [JSON] = [
            .null, .object([]), .array([]), .array([.boolean(true), .object([JSON.Member("b\"", .string("c"))])]),
        ]
        let document = JSON.object([
            JSON.Member("none", .array([])), JSON.Member("empty", .object([])), JSON.Member("parts", .array(parts)),
            JSON.Member("last", .integer(1)),
        ])
        let pieces = Pieces()
        JSONStream.write(isIndented: isIndented, to: { pieces.all.append($0) }) { stream in
            stream.object { stream in
                stream.member("none") { $0.array(of: [JSON]()) { $1.value($0) } }
                stream.member("empty") { $0.object { _ in } }
                stream.member("parts") { $0.array(of: parts) { $1.value($0) } }
                stream.members([JSON.Member("last", .integer(1))])
            }
        }
        #expect(pieces.text == document.text(isIndented: isIndented))
    }

    @Test func handsOnWhatIsWritten() {
        let text = JSON.string(String(repeating: "x", count: 1_000))
        let pieces = Pieces()
        JSONStream.write(isIndented: false, to: { pieces.all.append($0) }) { stream in
            stream.array(of: 0..<1_000) { $1.value(text) }
        }
        #expect(pieces.all.count > 10 && pieces.all.allSatisfy { $0.count < 70_000 })
        #expect(pieces.text == JSON.array([JSON](repeating: text, count: 1_000)).text())
    }
}
