import Intake
import Tables
import Testing

struct IntakeFileTests {
    @Test func comesBackFromItsJSON() {
        let file = IntakeFile(
            path: "/landing/a b.jsonl", name: "a b.jsonl", device: .max, node: 1 << 63, byteCount: 1 << 40,
            modified: 1_795_000_000_123_456_789)
        #expect(JSON(text: file.json.text()).flatMap { IntakeFile(json: $0) } == file)
    }
}
