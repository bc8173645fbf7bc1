import Pipeline
import Suites
import Tables

/// A pipeline's quarantine and its state, both open for reading.
struct OpenQuarantine {
    let definition: PipelineDefinition
    let table: QuarantineTable
    let state: PipelineState

    /// `nil` where the pipeline never kept anything apart; errors are shown and end the process.
    init?(_ definition: PipelineDefinition) throws {
        let opened = try Self.shown { () throws(PipelineError) -> (QuarantineTable, PipelineState)? in
            guard let state = try PipelineState(readingFrom: definition.state),
                let table = try state.quarantine(definition.quarantine)
            else { return nil }
            return (table, state)
        }
        guard let opened else { return nil }
        self.definition = definition
        (table, state) = opened
    }

    /// Hands over the records that are meant, each with what became of it, in the table's order.
    func forEach(
        _ selector: QuarantineSelector, _ detail: QuarantineTable.Detail,
        _ body: (QuarantinedRecord, Resolution?) throws -> Void
    ) throws {
        let reading = try Self.shown { () throws(PipelineError) in try table.reading(selector, detail) }
        while let found = try Self.shown({ () throws(PipelineError) in try reading.next() }) {
            let records = found.map(\.record)
            let resolutions = try Self.shown { () throws(PipelineError) in try state.resolutions(of: records) }
            for record in records { try body(record, resolutions[record.key]) }
        }
    }

    /// The value, or the end of the process with the error shown.
    static func shown<Value>(_ body: () throws(PipelineError) -> Value) throws -> Value {
        do { return try body() } catch {
            Console.complain(error.summary, hint: error.hint)
            throw (error.fault == .suiteAuthor ? ExitStatus.mistake : ExitStatus.undecided).code
        }
    }
}
