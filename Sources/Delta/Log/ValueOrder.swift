import Tables

extension Value {
    /// Whether the other, of the same column, is less: texts by their bytes; false for values that have no order.
    func isAbove(_ other: Value) -> Bool {
        switch (self, other) {
        case (.integer(let own), .integer(let other)): own > other
        case (.float(let own), .float(let other)): own > other
        case (.decimal(let own), .decimal(let other)): own > other
        case (.text(let own), .text(let other)): other.utf8.lexicographicallyPrecedes(own.utf8)
        case (.boolean(let own), .boolean(let other)): own && !other
        case (.date(let own), .date(let other)): own > other
        case (.timestamp(let own), .timestamp(let other)): own > other
        default: false
        }
    }
}
