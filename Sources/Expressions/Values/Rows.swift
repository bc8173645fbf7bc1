import Tables

/// Loops over the rows of a batch that the compiler makes one each of.
enum Rows {
    /// A value for every row; those of missing rows are made of fillers and mean nothing.
    @inline(__always)
    static func map<Source, Result>(_ source: [Source], _ body: (Source) -> Result) -> [Result] {
        source.withUnsafeBufferPointer { source in
            [Result](unsafeUninitializedCapacity: source.count) { results, initialized in
                for row in 0..<source.count { results.initializeElement(at: row, to: body(source[row])) }
                initialized = source.count
            }
        }
    }

    @inline(__always)
    static func map<First, Second, Result>(
        _ first: [First], _ second: [Second], _ body: (First, Second) -> Result
    ) -> [Result] {
        precondition(first.count == second.count, "the columns of a batch are as long as each other")
        return first.withUnsafeBufferPointer { first in
            second.withUnsafeBufferPointer { second in
                [Result](unsafeUninitializedCapacity: first.count) { results, initialized in
                    for row in 0..<first.count { results.initializeElement(at: row, to: body(first[row], second[row])) }
                    initialized = first.count
                }
            }
        }
    }

    /// A value for each of the `rows`, fillers elsewhere, and the rows for which there is none.
    @inline(__always)
    static func attempt<Result>(
        _ rows: Bitmap, filler: Result, _ body: (Int) -> Result?
    ) -> (values: [Result], failed: Bitmap) {
        var failed = Bitmap(repeating: false, count: 0)
        let count = rows.count
        let values = [Result](unsafeUninitializedCapacity: count) { results, initialized in
            failed = Bitmap(count: count) { words in
                for word in words.indices {
                    let first = word &* 64
                    let wanted = rows.words[word]
                    var bad: UInt64 = 0
                    for place in 0..<min(64, count &- first) {
                        var value = filler
                        if wanted &>> UInt64(place) & 1 == 1 {
                            if let made = body(first &+ place) { value = made } else { bad |= 1 &<< UInt64(place) }
                        }
                        results.initializeElement(at: first &+ place, to: value)
                    }
                    words[word] = bad
                }
            }
            initialized = count
        }
        return (values, failed)
    }

    /// The same, of two columns.
    @inline(__always)
    static func attempt<First, Second, Result>(
        _ rows: Bitmap, _ first: [First], _ second: [Second], filler: Result, _ body: (First, Second) -> Result?
    ) -> (values: [Result], failed: Bitmap) {
        precondition(min(first.count, second.count) >= rows.count, "a column stores a value a row")
        return first.withUnsafeBufferPointer { first in
            second.withUnsafeBufferPointer { second in
                attempt(rows, filler: filler) { body(first[$0], second[$0]) }
            }
        }
    }

    /// The same, of one.
    @inline(__always)
    static func attempt<Source, Result>(
        _ rows: Bitmap, _ source: [Source], filler: Result, _ body: (Source) -> Result?
    ) -> (values: [Result], failed: Bitmap) {
        precondition(source.count >= rows.count, "a column stores a value a row")
        return source.withUnsafeBufferPointer { source in attempt(rows, filler: filler) { body(source[$0]) } }
    }

    /// The same, of texts.
    @inline(__always)
    static func attempt<Result>(
        _ rows: Bitmap, _ source: TextCells, filler: Result, _ body: (UnsafeRawBufferPointer) -> Result?
    ) -> (values: [Result], failed: Bitmap) {
        precondition(source.count >= rows.count, "a column stores a text a row")
        return source.withCells { bytes, starts, lengths in
            let texts = TextView(bytes: bytes, starts: starts, lengths: lengths)
            return attempt(rows, filler: filler) { body(texts[$0]) }
        }
    }
}

extension TextCells {
    /// The texts while their buffers are held.
    @inline(__always)
    func withView<Result>(_ body: (TextView) throws -> Result) rethrows -> Result {
        try withCells { bytes, starts, lengths in
            try body(TextView(bytes: bytes, starts: starts, lengths: lengths))
        }
    }
}
