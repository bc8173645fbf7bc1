public import Tables

/// The shape of a value without the value: `anna.k@example.com` becomes `xxxx.x@xxxxxxx.xxx`.
///
/// Letters become `x` or `X`, digits `9`, ASCII punctuation and spaces stay, control characters and other symbols become
/// `·`. Enough to see that a date has the wrong order or a code a blank too many; not enough to know whose it is.
public enum Masking {
    /// The longest text that is shown, in Unicode scalars; what is cut off is an `…`.
    public static let limit = 40

    public static func mask(_ text: String) -> String {
        var masked = String.UnicodeScalarView()
        var count = 0
        for scalar in text.unicodeScalars {
            guard let shape = shape(of: scalar) else { continue }
            if count == limit {
                masked.append("…")
                break
            }
            masked.append(shape)
            count += 1
        }
        return String(masked)
    }

    /// The shape of a value's text; a missing value stays missing.
    ///
    /// Booleans are all alike, since their length would tell.
    public static func mask(_ value: Value) -> Value {
        switch value {
        case .missing: .missing
        case .boolean: .text("xxxx")
        default: .text(mask(value.description))
        }
    }

    /// The document with the text of every leaf masked; names of members and `null` stay.
    public static func mask(_ json: JSON) -> JSON {
        switch json {
        case .null: .null
        case .boolean: .string("xxxx")
        case .number(let digits): .string(mask(digits))
        case .string(let text): .string(mask(text))
        case .array(let items): .array(items.map { mask($0) })
        case .object(let members): .object(members.map { JSON.Member($0.name, mask($0.value)) })
        }
    }

    /// What stands for a scalar; `nil` for marks, which belong to the letter before.
    private static func shape(of scalar: Unicode.Scalar) -> Unicode.Scalar? {
        switch scalar {
        case "a"..."z": return "x"
        case "A"..."Z": return "X"
        case "0"..."9": return "9"
        case " "..."~": return scalar
        default: break
        }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .titlecaseLetter, .lowercaseLetter, .otherLetter, .modifierLetter: return "x"
        case .decimalNumber, .letterNumber, .otherNumber: return "9"
        case .nonspacingMark, .spacingMark, .enclosingMark: return nil
        case .spaceSeparator: return " "
        default: return "·"
        }
    }
}
