extension ExpectationKind {
    /// What is wrong with the arguments of which no plan could be made: the mistake that was met, and what each argument by itself is wrong
    /// about besides.
    func mistakes(in arguments: Arguments, beside first: SuiteError) -> [SuiteError] {
        let others = parameters.filter { !Parameter.shared.contains($0.name) }.flatMap { $0.mistakes(in: arguments) }
        return others.contains(first) ? others : [first] + others
    }
}

extension Parameter {
    /// Names of what all kinds take, or all that look at rows.
    fileprivate static let shared = Set((common + rowCommon + [onFail, resultFormat]).map(\.name))

    /// What is wrong with the argument, other arguments left aside.
    fileprivate func mistakes(in arguments: Arguments) -> [SuiteError] {
        if shape == .quantileRanges { return arguments.mistakesInQuantileRanges() }
        guard arguments[name] != nil || isRequired && !arguments.names(name) else { return [] }
        do throws(SuiteError) {
            try check(arguments)
            return []
        } catch { return [error] }
    }

    private func check(_ arguments: Arguments) throws(SuiteError) {
        switch shape {
        case .column, .text: _ = try arguments.text(name)
        case .columns: _ = try arguments.texts(name)
        case .bound, .number, .magnitude, .count, .proportion: _ = try arguments.bound(name, shape)
        case .share: _ = try arguments.mostly()
        case .flag: _ = try arguments.flag(name)
        case .values: _ = try arguments.values(name)
        case .pattern: _ = try arguments.regularExpression(name)
        case .typeName: _ = try arguments.typeName(name)
        case .typeNames: _ = try arguments.required(name).asTypeNames(name)
        case .schema: _ = try arguments.schema(name)
        case .duration: _ = try arguments.duration(name)
        case .reaction: _ = try arguments.choice(name, Reaction.fail)
        case .quantileRanges, .choice: break
        }
    }
}
