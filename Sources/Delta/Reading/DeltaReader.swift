import Parquet
import Synchronization
import Tables

/// A reading of a table in progress: file by file, each shared by the workers that reach it.
final class DeltaReader: BatchReader {
    let source: DeltaSource
    let projection: Projection
    /// By ordinal, what is wanted of batches of which less is wanted.
    let narrowed: [Int: Projection]
    private let ordinals: Set<Int>?
    private let state = Mutex<[Int: Progress]>([:])

    /// How far the reading of a file has come.
    private enum Progress {
        case open(OpenedFile)
        /// All of its batches were handed out.
        case done
    }

    init(
        _ source: DeltaSource, _ projection: Projection, ordinals: Set<Int>?, narrowed: [Int: Projection] = [:]
    ) {
        self.source = source
        self.projection = projection
        self.narrowed = narrowed
        self.ordinals = ordinals
    }

    func makeWorker() -> any BatchWorker { DeltaWorker(self) }

    /// A file to read batches from; `nil` where all of them were handed out.
    func file(_ number: Int) throws(DeltaError) -> OpenedFile? {
        var result: Result<OpenedFile?, DeltaError> = .success(nil)
        // Under the lock, so that each file is opened once; it is a footer's worth of time.
        state.withLock { state in
            switch state[number] {
            case .done: return
            case .open(let file): result = .success(file)
            case nil:
                do throws(DeltaError) {
                    guard let file = try open(number) else { return state[number] = .done }
                    state[number] = .open(file)
                    result = .success(file)
                } catch { result = .failure(error) }
            }
        }
        return try result.get()
    }

    /// A file that wasn't opened, as one batch of rows whose values nobody wants; `nil` where it was handed out, or isn't wanted.
    func unread(_ number: Int) -> Batch? {
        let ordinal = source.firstOrdinals[number]
        guard let rowCount = source.files[number].unopenedRowCount, rowCount > 0, ordinals?.contains(ordinal) ?? true
        else { return nil }
        precondition(
            (narrowed[ordinal] ?? projection).needs.isEmpty, "values are read of files that were opened")
        let isFirst = state.withLock { state in
            if case .done? = state[number] { return false }
            state[number] = .done
            return true
        }
        return isFirst
            ? Batch(
                ordinal: ordinal, partition: number, rowCount: rowCount,
                columns: [Column?](repeating: nil, count: source.schema.fields.count)) : nil
    }

    func finish(_ number: Int) { state.withLock { $0[number] = .done } }

    private func open(_ number: Int) throws(DeltaError) -> OpenedFile? {
        let first = source.firstOrdinals[number]
        let own = first..<source.firstOrdinals[number + 1]
        let wanted = ordinals.map { all in Set(own.filter { all.contains($0) }.map { $0 - first }) }
        if own.isEmpty || wanted?.isEmpty == true { return nil }
        return try OpenedFile(source.files[number], number: number, self, wanted)
    }
}

/// A data file that is being read, and how its columns become the table's.
final class OpenedFile: Sendable {
    let file: TableFile
    let number: Int
    let firstOrdinal: Int
    private let parquet: ParquetSource
    private let reader: any BatchReader
    private let fields: [Field]
    private let narrowed: [Int: Projection]
    /// By the table's columns, those of the file; only for the wanted ones.
    private let places: [(column: Int, place: Int?)]

    init(
        _ file: TableFile, number: Int, _ reading: DeltaReader, _ ordinals: Set<Int>?
    ) throws(DeltaError) {
        let (source, projection) = (reading.source, reading.projection)
        self.file = file
        self.number = number
        firstOrdinal = source.firstOrdinals[number]
        let parquet = try file.opened()
        guard let first = parquet.files.first, parquet.batchCount == file.batchCount else {
            throw DeltaError(.truncated, "the file changed while it was read", place: file.path)
        }
        let all = try source.columns.places(in: first, parquet, only: Set(projection.needs.keys))
        let places = projection.needs.keys.sorted().map { ($0, all[$0]) }
        func stored(_ projection: Projection) -> Projection {
            var needs: [Int: ColumnNeed] = [:]
            for (column, need) in projection.needs {
                if let place = all[column] { needs[place, default: []].formUnion(need) }
            }
            return Projection(needs)
        }
        let narrowed = reading.narrowed
        self.narrowed = narrowed
        var narrower: [Int: Projection] = [:]
        if !narrowed.isEmpty {
            for ordinal in 0..<file.batchCount {
                if let rest = narrowed[firstOrdinal + ordinal] { narrower[ordinal] = stored(rest) }
            }
        }
        self.parquet = parquet
        self.places = places
        fields = source.schema.fields
        do throws(SourceError) {
            reader =
                ordinals == nil
                ? try parquet.open(stored(projection), narrowed: narrower)
                : try parquet.open(stored(projection), ordinals: ordinals)
        } catch { throw DeltaError(error) }
    }

    func makeWorker() -> any BatchWorker { reader.makeWorker() }

    /// A batch of the file as one of the table.
    func tableBatch(_ batch: Batch) throws(SourceError) -> Batch {
        let deleted = file.deleted?.bitmap(from: Int(parquet.firstRow(ofBatch: batch.ordinal)), count: batch.rowCount)
        let kept = deleted.flatMap { $0.isEmpty ? nil : $0.inverted.first(batch.rowCount) }
        let count = kept?.count ?? batch.rowCount
        var columns = [Column?](repeating: nil, count: fields.count)
        let rest = narrowed[firstOrdinal + batch.ordinal]
        for (index, place) in places where rest.map({ $0.needs[index] != nil }) ?? true {
            let field = fields[index]
            guard let place else {
                columns[index] = Column(field.type, repeating: file.partitionValues[index] ?? .missing, count: count)
                continue
            }
            let stored = batch.column(place)
            guard let column = ColumnConversion.convert(stored, to: field.type) else {
                throw SourceError(
                    code: DeltaError.Code.schemaMismatch.rawValue,
                    message: "the column \"\(field.name)\" is \(field.type), and the file has \(stored.type)",
                    place: file.path, partition: number)
            }
            columns[index] = kept.map { column.selecting($0) } ?? column
        }
        return Batch(
            ordinal: firstOrdinal + batch.ordinal, partition: number, rowCount: count, columns: columns,
            byteCount: batch.byteCount)
    }
}

/// One thread's share of a reading.
private final class DeltaWorker: BatchWorker {
    let widenings: [Int: LogicalType] = [:]
    private let reader: DeltaReader
    private var number = 0
    private var current: (file: OpenedFile, worker: any BatchWorker)?

    init(_ reader: DeltaReader) { self.reader = reader }

    func next() throws(SourceError) -> Batch? {
        while number < reader.source.files.count {
            if reader.source.files[number].unopenedRowCount != nil {
                let batch = reader.unread(number)
                number += 1
                if let batch { return batch }
                continue
            }
            if current == nil {
                do throws(DeltaError) {
                    current = try reader.file(number).map { ($0, $0.makeWorker()) }
                } catch {
                    var error = SourceError(error)
                    error.partition = number
                    throw error
                }
            }
            if let current {
                do throws(SourceError) {
                    if let batch = try current.worker.next() { return try current.file.tableBatch(batch) }
                } catch {
                    var error = error
                    error.partition = number
                    throw error
                }
                reader.finish(number)
            }
            current = nil
            number += 1
        }
        return nil
    }
}
