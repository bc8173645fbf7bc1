import Suites
import Testing

@Suite struct BadSuiteTests {
    /// Each file of `Fixtures/suites/bad` begins with comments that list all that is wrong with it, in order.
    @Test(arguments: Fixtures.names(in: "bad"))
    func reportsWhatTheFileSays(_ name: String) throws {
        let text = try Fixtures.text("bad", name)
        let expected = text.split(separator: "\n").prefix { $0.hasPrefix("# error: ") || $0.hasPrefix("#  hint: ") }
            .map { $0.hasPrefix("# error: ") ? String($0.dropFirst(9)) : "hint: " + $0.dropFirst(9) }
        #expect(!expected.isEmpty)
        #expect(Fixtures.problems(text, file: name) == expected)
    }

    @Test(arguments: Fixtures.names(in: "bad"))
    func neverQuotesTheEnvironment(_ name: String) throws {
        let said = Fixtures.problems(try Fixtures.text("bad", name), file: name).joined(separator: "\n")
        #expect(!said.contains("hunter2"))
        #expect(!said.contains("7.25"))
    }
}
