extension JSONScan {
    /// `nil` where the text is no path.
    static func path(_ text: String) -> [Step]? {
        let scalars = Array(text.unicodeScalars)
        guard scalars.first == "$" else { return nil }
        var steps: [Step] = []
        var index = 1
        func quoted() -> [UInt8]? {
            guard let end = scalars[(index + 1)...].firstIndex(of: scalars[index]) else { return nil }
            let key = Array(String(String.UnicodeScalarView(scalars[index + 1..<end])).utf8)
            index = end + 1
            return key
        }
        while index < scalars.count {
            if scalars[index] == "." {
                index += 1
                guard index < scalars.count else { return nil }
                if scalars[index] == "\"" {
                    guard let key = quoted() else { return nil }
                    steps.append(.key(key))
                    continue
                }
                let end = scalars[index...].firstIndex { $0 == "." || $0 == "[" } ?? scalars.count
                guard end > index else { return nil }
                steps.append(.key(Array(String(String.UnicodeScalarView(scalars[index..<end])).utf8)))
                index = end
            } else if scalars[index] == "[" {
                index += 1
                guard index < scalars.count else { return nil }
                if scalars[index] == "\"" || scalars[index] == "'" {
                    guard let key = quoted() else { return nil }
                    steps.append(.key(key))
                } else {
                    let end = scalars[index...].firstIndex(of: "]") ?? index
                    guard end > index, end - index <= 9, scalars[index..<end].allSatisfy({ ("0"..."9").contains($0) }),
                        let item = Int(String(String.UnicodeScalarView(scalars[index..<end])))
                    else { return nil }
                    steps.append(.item(item))
                    index = end
                }
                guard index < scalars.count, scalars[index] == "]" else { return nil }
                index += 1
            } else {
                return nil
            }
        }
        return steps
    }
}
