extension ExactSum {
    /// The sum as few numbers, for storing: its sign, and the limbs of its magnitude from the first that isn't zero through the last.
    ///
    /// Equal sums give equal limbs; nothing is lost.
    public var limbs: (isNegative: Bool, first: Int, limbs: [UInt32]) {
        let (value, isNegative) = magnitude
        let first = value.limbs.firstIndex { $0 != 0 } ?? 0
        return (isNegative, first, Array(value.limbs.dropFirst(first)))
    }

    /// The sum that ``limbs`` was taken of; `nil` for limbs that no sum has.
    public init?(isNegative: Bool, first: Int, limbs: [UInt32]) {
        // The last limb of a sum is for carries and its sign.
        guard first >= 0, limbs.count < Self.limbCount, first < Self.limbCount - limbs.count else { return nil }
        self.init(limbs: limbs, from: first, isNegative: isNegative)
    }
}
