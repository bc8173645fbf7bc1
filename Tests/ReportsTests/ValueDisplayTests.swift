import Expectations
import Ledger
import Reports
import Tables
import Testing

@Suite struct ValueDisplayTests {
    private func page(_ display: ValueDisplay, personal: Set<String> = []) throws -> String {
        let largest = Samples.result(
            "max", "expect_column_max_to_be_between", columns: ["amount"], outcome: .failed,
            observed: .number("98765.4"),
            sentence: "the largest amount is 98,765.4, above 10,000", discreet: "the largest amount is above 10,000")
        let frequent = Samples.result(
            "mode", "expect_column_most_common_value_to_be_in_set", columns: ["email"], outcome: .failed,
            observed: .array([.string("anna@example")]), sentence: "the most common email is anna@example",
            discreet: "the most common email is not shown")
        let run = Samples.run(results: Samples.results + [largest, frequent], personal: personal)
        return try RunReport([.init(run, history: Samples.history)], values: display).html()
    }

    @Test func valuesAreMaskedByDefault() throws {
        let html = try page(.masked)
        #expect(!html.contains("anna@example") && html.contains("xxxx@xxxxxxx"))
        #expect(!html.contains("e-118") && html.contains("x-999"))
        #expect(html.contains("Values are masked"))
    }

    @Test func numbersThatSumUpStayUnlessPersonal() throws {
        #expect(try page(.masked).contains("the largest amount is 98,765.4"))
        let personal = try page(.shown, personal: ["amount"])
        #expect(!personal.contains("98,765.4") && !personal.contains("98765.4"))
    }

    @Test(arguments: ["4111-1111-1111-1111", "0049 30 1234567", "5555 1234 5678", "2026-0301", "2026"])
    func digitsThatAreNoTimeAreMasked(_ text: String) throws {
        func html(_ text: String) throws -> String {
            let largest = Samples.result(
                "max", "expect_column_max_to_be_between", columns: ["card"], outcome: .failed, observed: .string(text),
                sentence: "the largest card is \(text)", discreet: "the largest card is not shown")
            return try RunReport([.init(Samples.run(results: [largest]))], values: .masked).html()
        }
        let page = try html(text)
        #expect(!page.contains(">\(text)<") && !page.contains("card is \(text)"))
        #expect(try html("2026-03-01T10:00:00Z").contains("card is 2026-03-01T10:00:00Z"))
    }

    @Test func numbersByNameStayUnlessPersonal() throws {
        let quantiles = Samples.result(
            "quantiles", "expect_column_quantile_values_to_be_between", columns: ["amount"], outcome: .failed,
            observed: .object([
                JSON.Member("quantiles", .array([.number("0.5")])), JSON.Member("values", .array([.number("4321.5")])),
            ]), sentence: "the quantile 0.5 of amount is 4,321.5", discreet: "the quantiles of amount are off")
        func html(_ personal: Set<String>) throws -> String {
            let run = Samples.run(results: [quantiles], personal: personal)
            return try RunReport([.init(run, history: Samples.history)], values: .masked).html()
        }
        #expect(try html([]).contains("the quantile 0.5 of amount is 4,321.5"))
        #expect(!(try html(["amount"])).contains("321"))
    }

    @Test func valuesAreShownOnlyOnRequest() throws {
        #expect(try page(.shown).contains("anna@example"))
        let personal = try page(.shown, personal: ["email"])
        #expect(!personal.contains("anna@example") && !personal.contains("Ben Ali") && personal.contains("e-118"))
    }

    @Test func absentLeavesRowNumbers() throws {
        let html = try page(.absent)
        #expect(!html.contains("anna@") && !html.contains("<dd>xxxx@") && !html.contains("x-999"))
        #expect(html.contains("20,441") && html.contains("Values are left out."))
    }
}
