/// When failures of a validation become an alert, when it is over, and who is told.
public struct AlertPolicy: Sendable, Hashable {
    /// Of the latest `window` runs so many must have failed for an alert to fire; 1 of 1 by default.
    public let failures: Int
    public let window: Int
    /// Successes in a row after which it is over; 1 by default.
    public let successes: Int
    /// Names of routes that are there; all of the project's where the validation names none.
    public let routes: [String]

    public init(failures: Int = 1, window: Int = 1, successes: Int = 1, routes: [String]) {
        self.failures = failures
        self.window = window
        self.successes = successes
        self.routes = routes
    }
}
