import Expectations

extension ProjectReader {
    /// `gates` are suites that judge records on their way, and need no asset for it.
    mutating func validations(
        _ mapping: MappingReader, _ rules: ValidationRulesReader, gates: Set<String>
    ) -> [Project.Validation] {
        guard let node = mapping["validations"] else {
            idleSuites = suites.filter { $0.asset == nil && !gates.contains($0.name) }.map {
                Self.withoutAsset($0, at: SourceMark(file: $0.file, line: 1, column: 1))
            }
            return suites.filter { $0.asset != nil }.compactMap { ownValidation($0, rules.standard) }
        }
        guard let items = node.items else {
            problems.add("bad-value", "validations must be a list, got \(node.found)", at: node.mark)
            return []
        }
        var seen: Set<[String]> = []
        var validations: [Project.Validation] = []
        for item in items where !problems.isFull {
            guard let validation = validation(item, rules) else { continue }
            guard seen.insert([validation.suite, validation.asset]).inserted else {
                problems.add(
                    "bad-value", "\(validation.suite) against \(validation.asset) is listed twice", at: item.mark)
                continue
            }
            validations.append(validation)
        }
        return validations
    }

    private mutating func validation(_ item: YAMLNode, _ reader: ValidationRulesReader) -> Project.Validation? {
        guard
            let mapping = MappingReader(
                item, "a validation", keys: ["suite", "asset"] + ValidationRulesReader.keys, problems: &problems)
        else { return nil }
        let rules = reader.rules(mapping, &problems)
        guard let node = mapping["suite"] else {
            problems.add("missing-key", "a validation needs suite", at: item.mark)
            return nil
        }
        guard let name = node.text("suite", &problems) else { return nil }
        guard let suite = suites.first(where: { $0.name == name }) else {
            if !hasBrokenSuite { addUnknown("suite", node, name, known: suites.map(\.name)) }
            return nil
        }
        guard let target = mapping["asset"] else {
            guard let own = ownValidation(suite, rules, at: item.mark) else { return nil }
            return own
        }
        guard let asset = target.text("asset", &problems) else { return nil }
        guard assetNames.contains(asset) else {
            addUnknown("asset", target, asset, known: assetNames)
            return nil
        }
        return Project.Validation(suite: name, asset: asset, rules: rules, mark: item.mark)
    }

    /// The suite against the asset that it names.
    private mutating func ownValidation(
        _ suite: Suite, _ rules: ValidationRules, at mark: SourceMark? = nil
    ) -> Project.Validation? {
        let start = SourceMark(file: suite.file, line: 1, column: 1)
        guard let asset = suite.asset else {
            problems.add(Self.withoutAsset(suite, at: mark ?? start))
            return nil
        }
        guard assetNames.contains(asset) else {
            addUnknown("asset", suite.assetMark ?? start, shown: suite.shownAsset, asset, known: assetNames)
            return nil
        }
        return Project.Validation(suite: suite.name, asset: asset, rules: rules, mark: mark ?? suite.assetMark ?? start)
    }

    private static func withoutAsset(_ suite: Suite, at mark: SourceMark) -> SuiteError {
        SuiteError(
            code: "missing-key", message: "the suite \"\(suite.name)\" names no asset", location: mark,
            hint: "add asset: to it, or list it under validations with one")
    }
}
