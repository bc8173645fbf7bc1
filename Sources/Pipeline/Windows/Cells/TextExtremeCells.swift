import Tables

/// The least or the greatest of texts, by their bytes: the text's own and some 40 bytes a cell.
struct TextExtremeCells: AggregateCells {
    private var texts: [[UInt8]?] = []
    private let isMaximum: Bool

    init(isMaximum: Bool) { self.isMaximum = isMaximum }

    mutating func grow(by count: Int) { texts += [[UInt8]?](repeating: nil, count: count) }
    mutating func clear(_ cell: Int) { texts[cell] = nil }

    @inline(__always)
    private mutating func take(_ text: UnsafeRawBufferPointer, _ cell: Int) {
        let isBetter =
            texts[cell].map { own in
                let order = own.withUnsafeBytes { TextOrder.compare(text, $0) }
                return isMaximum ? order > 0 : order < 0
            } ?? true
        if isBetter { texts[cell] = Array(text) }
    }

    mutating func add(_ column: Column, _ places: CellPlaces) {
        guard case .text(let cells) = column.values else { preconditionFailure("only texts are compared here") }
        cells.withCells { bytes, starts, lengths in
            for (row, cell) in zip(places.rows, places.cells) {
                let start = Int(starts[row])
                take(UnsafeRawBufferPointer(rebasing: bytes[start..<start + Int(lengths[row])]), cell)
            }
        }
    }

    mutating func merge(_ pairs: [CellPair], of other: any AggregateCells) {
        guard let other = other as? Self else { preconditionFailure("cells of one aggregate are of one kind") }
        for pair in pairs { other.texts[pair.other]?.withUnsafeBytes { take($0, pair.cell) } }
    }

    func size(of cell: Int) -> Int { (texts[cell]?.count ?? 0) + 10 }

    func write(_ cell: Int, to writer: inout ByteWriter) {
        writer.append(UInt8(texts[cell] == nil ? 0 : 1))
        texts[cell]?.withUnsafeBytes { writer.appendText($0) }
    }

    mutating func merge(_ cell: Int, from reader: inout ByteReader) -> Bool {
        guard let flag: UInt8 = reader.integer(), flag < 2 else { return false }
        guard flag == 1 else { return true }
        guard let text = reader.text() else { return false }
        take(text, cell)
        return true
    }

    func value(of cell: Int) -> Value? { texts[cell].map { .text(String(decoding: $0, as: UTF8.self)) } ?? .missing }
}
