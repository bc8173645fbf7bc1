import Files
import Tables

/// A reading of delimited files, shared by several workers.
final class CSVReader: BatchReader {
    let source: CSVSource
    let projection: Projection
    let chunks: ChunkReader<CSVCutter>

    init(_ source: CSVSource, _ projection: Projection, ordinals: Set<Int>?) {
        self.source = source
        self.projection = projection
        let files = source.files.map { file in
            file.dialect.map { ChunkReader<CSVCutter>.File(input: file.input, start: $0.dataStart) }
        }
        chunks = ChunkReader(files, ordinals: ordinals) { number in
            guard let dialect = source.files[number].dialect else {
                preconditionFailure("files without a dialect have no rows")
            }
            return CSVCutter(dialect, source.options, name: source.files[number].input.name)
        }
    }

    func makeWorker() -> any BatchWorker { CSVWorker(self) }
}
