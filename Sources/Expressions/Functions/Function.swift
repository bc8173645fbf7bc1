import Tables

/// A function or an operator of the language.
struct Function: Sendable {
    let name: String
    /// Other names that it goes by elsewhere.
    let aliases: [String]
    let parameters: [Parameter]
    /// Whether the last parameter may be given any number of times.
    let isVariadic: Bool
    /// What it gives, on one line.
    let summary: String
    let bind: @Sendable (inout CallSite) throws(ExpressionError) -> BoundNode

    struct Parameter: Sendable {
        /// What values are taken, and what others are made into them.
        enum Kind: Sendable {
            case text
            /// Any scalar, as its text.
            case anyText
            case integer
            case number
            case float
            case boolean
            case date
            case timestamp
            /// A date or a timestamp.
            case calendar
            case any
        }

        let name: String
        let kind: Kind
        var isOptional = false

        static func text(_ name: String) -> Parameter { Parameter(name: name, kind: .text) }
        static func integer(_ name: String) -> Parameter { Parameter(name: name, kind: .integer) }
        static func number(_ name: String) -> Parameter { Parameter(name: name, kind: .number) }
        static func float(_ name: String) -> Parameter { Parameter(name: name, kind: .float) }
        static func timestamp(_ name: String) -> Parameter { Parameter(name: name, kind: .timestamp) }
        static func calendar(_ name: String) -> Parameter { Parameter(name: name, kind: .calendar) }
        static func any(_ name: String) -> Parameter { Parameter(name: name, kind: .any) }
        static func anyText(_ name: String) -> Parameter { Parameter(name: name, kind: .anyText) }
        var optional: Parameter { Parameter(name: name, kind: kind, isOptional: true) }
    }

    init(
        _ name: String, aliases: [String] = [], _ parameters: [Parameter], isVariadic: Bool = false, _ summary: String,
        bind: @escaping @Sendable (inout CallSite) throws(ExpressionError) -> BoundNode
    ) {
        self.name = name
        self.aliases = aliases
        self.parameters = parameters
        self.isVariadic = isVariadic
        self.summary = summary
        self.bind = bind
    }

    /// A function that gives a value of one type where all arguments are there.
    init(
        _ name: String, aliases: [String] = [], _ parameters: [Parameter], _ type: LogicalType, _ summary: String,
        _ kernel: @escaping Kernel
    ) {
        self.init(name, aliases: aliases, parameters, summary) { site throws(ExpressionError) in
            site.call(type, kernel)
        }
    }

    /// As in `substring(text, start [, length])`.
    var signature: String {
        if ["||", "+", "-", "*", "/", "%"].contains(name), parameters.count == 2 {
            return "\(parameters[0].name) \(name) \(parameters[1].name)"
        }
        var text = ""
        for (index, parameter) in parameters.enumerated() {
            if parameter.isOptional {
                text += index == 0 ? "[\(parameter.name)]" : " [, \(parameter.name)]"
            } else {
                text += index == 0 ? parameter.name : ", \(parameter.name)"
            }
        }
        return "\(name)(\(text)\(isVariadic ? ", …" : ""))"
    }

    var requiredCount: Int { parameters.count { !$0.isOptional } }
}

/// A call that is being bound: the function, and its arguments with their types.
struct CallSite {
    let function: Function
    var arguments: [BoundNode]
    let offset: Int?
    let text: String
    let isTry: Bool

    func type(_ index: Int) -> LogicalType { arguments[index].type ?? .string }

    /// A node that runs the kernel over the arguments.
    ///
    /// - canBeMissing: `nil` where the result is missing only for a missing argument or a failure.
    func call(_ type: LogicalType, canBeMissing: Bool? = nil, _ kernel: @escaping Kernel) -> BoundNode {
        BoundNode(
            .call(arguments, BoundNode.Site(subjects: arguments.map(\.text) + [text], isTry: isTry), kernel), type,
            canBeMissing: canBeMissing ?? (isTry || arguments.contains { $0.canBeMissing }), text: text, offset: offset)
    }

    func error(_ message: String, at argument: Int? = nil, hint: String? = nil) -> ExpressionError {
        .type(message, at: argument.flatMap { arguments[$0].offset } ?? offset, hint: hint)
    }

    // MARK: Arguments that must be written out

    /// `nil` where the argument isn't given.
    func literalText(_ index: Int) throws(ExpressionError) -> String? {
        guard index < arguments.count else { return nil }
        guard case .text(let text)? = arguments[index].literal else {
            throw error("\(function.parameters[index].name) must be written out as a text", at: index)
        }
        return text
    }

    func literalInteger(_ index: Int, in range: ClosedRange<Int>) throws(ExpressionError) -> Int? {
        guard index < arguments.count else { return nil }
        guard case .integer(let number)? = arguments[index].literal, let value = Int(exactly: number),
            range.contains(value)
        else {
            throw error(
                "\(function.parameters[index].name) must be a whole number from \(range.lowerBound) to "
                    + "\(range.upperBound), written out", at: index)
        }
        return value
    }
}
