import Testing

@testable import Reports

@Suite struct ChartNumbersTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let values: [Double]
        let texts: [String]

        init(_ testDescription: String, _ values: [Double], _ texts: [String]) {
            self.testDescription = testDescription
            self.values = values
            self.texts = texts
        }
    }

    static let cases = [
        Case("whole numbers have all their digits", [0, 1_234_567, -5_000], ["0", "1,234,567", "-5,000"]),
        Case("four digits are a glance", [41.23456, 0.123456, 1_234.5678], ["41.23", "0.1235", "1,234.6"]),
        Case("no zeros behind the last digit", [1.5, 999.9999999, 41.2], ["1.5", "999.9999999", "41.2"]),
        Case("what differs looks different", [41.200001, 41.200002], ["41.200001", "41.200002"]),
        Case("also where only the latest does", [1, 0.99996, 1_000], ["1", "0.99996", "1,000"]),
        Case("what isn't whole doesn't look whole", [0.99999, 1_234_567.04], ["0.99999", "1,234,567.04"]),
        Case("but for what reckoning left", [3.0000000000000004], ["3"]),
        Case("small and large ones", [0.00001234, 1.5e20, -2.5e-300], ["1.234e-5", "1.5e20", "-2.5e-300"]),
        Case("close small ones", [1.23456e-7, 1.23457e-7], ["1.23456e-7", "1.23457e-7"]),
        Case("as far apart as can be", [-1e308, 1e308], ["-1e308", "1e308"]),
    ]

    @Test(arguments: cases) func writesFewDigitsAndEnough(_ c: Case) {
        let numbers = ChartNumbers(c.values)
        #expect(c.values.map { numbers.text($0) } == c.texts)
    }
}
