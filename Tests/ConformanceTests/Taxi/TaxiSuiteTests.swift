import Expectations
import Formats
import Foundation
import Scan
import Suites
import Tables
import Testing

/// The suite of `docs/guides/taxi.md`, run against each month.
@Suite("The taxi guide", .enabled(if: Corpora.areThere, Corpora.absence))
struct TaxiSuiteTests {
    static let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs/guides/taxi/taxi.yaml").path

    @Test(arguments: TaxiProfile.months) func givesTheVerdictsThatTheProfileImplies(_ month: TaxiProfile) async throws {
        let suite = try Suite.load(path: Self.file, environment: [:])
        var options = CSVOptions()
        options.declaredTypes = suite.declaredTypes.mapValues(\.type)
        let source = try CSVSource([month.path], options: options)
        let report = await Scanner(threads: 2).judge(suite.expectations, source: source, now: 0)
        #expect(report.results.count == suite.expectations.count)
        for result in report.results {
            let implied = try ImpliedVerdict(result.expectation, month)
            #expect(result.outcome.name == implied.outcome, "\(result.sentence)")
            if let unexpected = implied.unexpected {
                #expect(result.rows?.unexpectedCount == unexpected, "\(result.sentence)")
            }
        }
    }

    /// What the guide tells of the months.
    static let findings: [(file: String, failed: Int, vacuous: Int)] = [
        ("2018-05", 0, 3), ("2018-09", 1, 3), ("2019-04", 5, 0), ("2019-07", 6, 0), ("2020-04", 13, 0),
        ("2020-07", 13, 0),
    ]

    @Test(arguments: findings) func findsWhatTheGuideTells(_ month: String, _ failed: Int, _ vacuous: Int) async throws
    {
        let suite = try Suite.load(path: Self.file, environment: [:])
        let profile = try #require(TaxiProfile.months.first { $0.file.contains(month) })
        var options = CSVOptions()
        options.declaredTypes = suite.declaredTypes.mapValues(\.type)
        let source = try CSVSource([profile.path], options: options)
        let report = await Scanner(threads: 1).judge(suite.expectations, source: source, now: 0)
        let statistics = RunStatistics(report.results)
        #expect(statistics.failed == failed)
        #expect(statistics.vacuous == vacuous)
        #expect(statistics.errored == 0)
    }
}

/// The verdict on an expectation that follows from what is known of a file.
struct ImpliedVerdict {
    let outcome: String
    /// `nil` where the profile doesn't tell.
    let unexpected: Int?

    init(_ expectation: ExpectationSummary, _ month: TaxiProfile) throws {
        let arguments = Dictionary(uniqueKeysWithValues: expectation.arguments.map { ($0.name, $0.value) })
        func number(_ name: String) -> DecimalNumber? {
            if case .number(let digits) = arguments[name] { DecimalNumber(digits) } else { nil }
        }
        let mostly = Mostly(number("mostly") ?? DecimalNumber(1)) ?? Mostly()
        func judged(_ unexpected: Int, of considered: Int) -> (String, Int) {
            if considered == 0 { return ("vacuous", 0) }
            return (mostly.isMet(considered: considered, unexpected: unexpected) ? "passed" : "failed", unexpected)
        }
        switch expectation.type {
        case "expect_table_row_count_to_be_between", "expect_table_columns_to_match_ordered_list":
            (outcome, unexpected) = ("passed", nil)
            return
        default: break
        }
        let name = try #require(expectation.columns.first)
        let column = try #require(month[name])
        let present = month.rows - column.empty
        switch expectation.type {
        case "expect_column_to_exist": (outcome, unexpected) = ("passed", nil)
        case "expect_column_values_to_be_of_type": (outcome, unexpected) = judged(0, of: present)
        case "expect_column_values_to_not_be_null":
            // The one with a row condition: all trips of a month are after February 2019, or none is.
            let start = try #require(month["pickup_datetime"]?.minimum)
            let isSelected = arguments["row_condition"] == nil || start >= "2019-02-01"
            (outcome, unexpected) = judged(isSelected ? column.empty : 0, of: isSelected ? month.rows : 0)
        case "expect_column_mean_to_be_between":
            let sum = try #require(column.sum.flatMap { DecimalNumber($0) }).double / Double(present)
            let low = try #require(number("min_value")).double
            let high = try #require(number("max_value")).double
            (outcome, unexpected) = (sum >= low && sum <= high ? "passed" : "failed", nil)
        case "expect_column_values_to_be_between":
            guard let minimum = column.minimum, let maximum = column.maximum else {
                (outcome, unexpected) = judged(0, of: 0)
                return
            }
            if let low = number("min_value"), let high = number("max_value") {
                let least = try #require(DecimalNumber(minimum))
                let most = try #require(DecimalNumber(maximum))
                #expect(most <= high)
                // The profile counts the negative ones; the other lower bound is met by all.
                #expect(low == DecimalNumber(0) || least >= low)
                (outcome, unexpected) = judged(least < low ? column.negative ?? 0 : 0, of: present)
            } else {
                (outcome, unexpected) = judged(0, of: present)
                #expect(minimum > "2018" && maximum < "2021")
            }
        case "expect_column_values_to_be_in_set":
            guard case .array(let set) = arguments["value_set"] else { throw FixtureMistake() }
            let members = Set(set.map(\.comparable))
            let ends = [column.minimum, column.maximum].compactMap { $0.map { JSON.comparable($0) } }
            (outcome, unexpected) = ends.allSatisfy(members.contains) ? judged(0, of: present) : ("failed", nil)
        default: throw FixtureMistake()
        }
    }
}

/// The suite asks something that the profile says nothing of.
struct FixtureMistake: Error {}
