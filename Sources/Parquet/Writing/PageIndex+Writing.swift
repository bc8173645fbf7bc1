extension ColumnIndex {
    /// The bounds of a chunk's pages; `nil` where a page has values and no bounds, or NaN, as in `ChunkNotes`.
    init?(_ pages: [PageNotes], order: ValueOrder) {
        guard pages.allSatisfy({ $0.nanCount == 0 && ($0.bounds != nil || $0.nullCount == $0.valueCount) }) else {
            return nil
        }
        let definitions = pages.flatMap(\.definitionHistogram)
        let repetitions = pages.flatMap(\.repetitionHistogram)
        self.init(
            nullPages: pages.map { $0.bounds == nil }, minValues: pages.map { $0.bounds?.least.bytes ?? [] },
            maxValues: pages.map { $0.bounds?.greatest.bytes ?? [] }, boundaryOrder: .unordered,
            nullCounts: pages.map { Int64($0.nullCount) },
            repetitionLevelHistograms: repetitions.isEmpty ? nil : repetitions,
            definitionLevelHistograms: definitions.isEmpty ? nil : definitions,
            nanCounts: order.hasNaN ? pages.map { Int64($0.nanCount) } : nil)
        boundaryOrder = direction(of: order)
    }

    /// Whether the bounds, those of pages without values left out, only rise or only fall.
    private func direction(of order: ValueOrder) -> BoundaryOrder {
        let pages = nullPages.indices.filter { !nullPages[$0] }
        func isOrdered(_ isBefore: (_ left: [UInt8], _ right: [UInt8]) -> Bool) -> Bool {
            zip(pages, pages.dropFirst()).allSatisfy { earlier, later in
                !isBefore(minValues[later], minValues[earlier]) && !isBefore(maxValues[later], maxValues[earlier])
            }
        }
        if isOrdered(order.isLess) { return .ascending }
        return isOrdered({ order.isLess($1, $0) }) ? .descending : .unordered
    }
}

extension OffsetIndex {
    /// Where a chunk's pages are; `offset` is that of the first.
    init(_ pages: [PageNotes], offset: Int64, leaf: SchemaLeaf) {
        var place = offset
        var row: Int64 = 0
        var locations: [PageLocation] = []
        for page in pages {
            locations.append(PageLocation(offset: place, compressedSize: Int32(page.byteCount), firstRow: row))
            place += Int64(page.byteCount)
            row += Int64(page.rowCount)
        }
        self.init(
            pages: locations,
            unencodedByteArrayBytes: leaf.type == .byteArray ? pages.map { Int64($0.byteArrayBytes) } : nil)
    }
}
