import Tables

/// Operators: between numbers, between times, between texts.
enum OperatorFunctions {
    static let all: [Function] = [
        Function("+", [.any("x"), .any("y")], "the sum; a date and days, or a time and an interval") {
            site throws(ExpressionError) in
            try bind(.plus, &site)
        },
        Function("-", [.any("x"), .any("y")], "the difference; of dates in days, of timestamps an interval") {
            site throws(ExpressionError) in
            try bind(.minus, &site)
        },
        Function("*", [.any("x"), .any("y")], "the product; of an interval and a whole number too") {
            site throws(ExpressionError) in
            try bind(.times, &site)
        },
        Function("/", [.number("x"), .number("y")], "the quotient: exact of decimals, else a float64") {
            site throws(ExpressionError) in
            try bind(.over, &site)
        },
        Function("%", aliases: ["mod"], [.number("x"), .number("y")], "what a division leaves, with the sign of x") {
            site throws(ExpressionError) in
            try bind(.modulo, &site)
        },
        Function("div", [.integer("x"), .integer("y")], "the quotient of whole numbers, cut off") {
            site throws(ExpressionError) in
            site.call(.int64, Arithmetic.wholeQuotient)
        },
        Function("negate", [.any("x")], "−x, as the sign before it does") { site throws(ExpressionError) in
            try negate(&site)
        },
        Function("plus", [.number("x")], "x, as the sign before it does") { site throws(ExpressionError) in
            site.arguments[0]
        },
        Function("||", [.anyText("x"), .anyText("y")], .string, "both texts, one behind the other") { call in
            let (first, second) = (call.cells(0), call.cells(1))
            return first.withView { first in
                second.withView { second in
                    call.texts(capacity: 32 * call.count) { row, builder in
                        builder.append(first[row])
                        builder.append(second[row])
                    }
                }
            }
        },
    ]

    enum Operation {
        case plus, minus, times, over, modulo
    }

    private static func bind(_ operation: Operation, _ site: inout CallSite) throws(ExpressionError) -> BoundNode {
        let types = (site.arguments[0].type, site.arguments[1].type)
        guard let first = types.0 ?? types.1, let second = types.1 ?? types.0 else {
            return BoundNode(.constant(.missing), nil, canBeMissing: true, text: site.text, offset: site.offset)
        }
        for index in site.arguments.indices where site.arguments[index].type == nil {
            site.arguments[index] = BoundNode(
                .constant(.missing), index == 0 ? first : second, canBeMissing: true, text: "NULL", offset: nil)
        }
        if first.isNumeric, second.isNumeric { return try Arithmetic.bind(operation, &site) }
        if let node = try TimeArithmetic.bind(operation, first, second, &site) { return node }
        let hint: String? =
            switch (first, second) {
            case (.string, .string) where operation == .plus: "texts are joined with ||"
            case (.string, _), (_, .string): "write decimal(…, 12, 2) or int64(…)"
            default: nil
            }
        throw site.error("\(site.function.name) takes no \(first) and \(second)", hint: hint)
    }

    private static func negate(_ site: inout CallSite) throws(ExpressionError) -> BoundNode {
        let type = site.arguments[0].type ?? .int64
        guard type.isNumeric || type == .duration else {
            throw site.error("- takes a number, and \(site.arguments[0].subject) is \(type)", at: 0)
        }
        let zero: Value = type == .duration ? .duration(microseconds: 0) : type == .float64 ? .float(-0.0) : .integer(0)
        let node = BoundNode(.constant(zero), zero.ownType, canBeMissing: false, text: "0", offset: site.offset)
        site.arguments.insert(node, at: 0)
        // The sign of a decimal needs no digit more.
        if case .decimal = type { return site.call(type, Arithmetic.negatedDecimals) }
        return try bind(.minus, &site)
    }
}
