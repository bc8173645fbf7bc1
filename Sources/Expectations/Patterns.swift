import Expressions

extension Arguments {
    /// A regular expression that compiles.
    func regularExpression(_ name: String) throws(SuiteError) -> RegularExpression {
        let pattern = try text(name)
        do { return try RegularExpression(pattern) } catch {
            throw SuiteError(
                code: error.code, message: "\(name): \(error.message)", location: self[name]?.mark, hint: error.hint)
        }
    }
}
