import Tables

/// The different values of a column chunk, which its pages point at.
final class LeafDictionary {
    let count: Int
    /// Of numbers, as they are stored; of byte arrays and values of fixed length, where each lies.
    let bytes: [UInt8]
    let starts: [UInt32]
    let lengths: [UInt32]

    /// Reads a dictionary page, which is always encoded PLAIN.
    init(_ page: UnsafeRawBufferPointer, _ header: DictionaryPageHeader, _ leaf: SchemaLeaf) throws(ParquetError) {
        guard header.encoding == .plain || header.encoding == .plainDictionary else {
            throw ParquetError(.unsupported, "a dictionary in encoding \(header.encoding.name) is not read")
        }
        guard header.valueCount >= 0 else { throw .corrupt("a dictionary of \(header.valueCount) values") }
        count = Int(header.valueCount)
        let smallest = leaf.type == .byteArray ? 4 : max(1, leaf.width)
        guard leaf.type != .boolean, count <= page.count / smallest else {
            throw .corrupt("a dictionary of \(count) values in \(page.count) bytes")
        }
        switch leaf.type {
        case .byteArray, .fixedLengthByteArray, .int96:
            var slices = ByteSlices()
            slices.reserve(count, byteCount: page.count)
            var values = try ValueStream(page, .plain, leaf)
            try values.readSlices(count, into: &slices)
            bytes = slices.bytes
            starts = slices.starts
            lengths = slices.lengths
        default:
            bytes = Array(page[..<(count * leaf.width)])
            starts = []
            lengths = []
        }
    }

    /// The values as texts.
    var cells: TextCells { TextCells(bytes: bytes, starts: starts, lengths: lengths) }

    /// The bytes of a value that is stored as bytes.
    func withBytes<Result>(_ index: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        bytes.withUnsafeBytes { all in
            let start = Int(starts[index])
            return body(UnsafeRawBufferPointer(rebasing: all[start..<start + Int(lengths[index])]))
        }
    }

    /// A number as it is stored.
    func number<Number: PhysicalNumber>(_ index: Int, as type: Number.Type = Number.self) -> Number {
        precondition(index < count, "an entry of the dictionary")
        return bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: index * MemoryLayout<Number>.size, as: type) }
    }
}
