public import Tables

/// What of a batch's records is in none of its columns.
public struct RescuedRows: Sendable {
    /// The `_rescued` column: in each row that wants one, a JSON object; missing where everything fitted.
    public let column: Column
    /// Names that no column has, with what their values look like: what the next batch's schema may have.
    public let newColumns: SeenColumns

    /// Keys of the object that are no column's.
    enum Key {
        /// The record as it was read, where it is no proper record.
        static let corrupt = "_corrupt_record"
        /// The same in Base64, where it is no UTF-8.
        static let corruptBytes = "_corrupt_record_base64"
        /// The beginning of a record that is too long to be held.
        static let beginning = "_corrupt_record_beginning"
        /// The same in Base64, where it is no UTF-8.
        static let beginningBytes = "_corrupt_record_beginning_base64"
        /// Fields behind the last one of the header.
        static let extra = "_extra"
        /// Values of keys that follow once more in the same object, by key.
        static let duplicates = "_duplicates"

        static let all = [corrupt, corruptBytes, beginning, beginningBytes, extra, duplicates]

        /// A name of the record's own, which never looks like one of ours: no name of a column has a backslash before an underscore.
        static func of(_ name: String) -> String { all.contains(name) ? "\\" + name : name }
    }
}
