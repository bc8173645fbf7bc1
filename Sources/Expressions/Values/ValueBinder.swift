import Tables

/// Finds an expression's columns in a schema, decides what types its parts have and puts casts where they must meet.
struct ValueBinder {
    let schema: Schema
    /// Where timestamps without zone are meant that are read out of texts.
    let zone: ZoneRule
    private(set) var projection = Projection()
    private(set) var slotCount = 0

    init(schema: Schema, zone: ZoneRule = .utc) { (self.schema, self.zone) = (schema, zone) }

    mutating func bind(_ syntax: Syntax) throws(ExpressionError) -> BoundNode {
        switch syntax.kind {
        case .literal(let value):
            return BoundNode(
                .constant(value), value.ownType, canBeMissing: value.isMissing, text: syntax.canonical,
                offset: syntax.offset)
        case .column(let name, let isDoubleQuoted): return try column(name, isDoubleQuoted, syntax)
        case .call(let function, let parts, let isTry): return try call(function, parts, isTry, syntax)
        case .cast(let inner, let type, let isTry):
            let node = try bind(inner)
            return try Cast.node(
                node, to: type, isTry: isTry, text: syntax.canonical, at: syntax.offset ?? node.offset, zone: zone)
        case .attempt(let inner):
            let node = try bind(inner)
            return BoundNode(
                .silenced(node), node.type, canBeMissing: true, text: syntax.canonical, offset: syntax.offset)
        case .cases(let subject, let arms, let otherwise): return try cases(subject, arms, otherwise, syntax)
        case .comparison(let left, let comparison, let right):
            return try compare(try bind(left), comparison, try bind(right), syntax)
        case .between(let subject, let low, let high):
            return try shared(subject, syntax) { binder, subject throws(ExpressionError) in
                let above = try binder.compare(subject, .greaterOrEqual, try binder.bind(low), syntax)
                let below = try binder.compare(subject, .lessOrEqual, try binder.bind(high), syntax)
                return binder.decision(.and([above, below]), of: [above, below], syntax)
            }
        case .membership(let subject, let items): return try membership(subject, items, syntax)
        case .like(let subject, let pattern, let escape, let ignoresCase):
            return try like(try bind(subject), pattern, escape, ignoresCase, syntax)
        case .distinct(let left, let right): return try distinct(left, right, syntax)
        case .missing(let inner): return try missing(inner, syntax)
        case .truth(let inner, let wanted):
            return decision(.truth(try condition(inner), wanted), of: [], syntax)
        case .not(let inner):
            let node = try condition(inner)
            return decision(.not(node), of: [node], syntax)
        case .and(let parts):
            let nodes = try conditions(Syntax.joiningInequalities(parts))
            return decision(.and(nodes), of: nodes, syntax)
        case .or(let parts):
            let nodes = try conditions(Syntax.joiningEqualities(parts))
            return decision(.or(nodes), of: nodes, syntax)
        }
    }

    mutating func bind(_ parts: [Syntax]) throws(ExpressionError) -> [BoundNode] {
        var nodes: [BoundNode] = []
        for part in parts { nodes.append(try bind(part)) }
        return nodes
    }

    // MARK: Columns

    private mutating func column(
        _ name: String, _ isDoubleQuoted: Bool, _ syntax: Syntax
    ) throws(ExpressionError) -> BoundNode {
        let index = try index(of: name, isDoubleQuoted, at: syntax.offset, needing: .values)
        let field = schema.fields[index]
        return BoundNode(
            .column(index), field.type, canBeMissing: field.isNullable, text: name, offset: syntax.offset)
    }

    private mutating func index(
        of name: String, _ isDoubleQuoted: Bool, at offset: Int?, needing need: ColumnNeed
    ) throws(ExpressionError) -> Int {
        var binder = Binder(schema: schema, isLenient: false)
        let reference = ColumnReference(name, offset: offset, isDoubleQuoted: isDoubleQuoted)
        let index = try binder.index(of: reference, needing: need)
        projection.add(need, of: index)
        return index
    }

