import Formats
import Foundation
import Synchronization
import Tables

/// A reading of planned files: of one segment after another, each by the reader of its format.
///
/// Batches are numbered through. How many a segment of text has is known when it was read, so the next one begins when the last of its
/// batches was made; segments are as long as files of one format follow each other.
final class IntakeReader: BatchReader {
    let source: IntakeSource
    let projection: Projection
    private let ordinals: Set<Int>?
    private let state: Mutex<State>
    private let condition = NSCondition()

    private struct State {
        var turn = Turn(segment: 0, firstOrdinal: 0, reader: nil)
        /// Workers that are at the segment.
        var busy = 0
        /// Batches that came out of it so far.
        var count = 0
        var isExhausted = false
    }

    /// A segment that is being read.
    struct Turn: Sendable {
        let segment: Int
        let firstOrdinal: Int
        /// `nil` behind the last segment.
        let reader: (any BatchReader)?
    }

    init(_ source: IntakeSource, _ projection: Projection, ordinals: Set<Int>?) throws(SourceError) {
        self.source = source
        self.projection = projection
        self.ordinals = ordinals
        let reader = try Self.reader(source, 0, projection, source.segments.count == 1 ? ordinals : nil)
        state = Mutex(State(turn: Turn(segment: 0, firstOrdinal: 0, reader: reader)))
    }

    private static func reader(
        _ source: IntakeSource, _ number: Int, _ projection: Projection, _ ordinals: Set<Int>?
    ) throws(SourceError) -> (any BatchReader)? {
        guard number < source.segments.count else { return nil }
        let segment = source.segments[number]
        return try IntakeSource.located(segment.files.lowerBound) { () throws(SourceError) in
            try segment.source.open(segment.fitting?.projection(projection) ?? projection, ordinals: ordinals)
        }
    }

    func makeWorker() -> any BatchWorker { IntakeWorker(self) }

    func isWanted(_ ordinal: Int) -> Bool { ordinals?.contains(ordinal) ?? true }

    /// Begins to work at the segment at hand, as soon as there is one with batches left.
    func enter() -> Turn {
        condition.lock()
        defer { condition.unlock() }
        while true {
            let turn = state.withLock { state -> Turn? in
                guard !state.isExhausted || state.turn.reader == nil else { return nil }
                state.busy += 1
                return state.turn
            }
            if let turn { return turn }
            condition.wait()
        }
    }

    /// Ends the reading for all workers, since something can't be read.
    func stop() {
        condition.lock()
        defer {
            condition.broadcast()
            condition.unlock()
        }
        state.withLock { state in
            state.busy -= 1
            (state.turn, state.isExhausted) = (Turn(segment: source.segments.count, firstOrdinal: 0, reader: nil), true)
        }
    }

    /// Ends what ``enter()`` began; `hasBatch` where a batch came of it.
    ///
    /// The last worker to leave a segment without batches opens the next one.
    func leave(_ turn: Turn, hasBatch: Bool) throws(SourceError) {
        condition.lock()
        defer {
            condition.broadcast()
            condition.unlock()
        }
        let next = state.withLock { state -> (segment: Int, firstOrdinal: Int)? in
            state.busy -= 1
            guard state.turn.segment == turn.segment, turn.reader != nil else { return nil }
            if hasBatch { state.count += 1 } else { state.isExhausted = true }
            guard state.isExhausted, state.busy == 0 else { return nil }
            let count = source.segments[turn.segment].batchCount ?? state.count
            return (turn.segment + 1, turn.firstOrdinal + count)
        }
        guard let next else { return }
        var opened: Result<(any BatchReader)?, SourceError>
        do throws(SourceError) { opened = .success(try Self.reader(source, next.segment, projection, nil)) } catch {
            opened = .failure(error)
        }
        state.withLock { state in
            let reader = try? opened.get()
            state.turn = Turn(segment: next.segment, firstOrdinal: next.firstOrdinal, reader: reader ?? nil)
            (state.count, state.isExhausted) = (0, reader == nil)
        }
        _ = try opened.get()
    }
}

/// One thread's share of reading planned files.
final class IntakeWorker: BatchWorker {
    /// Of columns that may widen, and of those that nothing was known of.
    private(set) var widenings: [Int: LogicalType] = [:]
    private let reader: IntakeReader
    private var worker: (segment: Int, worker: any BatchWorker)?
    /// Where the segment is that has more parts of the batch at hand: it isn't done before all of them were made.
    private var unfinished: IntakeReader.Turn?

    init(_ reader: IntakeReader) { self.reader = reader }

    deinit { if unfinished != nil { reader.stop() } }

    func next() throws(SourceError) -> Batch? {
        while true {
            let turn = unfinished ?? reader.enter()
            unfinished = nil
            guard let batches = turn.reader else {
                try reader.leave(turn, hasBatch: false)
                return nil
            }
            if worker?.segment != turn.segment { worker = (turn.segment, batches.makeWorker()) }
            let segment = reader.source.segments[turn.segment]
            var found: Batch?
            do throws(SourceError) { found = try worker?.worker.next() } catch {
                reader.stop()
                var error = error
                error.partition = segment.files.lowerBound + (error.partition ?? 0)
                throw error
            }
            noteWidenings()
            if found?.part.isLast == false {
                unfinished = turn
            } else {
                try reader.leave(turn, hasBatch: found != nil)
            }
            guard let found, reader.isWanted(turn.firstOrdinal + found.ordinal) else { continue }
            return batch(found, segment, turn)
        }
    }

    private func noteWidenings() {
        guard let found = worker?.worker.widenings, !found.isEmpty else { return }
        let (kept, fields) = (reader.source.kept, reader.source.schema.fields)
        for (column, type) in found {
            guard kept.origins[column] != .unknown else {
                widenings[column] = widenings[column]?.widenedOrText(toInclude: type) ?? type
                continue
            }
            let known = Field(fields[column].name, widenings[column] ?? fields[column].type)
            let wider = kept.widened(toInclude: [known, Field(known.name, type)]).schema.fields[column].type
            if wider != fields[column].type { widenings[column] = wider }
        }
    }

    private func batch(_ found: Batch, _ segment: IntakeSource.Segment, _ turn: IntakeReader.Turn) -> Batch {
        let fitted = segment.fitting?.fit(found, reader.projection, zone: reader.source.options.json.timeZone)
        return Batch(
            ordinal: turn.firstOrdinal + found.ordinal, part: found.part,
            partition: segment.files.lowerBound + found.partition, rowCount: found.rowCount,
            columns: (fitted?.columns ?? found.columns).map { $0?.takingTexts },
            offsets: found.offsets,
            problems: found.problems, records: found.records, unfitting: found.unfitting,
            surplus: fitted?.surplus ?? found.surplus, byteCount: found.byteCount)
    }
}

extension Column {
    /// The column, in which any value is a text if it is one of texts: numbers, Booleans and nested values as they were written.
    fileprivate var takingTexts: Column {
        guard type == .string, uncomparable != nil else { return self }
        return Column(
            type: type, present: present, values: .text(texts), lexemes: lexemes, dictionary: dictionary,
            strays: strays)
    }
}
