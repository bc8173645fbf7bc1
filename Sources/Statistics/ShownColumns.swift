import Tables

/// The columns whose values a sample keeps of unexpected rows.
public struct ShownColumns: Sendable, Equatable {
    /// By the schema's index.
    private let places: [Int]
    private let areTexts: Bool

    /// - areTexts: whether the texts of the values were judged, which tell more than the values: `+9` is 9, and isn't a digit.
    public init(_ places: [Int], areTexts: Bool = false) {
        self.places = places
        self.areTexts = areTexts
    }

    func columns(of batch: Batch) -> [Column] {
        places.map { areTexts ? batch.column($0).asTexts : batch.column($0) }
    }
}
