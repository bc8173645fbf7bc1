import Tables

/// The document of `--format json`: ``RunJSON`` of all runs.
public struct JSONRenderer: RunRenderer {
    public init() {}

    public func write(_ report: RunReport, to sink: @escaping ([UInt8]) -> Void) {
        JSONStream.write(isIndented: true, to: sink) { stream in
            RunJSON.write(report.sections.map(\.run), values: report.values, to: &stream)
        }
        sink([UInt8(ascii: "\n")])
    }
}
