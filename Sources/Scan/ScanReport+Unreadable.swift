public import Expectations
public import Tables

extension ScanReport {
    /// What is left to say of data that could not even be opened: nothing was decided.
    public init(_ expectations: [Expectation], unreadable error: SourceError) {
        self.init(
            schema: Schema([]), files: [], tableVersion: nil, rowCount: 0, byteCount: 0,
            results: expectations.map {
                $0.errored(reason: "the data could not be read: \(error.place): \(error.message)", code: error.code)
            },
            metrics: [],
            failure: RunFailure(code: error.code, message: "\(error.place): \(error.message)", hint: error.hint),
            passes: 0)
    }
}
