import Files
public import Tables

/// What the page index tells of one data page.
public struct PageSummary: Sendable, Hashable {
    /// Within the row group, from 0.
    public let rows: Range<Int64>
    public let summary: LeafSummary
}

extension ParquetFile {
    /// What the page index tells of a leaf's pages in a row group, in order; `nil` where there is no index.
    ///
    /// Reads the index, a few bytes a page. An index that contradicts itself is an error.
    public func pageSummaries(rowGroup: Int, leaf: Int) throws(SourceError) -> [PageSummary]? {
        do throws(ParquetError) {
            let chunk = metadata.rowGroups[rowGroup].columns[leaf]
            guard
                let offsets: OffsetIndex = try index(chunk.offsetIndexOffset, chunk.offsetIndexLength),
                let bounds: ColumnIndex = try index(chunk.columnIndexOffset, chunk.columnIndexLength)
            else { return nil }
            return try pageSummaries(rowGroup, leaf, offsets, bounds)
        } catch {
            throw error.adding(column: schema.leaves[leaf].dottedPath).located(in: name)
        }
    }

    private func pageSummaries(
        _ rowGroup: Int, _ leaf: Int, _ offsets: OffsetIndex, _ bounds: ColumnIndex
    ) throws(ParquetError) -> [PageSummary] {
        let count = offsets.pages.count
        guard bounds.nullPages.count == count, bounds.minValues.count == count, bounds.maxValues.count == count,
            bounds.nullCounts.map({ $0.count == count }) ?? true, bounds.nanCounts.map({ $0.count == count }) ?? true
        else { throw .corrupt("its page index tells of different numbers of pages") }
        let total = metadata.rowGroups[rowGroup].rowCount
        let firsts = offsets.pages.map(\.firstRow) + [total]
        guard firsts.first == 0 || count == 0, zip(firsts, firsts.dropFirst()).allSatisfy({ $0 <= $1 }) else {
            throw .corrupt("the pages of its page index are not in order")
        }
        let schemaLeaf = schema.leaves[leaf]
        let reader = BoundReader(schemaLeaf, order: order(of: leaf))
        return (0..<count).map { page in
            let rows = firsts[page]..<firsts[page + 1]
            let slots = schemaLeaf.maximumRepetitionLevel == 0 ? rows.upperBound - rows.lowerBound : nil
            let isNull = bounds.nullPages[page]
            let found =
                isNull ? (nil, nil) : reader.bounds(minimum: bounds.minValues[page], maximum: bounds.maxValues[page])
            let nulls =
                bounds.nullCounts.flatMap { plausible($0[page], among: slots ?? .max) } ?? (isNull ? slots : nil)
            let nans = bounds.nanCounts.flatMap { plausible($0[page], among: slots ?? .max) }
            return PageSummary(
                rows: rows,
                summary: LeafSummary(
                    rowCount: rows.upperBound - rows.lowerBound, slotCount: slots, nullCount: nulls,
                    nanCount: reader.isFloat ? nans : 0, minimum: found.0, maximum: found.1))
        }
    }

    /// Reads an index by its place in the file.
    private func index<Index: ThriftStruct>(_ offset: Int64?, _ length: Int32?) throws(ParquetError) -> Index? {
        guard let offset, let length else { return nil }
        guard offset >= 0, length > 0, offset <= byteCount - Int64(length) else {
            throw ParquetError(.corrupt, "its page index lies outside of the file", byteOffset: offset)
        }
        let bytes = try Self.bytes(of: try input(), at: offset, Int(length))
        var result: Result<Index, ParquetError> = .failure(.corrupt("its page index is empty"))
        bytes.withUnsafeBytes { bytes in
            var reader = ThriftReader(bytes)
            do throws(ParquetError) { result = .success(try Index(from: &reader)) } catch {
                result = .failure(error.adding(column: nil, byteOffset: offset + Int64(reader.position)))
            }
        }
        return try result.get()
    }
}
