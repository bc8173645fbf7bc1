/// Every kind there is.
///
/// This list is the only registry: a kind that is not in it doesn't exist.
public enum Catalogue {
    public static let kinds: [ExpectationKind] = [
        .columnValuesToNotBeNull,
        .columnValuesToBeNull,
        .columnProportionOfNonNullValuesToBeBetween,
        .columnValuesToBeBetween,
        .columnValuesToBeInSet,
        .columnValuesToNotBeInSet,
        .columnValueLengthsToBeBetween,
        .columnValueLengthsToEqual,
        .columnValuesToMatchRegex,
        .columnValuesToNotMatchRegex,
        .columnMinToBeBetween,
        .columnMaxToBeBetween,
        .columnMeanToBeBetween,
        .columnSumToBeBetween,
        .columnStdevToBeBetween,
        .columnMedianToBeBetween,
        .columnQuantileValuesToBeBetween,
        .columnPairValuesAToBeGreaterThanB,
        .columnValuesToBeUnique,
        .compoundColumnsToBeUnique,
        .columnUniqueValueCountToBeBetween,
        .columnProportionOfUniqueValuesToBeBetween,
        .columnToExist,
        .columnValuesToBeOfType,
        .columnValuesToBeInTypeList,
        .columnTypeToBe,
        .tableColumnsToMatchSet,
        .tableColumnsToMatchOrderedList,
        .tableColumnCountToBeBetween,
        .tableColumnCountToEqual,
        .tableSchemaToMatch,
        .tableSchemaToBeUnchanged,
        .tableRowCountToBeBetween,
        .tableRowCountToEqual,
        .tableAddedRowCountToBeBetween,
        .tableRowsToBeWellFormed,
        .tableToBeFresh,
    ]

    /// The kind of that name.
    public static func kind(named name: String) -> ExpectationKind? { kindsByName[name] }

    private static let kindsByName = Dictionary(uniqueKeysWithValues: kinds.map { ($0.name, $0) })
}
