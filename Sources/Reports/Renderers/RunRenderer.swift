/// Writes runs down in one format: a page, a document for programs, a comment.
///
/// What may be shown of values is the report's to say; a renderer shows no more.
public protocol RunRenderer: Sendable {
    /// Whether it tells what a ledger knows around a run.
    var tellsHistory: Bool { get }

    /// Writes one document about all runs of a report; `sink` is given its bytes in pieces.
    func write(_ report: RunReport, to sink: @escaping ([UInt8]) -> Void) throws(ReportError)
}

extension RunRenderer {
    public var tellsHistory: Bool { false }
}

/// The page for a browser.
public struct PageRenderer: RunRenderer {
    public init() {}

    public var tellsHistory: Bool { true }

    public func write(_ report: RunReport, to sink: @escaping ([UInt8]) -> Void) throws(ReportError) {
        sink(Array(try report.html().utf8))
    }
}
