/// A pattern of SQL's `LIKE`, for whole texts and with regard to case.
struct LikePattern: Sendable {
    /// A byte, or one of the two wildcards.
    private let parts: [UInt16]

    private static let anyCharacter: UInt16 = 256
    private static let anyText: UInt16 = 257

    /// `nil` where the escape character stands before something other than a wildcard or itself.
    init?(_ pattern: String, escape: Unicode.Scalar?) {
        var parts: [UInt16] = []
        var isEscaped = false
        for scalar in pattern.unicodeScalars {
            let isSpecial = scalar == "%" || scalar == "_"
            if isEscaped {
                guard isSpecial || scalar == escape else { return nil }
                isEscaped = false
            } else if scalar == escape {
                isEscaped = true
                continue
            } else if isSpecial {
                let part = scalar == "%" ? Self.anyText : Self.anyCharacter
                if part != Self.anyText || parts.last != part { parts.append(part) }
                continue
            }
            parts += UTF8.encode(scalar).map { $0.map(UInt16.init) } ?? []
        }
        guard !isEscaped else { return nil }
        self.parts = parts
    }

    /// `_` stands for a Unicode scalar, and for a byte that belongs to none.
    ///
    /// Takes time in the product of the lengths at worst: only the last `%` is ever tried again.
    func matches(_ text: UnsafeRawBufferPointer) -> Bool {
        parts.withUnsafeBufferPointer { Self.matches(text, $0) }
    }

    private static func matches(_ text: UnsafeRawBufferPointer, _ parts: UnsafeBufferPointer<UInt16>) -> Bool {
        var place = 0
        var part = 0
        var retry: (part: Int, place: Int)?
        while place < text.count {
            let wanted = part < parts.count ? parts[part] : UInt16.max
            if wanted == anyText {
                part += 1
                if part == parts.count { return true }
                retry = (part, place)
            } else if wanted == UInt16(text[place]) {
                place += 1
                part += 1
            } else if wanted == anyCharacter {
                place += Bytes.scalarLength(text, place)
                part += 1
            } else if let last = retry {
                part = last.part
                place = last.place + Bytes.scalarLength(text, last.place)
                retry = (part, place)
            } else {
                return false
            }
        }
        while part < parts.count, parts[part] == anyText { part += 1 }
        return part == parts.count
    }
}
