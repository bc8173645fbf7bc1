import Expectations
import Suites
import Testing

/// Mistakes in arguments, with their places: a suite goes in, diagnostics come out.
@Suite struct ArgumentMistakeTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// A kind and its arguments, as they stand in line 2 from column 5 on.
        let expectation: String
        /// Place, message, code and, behind a bar, the hint.
        let mistakes: [String]

        init(_ testDescription: String, _ expectation: String, _ mistakes: String...) {
            self.testDescription = testDescription
            self.expectation = expectation
            self.mistakes = mistakes
        }
    }

    static let cases = [
        Case(
            "a column is text", "expect_column_to_exist: {column: 5}",
            "2:38 column must be text, got 5 [bad-argument] | put it in quotes"),
        Case(
            "a column is one", "expect_column_to_exist: {column: [a]}",
            "2:38 column must be text, got a list [bad-argument]"),
        Case(
            "a column is needed", "expect_column_to_exist: {}",
            "2:5 expect_column_to_exist needs column [missing-argument]"),
        Case(
            "a null is none", "expect_column_to_exist: {column: null}",
            "2:30 expect_column_to_exist needs column [missing-argument]"),
        Case(
            "columns are a list", "expect_compound_columns_to_be_unique: {column_list: a}",
            "2:57 column_list must be a list of names, got the text \"a\" [bad-argument]"),
        Case(
            "a list of columns holds names", "expect_compound_columns_to_be_unique: {column_list: [a, true]}",
            "2:61 column_list must be text, got true [bad-argument] | put it in quotes"),
        Case(
            "a bound is a single value", "expect_column_max_to_be_between: {column: x, min_value: [1]}",
            "2:61 min_value must be a number, text, date or time, got a list [bad-argument]"),
        Case(
            "a bound is no Boolean", "expect_column_values_to_be_between: {column: x, max_value: true}",
            "2:64 max_value must be a number, text, date or time, got true [bad-argument]"),
        Case(
            "a bound is no NaN", "expect_column_values_to_be_between: {column: x, max_value: .nan}",
            "2:64 max_value must be a number, got nan [bad-argument]"),
        Case(
            "a bound is needed", "expect_column_values_to_be_between: {column: x}",
            "2:5 expect_column_values_to_be_between needs min_value or max_value [missing-argument]"),
        Case(
            "bounds are in order", "expect_column_values_to_be_between: {column: x, min_value: 2.5, max_value: 1}",
            "2:64 min_value 2.5 is above max_value 1 [bad-argument]"),
        Case(
            "bounds are of one kind",
            "expect_column_max_to_be_between: {column: x, min_value: \"2024-01-01\", max_value: 5}",
            "2:61 min_value 2024-01-01 and max_value 5 can't be compared with each other [bad-argument]"),
        Case(
            "all of a nested mapping is told",
            "expect_column_to_exist: {column: x, result_format: {result_format: FULL, partial_unexpected_count: -1, x: 1}}",
            "2:72 result_format must be one of BOOLEAN_ONLY, BASIC, SUMMARY, COMPLETE, got \"FULL\" [bad-argument]",
            "2:104 partial_unexpected_count must be a whole number, 0 through 1,000,000, got -1 [bad-argument]",
            "2:108 result_format has no key \"x\" [unknown-argument]"),
        Case(
            "a numeric bound is a number", "expect_column_mean_to_be_between: {column: x, max_value: \"5\"}",
            "2:62 max_value must be a number, got the text \"5\" [bad-argument]"),
        Case(
            "a parameter of time is understood or refused",
            "expect_column_max_to_be_between: {column: x, max_value: {$PARAMETER: today()}}",
            """
            2:74 the parameter "today()" is not understood [bad-argument] \
            | now(), timedelta(days=1), datetime(2024, 1, 31) and sums and differences of them are
            """),
        Case(
            "a flag is true or false", "expect_column_max_to_be_between: {column: x, max_value: 1, strict_max: 1}",
            "2:76 strict_max must be true or false, got 1 [bad-argument]"),
        Case(
            "a count is whole", "expect_table_row_count_to_equal: {value: 1.5}",
            "2:46 value must be a whole number, 0 or more, got 1.5 [bad-argument]"),
        Case(
            "a count has an end", "expect_table_row_count_to_equal: {value: 1e30}",
            "2:46 value must be a whole number, 0 or more, got 1000000000000000000000000000000 [bad-argument]"),
        Case(
            "a share is a number", "expect_column_values_to_be_null: {column: x, mostly: most}",
            "2:58 mostly must be a number between 0 and 1, got the text \"most\" [bad-argument]"),
        Case(
            "a share is no percentage", "expect_column_values_to_be_null: {column: x, mostly: 95}",
            """
            2:58 mostly must be between 0 and 1, got 95 [bad-argument] \
            | it is a share, not a percentage: 0.95 stands for ninety-five percent
            """),
        Case(
            "a share is not negative", "expect_column_values_to_be_null: {column: x, mostly: -0.1}",
            "2:58 mostly must be between 0 and 1, got -0.1 [bad-argument]"),
        Case(
            "values are a list", "expect_column_values_to_be_in_set: {column: x, value_set: {a: 1}}",
            "2:63 value_set must be a list of values, got a mapping [bad-argument]"),
        Case(
            "values are single ones", "expect_column_values_to_be_in_set: {column: x, value_set: [1, {a: 1}]}",
            "2:67 value_set must be a single value, got a mapping [bad-argument]"),
        Case(
            "an expression compiles", "expect_column_values_to_match_regex: {column: x, regex: \"[a\"}",
            "2:61 regex: missing terminating ] for character class [bad-pattern]"),
        Case(
            "a type is known", "expect_column_type_to_be: {column: x, type_: intt64}",
            "2:50 type_: there is no type \"intt64\" [bad-argument] | did you mean int64?"),
        Case(
            "one of several types is unknown",
            "expect_column_values_to_be_in_type_list: {column: x, type_list: [int, q]}",
            """
            2:75 type_list: there is no type "q" [bad-argument] \
            | boolean, int64, uint64, float64, decimal(p,s), string, binary, date, time, timestamp, duration are
            """),
        Case(
            "types are a list", "expect_column_values_to_be_in_type_list: {column: x, type_list: int}",
            "2:69 type_list must be a list of types, got the text \"int\" [bad-argument]"),
        Case(
            "a schema's types are known", "expect_table_schema_to_match: {schema: {a: int, b: strng}}",
            "2:56 b: there is no type \"strng\" [bad-argument] | did you mean string?"),
        Case(
            "a schema is a mapping", "expect_table_schema_to_match: {schema: [a]}",
            "2:45 schema must be columns' names with their types, got the text \"a\" [bad-argument]"),
        Case(
            "a duration has a unit", "expect_table_to_be_fresh: {max_age: 2 moons}",
            "2:41 max_age must be a duration such as 90s, 15m, 2h or 1d, got the text \"2 moons\" [bad-argument]"),
        Case(
            "a duration is not negative", "expect_table_to_be_fresh: {max_age: -5}",
            "2:41 max_age must be a duration such as 90s, 15m, 2h or 1d, got -5 [bad-argument]"),
        Case(
            "a reaction is one of three", "expect_table_schema_to_be_unchanged: {on_added: alow}",
            "2:53 on_added must be one of allow, warn, fail, got \"alow\" [bad-argument] | did you mean allow?"),
        Case(
            "a choice is a word", "expect_column_to_exist: {column: x, severity: [info]}",
            "2:51 severity must be one of info, warning, critical, got a list [bad-argument]"),
        Case(
            "a choice is one of the words", "expect_column_to_exist: {column: x, on_empty: waarn}",
            "2:51 on_empty must be one of pass, warn, fail, got \"waarn\" [bad-argument] | did you mean warn?"),
        Case(
            "a level of results is known", "expect_column_to_exist: {column: x, result_format: FULL}",
            "2:56 result_format must be one of BOOLEAN_ONLY, BASIC, SUMMARY, COMPLETE, got \"FULL\" [bad-argument]"),
        Case(
            "so is a key of result_format", "expect_column_to_exist: {column: x, result_format: {partial_count: 1}}",
            "2:57 result_format has no key \"partial_count\" [unknown-argument]"),
        Case(
            "and its value", "expect_column_to_exist: {column: x, result_format: {partial_unexpected_count: -1}}",
            "2:83 partial_unexpected_count must be a whole number, 0 through 1,000,000, got -1 [bad-argument]"),
        Case(
            "a row condition is text", "expect_column_values_to_be_null: {column: x, row_condition: 5}",
            "2:65 row_condition must be text, got 5 [bad-argument] | put it in quotes"),
        Case(
            "a mistake in a condition has a place of its own",
            "expect_column_values_to_be_null: {column: x, row_condition: a = = 1}",
            "2:69 row_condition: a column or a value was expected, found = [bad-expression]"),
        Case(
            "an argument is known", "expect_column_to_exist: {colum: x}",
            "2:5 expect_column_to_exist needs column [missing-argument]",
            "2:30 expect_column_to_exist has no argument \"colum\" [unknown-argument] | did you mean column?"),
        Case(
            "all of them are told at once", "expect_column_values_to_be_null: {column: x, mostly: 2, severity: bad}",
            """
            2:58 mostly must be between 0 and 1, got 2 [bad-argument] \
            | it is a share, not a percentage: 0.95 stands for ninety-five percent
            """, "2:71 severity must be one of info, warning, critical, got \"bad\" [bad-argument]"),
    ]

    @Test(arguments: cases) func areToldWithTheirPlaces(_ c: Case) {
        #expect(Self.mistakes(in: "expectations:\n  - \(c.expectation)") == c.mistakes)
    }

    static func mistakes(in suite: String) -> [String] {
        do throws(SuiteProblems) {
            _ = try Suite.parse(text: suite, file: "suite.yaml")
            return []
        } catch {
            return error.errors.map { error in
                let place = error.location.map { "\($0.line):\($0.column)" } ?? "nowhere"
                return "\(place) \(error.message) [\(error.code)]" + (error.hint.map { " | \($0)" } ?? "")
            }
        }
    }
}
