import Files
import Tables

/// A reading of files of JSON objects, shared by several workers.
final class JSONReader: BatchReader {
    let source: JSONSource
    let projection: Projection
    let chunks: ChunkReader<JSONCutter>

    init(_ source: JSONSource, _ projection: Projection, ordinals: Set<Int>?) {
        self.source = source
        self.projection = projection
        let files = source.files.map { ChunkReader<JSONCutter>.File(input: $0.input, start: $0.dataStart) }
        chunks = ChunkReader(files, ordinals: ordinals) { JSONCutter(source.files[$0], source.options) }
    }

    func makeWorker() -> any BatchWorker { JSONWorker(self) }
}
