import Tables

/// Functions that choose between values.
enum ConditionalFunctions {
    static let all: [Function] = [
        Function(
            "coalesce", aliases: ["ifnull", "nvl"], [.any("x")], isVariadic: true,
            "the first value that isn't missing; what comes after it isn't looked at"
        ) { site throws(ExpressionError) in
            let nodes = try CallSite.unified(site.arguments, "the arguments of coalesce")
            return BoundNode(
                .firstPresent(nodes), nodes[0].type, canBeMissing: nodes.allSatisfy(\.canBeMissing), text: site.text,
                offset: site.offset)
        },
        Function(
            "if", aliases: ["iff"],
            [Function.Parameter(name: "condition", kind: .boolean), .any("x"), .any("y").optional],
            "x where the condition is true, else y, or nothing"
        ) { site throws(ExpressionError) in
            let missing = BoundNode(.constant(.missing), nil, canBeMissing: true, text: "NULL", offset: site.offset)
            let results = try CallSite.unified(
                [site.arguments[1], site.arguments.count > 2 ? site.arguments[2] : missing], "the values of if")
            guard let type = results[0].type else { return missing }
            return BoundNode(
                .cases([BoundNode.Arm(when: site.arguments[0], then: results[0])], otherwise: results[1]), type,
                canBeMissing: results.contains { $0.canBeMissing }, text: site.text, offset: site.offset)
        },
        Function("nullif", [.any("x"), .any("y")], "x, or nothing where it equals y") { site throws(ExpressionError) in
            try nullIf(&site)
        },
        Function(
            "greatest", [.any("x")], isVariadic: true, "the greatest of the values that aren't missing"
        ) { site throws(ExpressionError) in try extreme(&site, .greater) },
        Function(
            "least", [.any("x")], isVariadic: true, "the least of the values that aren't missing"
        ) { site throws(ExpressionError) in try extreme(&site, .less) },
    ]

    /// Numbers are compared as they are; of others the second becomes what the first is.
    private static func nullIf(_ site: inout CallSite) throws(ExpressionError) -> BoundNode {
        let (first, second) = (site.arguments[0], site.arguments[1])
        guard let type = first.type, let other = second.type else { return first }
        if !ColumnPair.areComparable(type, other) {
            guard case .text? = second.literal, type.isTemporal else {
                throw site.error("nullif compares no \(type) with \(other)", at: 1, hint: "cast one of them")
            }
            site.arguments[1] = try Cast.node(second, to: type, isTry: false, text: second.text, at: second.offset)
        }
        return site.call(type, canBeMissing: true) { call in
            let equal = ColumnPair.answers(call.arguments[0], .equal, call.arguments[1], in: .utc, count: call.count)
            call.present = call.arguments[0].present.subtracting(equal.intersection(call.present))
            return call.arguments[0].values
        }
    }

    private static func extreme(_ site: inout CallSite, _ comparison: Comparison) throws(ExpressionError) -> BoundNode {
        site.arguments = try CallSite.unified(site.arguments, "the arguments of \(site.function.name)")
        guard let type = site.arguments[0].type else { return site.arguments[0] }
        guard ColumnPair.areComparable(type, type) else {
            throw site.error("\(site.function.name) compares no \(type) values")
        }
        return site.call(type, canBeMissing: site.arguments.allSatisfy(\.canBeMissing)) { call in
            var best = call.arguments[0]
            for next in call.arguments.dropFirst() {
                let answers = ColumnPair.answers(next, comparison, best, in: .utc, count: call.count)
                let isBetter = answers.intersection(best.present).union(best.present.inverted)
                best = Column(merging: [(next, isBetter.intersection(next.present))], over: best)
            }
            call.present = best.present
            return best.values
        }
    }
}
