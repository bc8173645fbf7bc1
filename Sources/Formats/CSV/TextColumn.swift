public import Tables

/// Makes typed columns out of texts that come from anywhere.
public enum TextColumn {
    /// The texts as values of a type; those that are none are uncomparable and keep their text.
    public static func parse(
        _ texts: TextCells, present: Bitmap, as type: LogicalType, timeZone: ZoneRule
    ) -> Column {
        var parser = CellParser(type: type, origin: .declared, zone: timeZone)
        return parser.column(FieldCutter.Cells(texts: texts, present: present), need: [.values, .text])
    }

    /// The type that fits all texts that are there; text where nothing else does.
    public static func guess(_ texts: TextCells, present: Bitmap) -> LogicalType {
        var inference = TypeInference()
        texts.withCells { bytes, starts, lengths in
            present.forEach { row in
                let start = Int(starts[row])
                inference.take(UnsafeRawBufferPointer(rebasing: bytes[start..<start + Int(lengths[row])]))
            }
        }
        return inference.result
    }
}
