import Expectations
import Suites
import Testing

@Suite struct GreatExpectationsTests {
    @Test func readsASuiteAsItIsStored() throws {
        let suite = try Suite.parse(
            text: """
                {
                  "name": "taxi", "id": "0d4f", "notes": null, "data_asset_type": null, "ge_cloud_id": null,
                  "evaluation_parameters": {}, "suite_parameters": {},
                  "meta": {"great_expectations_version": "1.2.0", "notes": ["a", {"b": 1}]},
                  "expectations": [
                    {"type": "expect_column_values_to_be_between", "id": "77", "severity": "warning",
                     "notes": ["one", "two"], "description": null, "rendered_content": [{}],
                     "expectation_context": {"description": null}, "success_on_last_run": true, "windows": null,
                     "kwargs": {"column": "passenger_count", "min_value": 1, "max_value": 6, "batch_id": "b",
                                "result_format": "BASIC", "catch_exceptions": true, "parse_strings_as_datetimes": null},
                     "meta": {"profiler_details": {"x": [1]}}},
                    {"expectation_type": "expect_table_row_count_to_be_between", "kwargs": {}, "meta": {}},
                    {"expectation_type": "expect_column_to_exist", "kwargs": {"column": "fare"}},
                    {"expectation_type": "expect_column_to_exist", "kwargs": {"column": "fare"}, "id": "again"}
                  ]
                }
                """, file: "taxi.json")
        #expect(suite.name == "taxi")
        #expect(
            suite.expectations.map { "\($0.kind.name) \($0.severity) \($0.id ?? "–")" } == [
                "expect_column_values_to_be_between warning 77",
                "expect_table_row_count_to_be_between critical –",
                "expect_column_to_exist critical again",
            ])
    }

    @Test func isStrictAboutArgumentsAllTheSame() {
        let text = """
            {"expectation_suite_name": "a", "data_asset_tpye": null, "expectations": [
              {"expectation_type": "expect_column_to_exist", "kwargs": {"column": "a", "colum_index": 1}},
              {"expectation_type": "expect_column_pair_values_to_be_equal", "kwargs": {"column_A": "a", "column_B": "b"}},
              {"expectation_type": 7},
              {"kwargs": {"column": "a"}}
            ]}
            """
        #expect(
            Fixtures.problems(text, file: "a.json") == [
                "1:33 a suite has no key \"data_asset_tpye\" [unknown-key]",
                "hint: known are suite, name, expectation_suite_name, asset, description, columns, schema, freshness, "
                    + "row_count, unique, expectations, severity, result_format, meta",
                "2:76 expect_column_to_exist has no argument \"colum_index\" [unknown-argument]",
                "hint: did you mean column_index?",
                "3:24 expect_column_pair_values_to_be_equal is not supported by this version [not-supported]",
                "hint: Great Expectations has it, Assay has not",
                "4:24 expectation_type must be text, got 7 [bad-value]",
                "hint: put it in quotes",
                "5:3 an expectation needs type [missing-key]",
            ])
    }
}
