import Files
import Parquet

/// A data file of a partition that is being written.
final class UnfinishedFile {
    let writer: ParquetWriter
    let output: OutputFile
    let path: String
    /// In the order in which files are begun, from 0.
    let number: Int
    var lastUse = 0
    /// Bytes of the row group in the making.
    var heldByteCount = 0
    /// Whether the output has a descriptor.
    var isAwake = true

    init(writer: ParquetWriter, output: OutputFile, path: String, number: Int) {
        self.writer = writer
        self.output = output
        self.path = path
        self.number = number
    }

    /// Written and held.
    private var byteCount: Int64 { output.byteCount + Int64(heldByteCount) }

    /// Files of equal size in the order in which they were begun, whatever order a dictionary has.
    func isSmaller(than other: UnfinishedFile) -> Bool {
        byteCount != other.byteCount ? byteCount < other.byteCount : number > other.number
    }

    func holdsLess(than other: UnfinishedFile) -> Bool {
        heldByteCount != other.heldByteCount ? heldByteCount < other.heldByteCount : number > other.number
    }
}
