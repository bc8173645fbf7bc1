import Expectations
import Formats
import Scan
import Tables
import Testing

@Suite("Taxi files", .enabled(if: Corpora.areThere, Corpora.absence))
struct TaxiProfileTests {
    @Test func areAllThere() { #expect(TaxiProfile.all.count == 30 && TaxiProfile.months.count == 6) }

    @Test(arguments: TaxiProfile.all) func haveTheirTypesInferred(_ profile: TaxiProfile) throws {
        let source = try CSVSource([profile.path])
        #expect(source.schema.names == profile.columns.map(\.name))
        for (column, field) in zip(profile.columns, source.schema.fields) {
            let types = try #require(Self.types[column.kind])
            #expect(types.contains(field.type), "\(column.name) is \(field.type)")
        }
    }

    /// Whole numbers of a column that some rows lack stand there as 1.0.
    static let types: [String: [LogicalType]] = [
        "int": [.int64, .float64], "decimal": [.float64, .int64], "datetime": [.timestamp], "string": [.string],
        "empty": [.string],
    ]

    @Test(arguments: TaxiProfile.all) func haveTheProfileThatIsKnown(_ profile: TaxiProfile) async throws {
        try await check(profile, CSVSource([profile.path]), isExact: false)
    }

    @Test(arguments: TaxiProfile.all) func haveTheExactSumsThatAreKnown(_ profile: TaxiProfile) async throws {
        var options = CSVOptions()
        let numbers = profile.columns.filter(\.isNumeric).map {
            (ColumnName($0.name), LogicalType.decimal(precision: 12, scale: 2))
        }
        options.declaredTypes = Dictionary(uniqueKeysWithValues: numbers)
        try await check(profile, CSVSource([profile.path], options: options), isExact: true)
    }

    /// What is asked of a column, and what must be observed.
    private struct Question {
        let expectation: Expectations.Expectation
        let observed: (ExpectationResult) -> String
        let wanted: String
    }

    private func check(_ profile: TaxiProfile, _ source: CSVSource, isExact: Bool) async throws {
        let questions = try profile.columns.flatMap { try Self.questions($0, isExact: isExact) }
        let report = await Scanner(threads: 2).judge(questions.map(\.expectation), source: source, now: 0)
        #expect(report.failure == nil)
        #expect(report.rowCount == profile.rows)
        for (question, result) in zip(questions, report.results) {
            #expect(question.observed(result) == question.wanted, "\(question.expectation.rule)")
        }
        #expect(report.results.count == questions.count, "every row is well formed")
    }

    private static func questions(_ column: TaxiProfile.Column, isExact: Bool) throws -> [Question] {
        func value(_ kind: String, _ wanted: String) throws -> Question {
            Question(
                expectation: try expectation(kind, column.name),
                observed: { $0.observedValue?.comparable ?? "nothing" }, wanted: JSON.comparable(wanted))
        }
        func count(_ kind: String, _ wanted: Int, _ arguments: [(String, Argument.Content)] = []) throws -> Question {
            Question(
                expectation: try expectation(kind, column.name, arguments),
                observed: { $0.rows.map { String($0.unexpectedCount) } ?? "nothing" }, wanted: String(wanted))
        }
        var questions = [
            try count("expect_column_values_to_not_be_null", column.empty),
            try value("expect_column_unique_value_count_to_be_between", String(column.distinct)),
        ]
        if let minimum = column.minimum, let maximum = column.maximum {
            questions.append(try value("expect_column_min_to_be_between", minimum))
            questions.append(try value("expect_column_max_to_be_between", maximum))
        }
        if let sum = column.sum, let negative = column.negative, let zero = column.zero {
            if isExact { questions.append(try value("expect_column_sum_to_be_between", sum)) }
            let nothing = Argument.Content.number(DecimalNumber(0))
            questions.append(try count("expect_column_values_to_be_between", negative, [("min_value", nothing)]))
            questions.append(
                try count("expect_column_values_to_not_be_in_set", zero, [("value_set", .list([Argument(nothing)]))]))
        }
        return questions
    }

    private static func expectation(
        _ name: String, _ column: String, _ arguments: [(String, Argument.Content)] = []
    ) throws -> Expectations.Expectation {
        let kind = try #require(Catalogue.kind(named: name))
        let members = ([("column", Argument.Content.text(column))] + arguments).map {
            Argument.Member(name: $0.0, value: Argument($0.1))
        }
        return try Expectations.Expectation(kind: kind, arguments: Arguments(kind: name, members))
    }
}