    private mutating func missing(_ inner: Syntax, _ syntax: Syntax) throws(ExpressionError) -> BoundNode {
        if case .column(let name, let isDoubleQuoted) = inner.kind {
            let index = try index(of: name, isDoubleQuoted, at: inner.offset, needing: .presence)
            return decision(.columnMissing(index), of: [], syntax)
        }
        let node = try bind(inner)
        return decision(.missing(known(node, or: .boolean)), of: [], syntax)
    }

    // MARK: Calls

    private mutating func call(
        _ function: Function, _ parts: [Syntax], _ isTry: Bool, _ syntax: Syntax
    ) throws(ExpressionError) -> BoundNode {
        let most = function.isVariadic ? Int.max : function.parameters.count
        guard (function.requiredCount...most).contains(parts.count) else {
            let wanted =
                function.isVariadic
                ? "at least \(function.requiredCount)"
                : function.requiredCount == most ? "\(most)" : "\(function.requiredCount) to \(most)"
            throw .type(
                "\(function.name) takes \(wanted) argument\(wanted == "1" || wanted == "at least 1" ? "" : "s"), "
                    + "found \(parts.count)", at: syntax.offset, hint: "as in \(function.signature)")
        }
        var site = CallSite(
            function: function, arguments: try bind(parts), offset: syntax.offset, text: syntax.canonical, isTry: isTry)
        for index in parts.indices {
            let parameter = function.parameters[min(index, function.parameters.count - 1)]
            site.arguments[index] = try argument(site.arguments[index], parameter, of: function)
        }
        return try function.bind(&site)
    }

    private func argument(
        _ node: BoundNode, _ parameter: Function.Parameter, of function: Function
    ) throws(ExpressionError) -> BoundNode {
        func wrong(_ wanted: String, hint: String? = nil) -> ExpressionError {
            .type(
                "\(function.name) takes \(wanted) for \(parameter.name), and \(node.subject) is "
                    + (node.type.map { "\($0)" } ?? "NULL"), at: node.offset, hint: hint)
        }
        switch parameter.kind {
        case .any: return node
        case .text:
            guard (node.type ?? .string) == .string else { throw wrong("a text", hint: "write string(…)") }
            return known(node, or: .string)
        case .anyText: return try cast(known(node, or: .string), to: .string)
        case .number:
            guard (node.type ?? .int64).isNumeric else { throw wrong("a number", hint: node.numberHint) }
            return known(node, or: .int64)
        case .float:
            guard (node.type ?? .float64).isNumeric else { throw wrong("a number", hint: node.numberHint) }
            return try cast(known(node, or: .float64), to: .float64)
        case .integer:
            switch node.type ?? .int64 {
            case .int64, .uint64, .decimal(_, 0): return try cast(known(node, or: .int64), to: .int64)
            default: throw wrong("a whole number", hint: node.type == .string ? node.numberHint : "write int64(…)")
            }
        case .boolean:
            guard (node.type ?? .boolean) == .boolean else { throw wrong("a condition") }
            return known(node, or: .boolean)
        case .date, .timestamp, .calendar:
            let type: LogicalType = parameter.kind == .date ? .date : .timestamp
            guard let own = node.type else { return known(node, or: type) }
            if parameter.kind == .calendar, own == .date { return node }
            if own == .date || own == .timestamp { return try cast(node, to: type) }
            if case .text? = node.literal { return try cast(node, to: type) }
            throw wrong("a \(parameter.kind == .date ? "date" : "timestamp")", hint: "write timestamp(…) or date(…)")
        }
    }

    /// The node with a type, where it is a `NULL` without one.
    func known(_ node: BoundNode, or type: LogicalType) -> BoundNode {
        guard node.type == nil else { return node }
        return BoundNode(node.kind, type, canBeMissing: node.canBeMissing, text: node.text, offset: node.offset)
    }

    // MARK: Casts

    func cast(
        _ node: BoundNode, to type: LogicalType, isTry: Bool = false, text: String? = nil, at offset: Int? = nil
    ) throws(ExpressionError) -> BoundNode {
        try Cast.node(node, to: type, isTry: isTry, text: text ?? node.text, at: offset ?? node.offset)
    }

