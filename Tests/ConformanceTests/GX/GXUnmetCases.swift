/// Cases that we don't meet, and why.
///
/// A case that begins to pass must leave the list.
enum GXUnmetCases {
    static let reasons: [String: String] = [
        "expect_column_max_to_be_between:1:0:test_empty_column_should_be_false_no_observed_value_with_which_to_compare":
            "a column without any value or type is text here, and a numeric bound on text is a mistake of the suite",
        "expect_column_mean_to_be_between:2:1:coerced_types_true_false_values": boolean,
        "expect_column_mean_to_be_between:2:2:coerced_types_true_false_and_null": boolean,
        "expect_column_median_to_be_between:0:7:negative_test_missing_value_in_column_complete_result_format":
            "an aggregate has no counts of rows here, as in GX 1.24",
        "expect_column_min_to_be_between:0:7:raise_valueerror_with_both_max_and_min_are_missing":
            "an aggregate without bounds passes, as in GX 1.24; the definition's error was never asserted",
        "expect_column_stdev_to_be_between:0:6:positive_test__exact_min_and_max_snowflake": snowflake,
        "expect_column_stdev_to_be_between:0:9:negative_test_snowflake": snowflake,
        "expect_column_value_lengths_to_be_between:0:5:negative_test_with_max_lt_min":
            "a range that nothing lies in is a mistake of the suite, as it is for GX's values and row counts",
        "expect_column_values_to_be_in_set:0:1:empty_value_set": emptySet,
        "expect_column_values_to_be_in_set:0:3:negative_empty_values_set": emptySet,
        "expect_column_values_to_not_be_in_set:0:2:positive_empty_values_set": emptySet,
        "expect_column_values_to_not_be_in_set:0:8:positive_test_values_set_is_null": emptySet,
        "expect_column_values_to_not_match_regex:0:11:negative_test_empty_regex":
            "an expression that every text matches is a mistake of the suite",
        "expect_column_value_lengths_to_equal:0:5:positive_test_integer_length_1_postgres":
            "a number has the length of its text here, as in GX 1.24; PostgreSQL alone refuses it",
        "expect_column_values_to_be_between:0:29:test_conditional_expectation_fails":
            "a column has one type: a mixed one is text, so its 9 is the text \"9\" and no number",
        "expect_column_values_to_be_of_type:0:17:negative_test_sqlalchemy_floats_are_not_boolean":
            "TINYINT is an integer here; only MySQL has its Booleans in it",
        "expect_column_values_to_be_of_type:0:21:dtype_object_and_type_object_still_has_aggregate_semantics_object_underscore":
            backendType,
        "expect_column_values_to_be_of_type:0:22:dtype_object_and_type_object_still_has_aggregate_semantics_big_o":
            backendType,
        "expect_column_values_to_be_of_type:1:2:positive_pandas_datetime_with_timezone_pd_022_pd_023":
            "DatetimeTZDtypeType is the name of a class of pandas 0.22; no backend runs the case any more",
        "expect_column_values_to_be_of_type:1:3:negative_pandas_datetime_with_timezone":
            "there is one type of timestamps here, with and without zone: a zone is how a timestamp is written",
        "expect_compound_columns_to_be_unique:1:5:unexpected_values_exact_match_out_with_unexpected_index_list_pandas_v2_api":
            uncountable,
        "expect_compound_columns_to_be_unique:1:7:unexpected_values_exact_match_out_without_unexpected_index_list":
            uncountable,
    ]

    private static let emptySet =
        "a set without values asks nothing of any column, so it is a mistake of the suite; GX's engines disagree about it"
    private static let boolean =
        "a Boolean is no number here, nor in PostgreSQL, SQL Server, BigQuery and Spark; pandas alone averages it"
    private static let snowflake = "Snowflake rounds the standard deviation from the seventh digit on"
    private static let backendType =
        "values are judged one by one, so that no type is observed; object_ is a name of pandas alone"
    private static let uncountable =
        "unexpected combinations are counted here; the definition, unlike GX 1.24, notes that they could not be"
}
