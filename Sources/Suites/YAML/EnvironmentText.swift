/// A text with `${VAR}` and `${VAR:-default}` in it, filled in from an environment.
///
/// Only `${` before a letter or an underscore begins a variable, so that regular expressions need no care; `$${VAR}`
/// stands for the text `${VAR}`. A default counts where the variable is unset or empty.
struct EnvironmentText {
    enum Problem: Equatable {
        case unset(String)
        case unclosed
        case malformed(String)
        case tooLong
    }

    private(set) var text = ""
    /// Whether anything came from the environment or a default.
    private(set) var isFilled = false
    /// What is wrong, and where: an offset in Unicode scalars.
    private(set) var problems: [(problem: Problem, offset: Int)] = []

    /// `nil` where there is nothing to fill in.
    init?(_ written: String, environment: [String: String]) {
        guard Self.hasReference(written) else { return nil }
        let scalars = Array(written.unicodeScalars)
        var output = String.UnicodeScalarView()
        var index = 0
        var size = 0
        while index < scalars.count {
            if scalars[index] == "$", Self.begins(scalars, at: index + 1) {
                output.append(contentsOf: "${".unicodeScalars)
                index += 3
            } else if Self.begins(scalars, at: index) {
                guard let close = scalars[index...].firstIndex(of: "}") else {
                    problems.append((.unclosed, index))
                    return
                }
                let value = value(of: scalars[(index + 2)..<close], environment, offset: index)
                size += value.utf8.count
                guard size <= Limits.scalarBytes else {
                    problems.append((.tooLong, index))
                    return
                }
                output.append(contentsOf: value.unicodeScalars)
                isFilled = true
                index = close + 1
            } else {
                output.append(scalars[index])
                index += 1
            }
        }
        text = String(output)
    }

    /// Whether `${` stands in a text.
    private static func hasReference(_ text: String) -> Bool {
        var last: UInt8 = 0
        return text.utf8.contains { byte in
            defer { last = byte }
            return byte == 0x7B && last == 0x24
        }
    }

    private mutating func value(
        of reference: ArraySlice<Unicode.Scalar>, _ environment: [String: String], offset: Int
    ) -> String {
        let name = String(String.UnicodeScalarView(reference.prefix(while: Self.isNamePart)))
        let rest = String(String.UnicodeScalarView(reference.dropFirst(name.unicodeScalars.count)))
        let value = environment[name]
        if rest.isEmpty {
            if value == nil { problems.append((.unset(name), offset)) }
            return value ?? ""
        }
        guard rest.hasPrefix(":-") else {
            problems.append((.malformed(name), offset))
            return ""
        }
        if let value, !value.isEmpty { return value }
        return String(rest.dropFirst(2))
    }

    private static func begins(_ scalars: [Unicode.Scalar], at index: Int) -> Bool {
        guard index + 2 < scalars.count, scalars[index] == "$", scalars[index + 1] == "{" else { return false }
        return isNamePart(scalars[index + 2]) && !("0"..."9").contains(scalars[index + 2])
    }

    private static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_": true
        default: false
        }
    }
}