    /// All of one type, casts put in where they aren't.
    func unified(_ nodes: [BoundNode], _ what: String) throws(ExpressionError) -> [BoundNode] {
        try CallSite.unified(nodes, what)
    }

    // MARK: Cases

    private mutating func cases(
        _ subject: Syntax?, _ arms: [Syntax.Arm], _ otherwise: Syntax?, _ syntax: Syntax
    ) throws(ExpressionError) -> BoundNode {
        guard let subject else {
            return try cases(arms, otherwise, syntax) { binder, when throws(ExpressionError) in
                try binder.condition(when)
            }
        }
        return try shared(subject, syntax) { binder, subject throws(ExpressionError) in
            try binder.cases(arms, otherwise, syntax) { binder, when throws(ExpressionError) in
                try binder.compare(subject, .equal, try binder.bind(when), when)
            }
        }
    }

    private mutating func cases(
        _ arms: [Syntax.Arm], _ otherwise: Syntax?, _ syntax: Syntax,
        _ decide: (inout ValueBinder, Syntax) throws(ExpressionError) -> BoundNode
    ) throws(ExpressionError) -> BoundNode {
        var whens: [BoundNode] = []
        var results: [BoundNode] = []
        for arm in arms {
            whens.append(try decide(&self, arm.when))
            results.append(try bind(arm.then))
        }
        let missing = Syntax(.literal(.missing), at: syntax.offset)
        results.append(try bind(otherwise ?? missing))
        results = try unified(results, "the values of CASE")
        let type = results[0].type
        let bound = zip(whens, results).map { BoundNode.Arm(when: $0, then: $1) }
        guard let type else {
            // All are NULL.
            return BoundNode(
                .constant(.missing), nil, canBeMissing: true, text: syntax.canonical, offset: syntax.offset)
        }
        return BoundNode(
            .cases(bound, otherwise: results[results.count - 1]), type,
            canBeMissing: results.contains { $0.canBeMissing }, text: syntax.canonical, offset: syntax.offset)
    }

    // MARK: Parts that are used more than once

    mutating func shared(
        _ value: Syntax, _ syntax: Syntax,
        _ body: (inout ValueBinder, BoundNode) throws(ExpressionError) -> BoundNode
    ) throws(ExpressionError) -> BoundNode {
        let node = try bind(value)
        if case .column = node.kind { return try body(&self, node) }
        if case .constant = node.kind { return try body(&self, node) }
        let slot = slotCount
        slotCount += 1
        let reference = BoundNode(
            .slot(slot), node.type, canBeMissing: node.canBeMissing, text: node.text, offset: node.offset)
        let inner = try body(&self, reference)
        return BoundNode(
            .shared(node, slot: slot, in: inner), inner.type, canBeMissing: inner.canBeMissing,
            text: syntax.canonical, offset: syntax.offset)
    }
}

extension BoundNode {
    /// As in `"amount"`, for messages.
    var subject: String { text.excerpt }

    fileprivate var numberHint: String? { type == .string ? "write decimal(…, 12, 2), int64(…) or float64(…)" : nil }
}

extension CallSite {
    /// All of one type, casts put in where they aren't; untouched where all are `NULL`.
    static func unified(_ nodes: [BoundNode], _ what: String) throws(ExpressionError) -> [BoundNode] {
        let common = CommonType.of(nodes)
        guard common.isKnown else { return nodes }
        guard let type = common.type else {
            let types = nodes.compactMap(\.type)
            let other = nodes.first { $0.type != nil && $0.type != types[0] }
            throw .type(
                "\(what) are of different types: \(types[0]) and \(other?.type.map { "\($0)" } ?? "NULL")",
                at: other?.offset, hint: "cast one of them")
        }
        var unified: [BoundNode] = []
        for node in nodes {
            unified.append(
                node.type == nil
                    ? BoundNode(node.kind, type, canBeMissing: true, text: node.text, offset: node.offset)
                    : try Cast.node(node, to: type, isTry: false, text: node.text, at: node.offset))
        }
        return unified
    }
}
