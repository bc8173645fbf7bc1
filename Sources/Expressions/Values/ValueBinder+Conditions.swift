import Tables

/// Boolean parts: what conditions on rows are made of, asked of any values.
extension ValueBinder {
    func decision(_ kind: BoundNode.Kind, of parts: [BoundNode], _ syntax: Syntax) -> BoundNode {
        BoundNode(
            kind, .boolean, canBeMissing: parts.contains { $0.canBeMissing }, text: syntax.canonical,
            offset: syntax.offset)
    }

    private func unknown(_ syntax: Syntax) -> BoundNode {
        BoundNode(.constant(.missing), .boolean, canBeMissing: true, text: syntax.canonical, offset: syntax.offset)
    }

    mutating func condition(_ syntax: Syntax) throws(ExpressionError) -> BoundNode {
        let node = known(try bind(syntax), or: .boolean)
        guard node.type == .boolean else {
            throw .type(
                "\(node.subject) gives \(node.type ?? .string) values and is no condition", at: syntax.offset,
                hint: "compare it with something")
        }
        return node
    }

    mutating func conditions(_ parts: [Syntax]) throws(ExpressionError) -> [BoundNode] {
        var nodes: [BoundNode] = []
        for part in parts { nodes.append(try condition(part)) }
        return nodes
    }

    func compare(
        _ left: BoundNode, _ comparison: Comparison, _ right: BoundNode, _ syntax: Syntax
    ) throws(ExpressionError) -> BoundNode {
        guard let first = left.type, let second = right.type else { return unknown(syntax) }
        if let value = right.literal, !value.isMissing, left.literal == nil {
            guard case .test(let test) = CellTest.comparing(first, comparison, value, isLenient: false) else {
                throw incomparable(left, right)
            }
            return decision(.test(left, test), of: [left], syntax)
        }
        if left.literal != nil, right.literal == nil { return try compare(right, comparison.mirrored, left, syntax) }
        if ColumnPair.areComparable(first, second) {
            return decision(.pair(left, comparison, right), of: [left, right], syntax)
        }
        guard CommonType.of([left, right]).type != nil else { throw incomparable(left, right) }
        let sides = try unified([left, right], "the sides of a comparison")
        return decision(.pair(sides[0], comparison, sides[1]), of: sides, syntax)
    }

    private func incomparable(_ left: BoundNode, _ right: BoundNode) -> ExpressionError {
        func kind(_ node: BoundNode) -> String {
            node.literal?.kindAndText ?? "\(node.subject), which is \(node.type ?? .string)"
        }
        let hint: String? =
            switch (left.type, right.literal) {
            case (.string, .integer?), (.string, .decimal?): "texts stand in quotes, or write decimal(…, 12, 2)"
            default: nil
            }
        return .type("\(kind(right)) can't be compared with \(kind(left))", at: right.offset, hint: hint)
    }

    mutating func membership(
        _ subject: Syntax, _ items: [Syntax], _ syntax: Syntax
    ) throws(ExpressionError) -> BoundNode {
        let nodes = try bind(items)
        return try shared(subject, syntax) { binder, subject throws(ExpressionError) in
            guard let type = subject.type else { return binder.unknown(syntax) }
            var values: [Value] = []
            var parts: [BoundNode] = []
            for node in nodes {
                let equal = try binder.compare(subject, .equal, node, syntax)
                if let value = node.literal, !value.isMissing, subject.literal == nil {
                    values.append(value)
                } else {
                    parts.append(equal)
                }
            }
            if !values.isEmpty {
                let test = CellTest.membership(type, values)
                parts.insert(binder.decision(.test(subject, test), of: [subject], syntax), at: 0)
            }
            return parts.count == 1 ? parts[0] : binder.decision(.or(parts), of: parts, syntax)
        }
    }

    func like(
        _ subject: BoundNode, _ pattern: String, _ escape: Unicode.Scalar?, _ ignoresCase: Bool, _ syntax: Syntax
    ) throws(ExpressionError) -> BoundNode {
        var text = known(subject, or: .string)
        guard text.type == .string else {
            throw .type(
                "LIKE asks of texts, and \(text.subject) is \(text.type ?? .string)", at: text.offset,
                hint: "write string(…)")
        }
        var pattern = pattern
        var escape = escape
        if ignoresCase, let lower = FunctionCatalogue.function(named: "lower") {
            var site = CallSite(
                function: lower, arguments: [text], offset: text.offset, text: text.text, isTry: false)
            text = try lower.bind(&site)
            pattern = TextCase.lower(pattern)
            escape = escape.flatMap { TextCase.lower(String($0)).unicodeScalars.first }
        }
        guard let like = LikePattern(pattern, escape: escape) else {
            throw .syntax(
                "the escape character of LIKE stands before something other than %, _ or itself", at: syntax.offset)
        }
        return decision(.test(text, .like(like)), of: [text], syntax)
    }

    mutating func distinct(_ left: Syntax, _ right: Syntax, _ syntax: Syntax) throws(ExpressionError) -> BoundNode {
        try shared(left, syntax) { binder, first throws(ExpressionError) in
            try binder.shared(right, syntax) { binder, second throws(ExpressionError) in
                let isFirstMissing = binder.decision(.missing(binder.known(first, or: .boolean)), of: [], syntax)
                let isSecondMissing = binder.decision(.missing(binder.known(second, or: .boolean)), of: [], syntax)
                let differ = try binder.compare(first, .notEqual, second, syntax)
                let isOnlyOneMissing = BoundNode.Kind.or([
                    binder.decision(
                        .and([isFirstMissing, binder.decision(.not(isSecondMissing), of: [], syntax)]), of: [], syntax),
                    binder.decision(
                        .and([isSecondMissing, binder.decision(.not(isFirstMissing), of: [], syntax)]), of: [], syntax),
                ])
                // A comparison with a missing value is unknown, and then only presence decides.
                let isDifferent = binder.decision(.truth(differ, true), of: [], syntax)
                return binder.decision(
                    .or([binder.decision(isOnlyOneMissing, of: [], syntax), isDifferent]), of: [], syntax)
            }
        }
    }
}
