/// A leaf's levels and values, read ahead, and how far they were taken.
struct SlotCursor {
    private let maximumDefinition: UInt8
    var definitions: [UInt8] = []
    /// Empty where the leaf doesn't repeat.
    var repetitions: [UInt8] = []
    /// Those that are there.
    var values: [ParquetValue] = []
    /// Rows that begin in the slots that were not taken.
    var rows = 0
    private var slot = 0
    private var value = 0
    /// Rows of which a slot was taken since what was taken was forgotten.
    private(set) var takenRows = 0

    init(_ leaf: SchemaLeaf) { maximumDefinition = UInt8(leaf.maximumDefinitionLevel) }

    /// Slots that were not taken.
    var slots: Int { definitions.count - slot }

    mutating func forgetTaken() {
        definitions.removeFirst(slot)
        if !repetitions.isEmpty { repetitions.removeFirst(slot) }
        values.removeFirst(value)
        (slot, value, takenRows) = (0, 0, 0)
    }

    /// The definition level of the next slot.
    var definition: UInt8 {
        get throws(ParquetError) {
            guard slot < definitions.count else {
                throw .corrupt("the columns of a nested field don't have the same rows")
            }
            return definitions[slot]
        }
    }

    /// The repetition level of the next slot; 0 behind the last.
    var repetition: UInt8 { slot < repetitions.count ? repetitions[slot] : 0 }

    /// Takes a slot: its value, or `nil` where there is none.
    mutating func take() throws(ParquetError) -> ParquetValue? {
        let level = try definition
        if repetition == 0 {
            takenRows += 1
            rows -= 1
        }
        slot += 1
        guard level == maximumDefinition else { return nil }
        defer { value += 1 }
        return values[value]
    }
}
