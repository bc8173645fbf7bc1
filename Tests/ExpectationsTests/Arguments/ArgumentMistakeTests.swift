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
        Case(
            "bounds of measures are in order",
            "expect_column_mean_to_be_between: {column: x, min_value: 5, max_value: 1}",
            "2:62 min_value 5 is above max_value 1 [bad-argument]"),
        Case(
            "so are texts", "expect_column_min_to_be_between: {column: x, min_value: b, max_value: a}",
            "2:61 min_value b is above max_value a [bad-argument]"),
        Case(
            "so are dates",
            "expect_column_max_to_be_between: {column: x, min_value: '2024-02-01', max_value: '2024-01-31'}",
            "2:61 min_value 2024-02-01 is above max_value 2024-01-31 [bad-argument]"),
        Case(
            "texts that may be times of two zones are not told",
            "expect_column_max_to_be_between: {column: x, min_value: '2024-01-01T09:00', max_value: '2024-01-01T08:00Z'}"
        ),
        Case(
            "durations are in an order of their own",
            "expect_column_max_to_be_between: {column: x, min_value: 90s, max_value: 15m}"),
        Case(
            "so are times before the run's clock",
            "expect_column_max_to_be_between: {column: x, min_value: {$PARAMETER: now()}, max_value: {$PARAMETER: now() - timedelta(days=1)}}",
            "2:61 min_value now is above max_value 1d before now [bad-argument]"),
        Case(
            "numbers beyond all decimals are in order",
            "expect_column_sum_to_be_between: {column: x, min_value: 1e300, max_value: 1e299}",
            "2:61 min_value 1e+300 is above max_value 1e+299 [bad-argument]"),
        Case(
            "one value is between inclusive bounds that meet",
            "expect_column_sum_to_be_between: {column: x, min_value: 1, max_value: 1.0}"),
        Case(
            "none is where one is strict",
            "expect_column_sum_to_be_between: {column: x, min_value: 1, max_value: 1.0, strict_min: true}",
            "2:61 nothing lies between min_value 1 and max_value 1.0, as strict_min leaves it out [bad-argument]"),
        Case(
            "no whole number is between neighbours",
            "expect_table_row_count_to_be_between: {min_value: 1, max_value: 2, strict_min: true, strict_max: true}",
            """
            2:55 nothing lies between min_value 1 and max_value 2, as strict_min and strict_max leave both out \
            [bad-argument]
            """),
        Case(
            "no count is below 0",
            "expect_column_unique_value_count_to_be_between: {column: x, max_value: 0, strict_max: true}",
            "2:76 nothing lies below max_value 0, which strict_max leaves out [bad-argument]"),
        Case(
            "no share is above 1",
            "expect_column_proportion_of_unique_values_to_be_between: {column: x, min_value: 1, strict_min: true}",
            "2:85 nothing lies above min_value 1, which strict_min leaves out [bad-argument]"),
        Case(
            "a bound of counts is whole, and both are told",
            "expect_column_value_lengths_to_be_between: {column: x, min_value: -1, max_value: 1.5}",
            "2:71 min_value must be a whole number, 0 or more, got -1 [bad-argument]",
            "2:86 max_value must be a whole number, 0 or more, got 1.5 [bad-argument]"),
        Case(
            "1.0 is whole", "expect_table_column_count_to_be_between: {min_value: 1.0, max_value: 2}"),
        Case(
            "a bound of shares is one",
            "expect_column_proportion_of_non_null_values_to_be_between: {column: x, min_value: 95, max_value: 100}",
            "2:87 min_value must be a number from 0 through 1, got 95 [bad-argument]",
            "2:102 max_value must be a number from 0 through 1, got 100 [bad-argument]"),
        Case(
            "a deviation is not negative", "expect_column_stdev_to_be_between: {column: x, max_value: -0.5}",
            "2:63 max_value must be a number, 0 or more, got -0.5 [bad-argument]"),
        Case(
            "a number is no time", "expect_column_mean_to_be_between: {column: x, max_value: {$PARAMETER: now()}}",
            "2:62 max_value must be a number, got a mapping [bad-argument]"),
        Case(
            "a column is compared with another",
            "expect_column_pair_values_a_to_be_greater_than_b: {column_A: x, column_B: x}",
            "2:79 column_B must be another column than column_A, got \"x\" twice [bad-argument]"),
        Case(
            "a set has values", "expect_column_values_to_be_in_set: {column: x, value_set: [null]}",
            "2:63 value_set must have a value in it [bad-argument]"),
        Case(
            "a list has names", "expect_table_columns_to_match_set: {column_set: []}",
            "2:53 column_set must have a name in it [bad-argument]"),
        Case(
            "a list has each name once", "expect_table_columns_to_match_ordered_list: {column_list: [a, b, a]}",
            "2:63 column_list names \"a\" twice [bad-argument]"),
        Case(
            "a schema has columns", "expect_table_schema_to_match: {schema: {}}",
            "2:44 schema must have a column in it [bad-argument]"),
        Case(
            "an expression is not empty", "expect_column_values_to_not_match_regex: {column: x, regex: ''}",
            "2:65 regex must not be empty: every text matches that [bad-argument]"),
        Case(
            "all of the ranges of quantiles are told",
            """
            expect_column_quantile_values_to_be_between: \
            {column: 5, quantile_ranges: {quantiles: [2, 0.5], value_ranges: [[3, 1], [1], [1, 2]], x: 1}}
            """,
            "2:59 column must be text, got 5 [bad-argument] | put it in quotes",
            "2:79 quantiles and value_ranges must be of one length, 1 or more, got 2 and 3 [bad-argument]",
            "2:92 a quantile must be a number between 0 and 1, got 2 [bad-argument]",
            "2:116 a range must be an ordered pair, got 3 above 1 [bad-argument]",
            "2:124 a range must be a list of two bounds, as in [0, 10] or [null, 10], got a list [bad-argument]",
            "2:138 quantile_ranges has no key \"x\" [unknown-argument]"),
        Case(
            "each argument is told by itself",
            "expect_column_values_to_be_between: {column: 5, min_value: true, max_value: [1], strict_min: 1, mostly: 2}",
            "2:50 column must be text, got 5 [bad-argument] | put it in quotes",
            "2:64 min_value must be a number, text, date or time, got true [bad-argument]",
            "2:81 max_value must be a number, text, date or time, got a list [bad-argument]",
            "2:98 strict_min must be true or false, got 1 [bad-argument]",
            """
            2:109 mostly must be between 0 and 1, got 2 [bad-argument] \
            | it is a share, not a percentage: 0.95 stands for ninety-five percent
            """),
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
