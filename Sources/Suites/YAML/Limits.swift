/// How much a file may ask of us; far above what a person writes, far below what hurts.
enum Limits {
    static let fileBytes = 16 << 20
    static let scalarBytes = 1 << 20
    /// A key, and so the name of a column or an argument.
    static let keyBytes = 1024
    static let depth = 100
    static let nodes = 1_000_000
    /// Nodes that aliases stand for, counted once for each alias: `a: &a [x, x]`, `b: [*a, *a]` is four.
    static let aliasedNodes = 100_000
    /// Bytes that variables of the environment put into one file.
    static let filledBytes = 16 << 20
    /// Problems that are reported of one file.
    static let problems = 1_000
    /// Scalars of a message; what is longer is cut.
    static let messageScalars = 400
}
